import { expect } from "chai";
import type { EngineStack } from "../engines/engineStack";
import { editState } from "./engines";
import { type FaultRun, fault, refused, succeeded } from "./fault";
import { changed, type Plan, programOf, SHOP } from "./plan";

/** Two ledgers and a balance in each. */
const FEW: Plan = changed(SHOP, {
    ledgers: (it, n) => (n < 2 ? it : undefined),
    balances: (it, n) => (n < 2 ? it : undefined),
    tags: () => undefined,
});
const MOVED = ["Ledger ledger-0", "Balance balance-0"];
const STAYS = changed(FEW, {
    ledgers: (it, n) => (n === 0 ? undefined : it),
    balances: (it, n) => (n === 0 ? undefined : it),
});
const GOES = changed(FEW, {
    ledgers: (it, n) => (n === 0 ? it : undefined),
    balances: (it, n) => (n === 0 ? it : undefined),
});
const THERE: Plan = { ledgers: [{ name: "there", title: "There" }], balances: [], tags: [] };

describe("resources that another stack, owner or name takes over by their ids", () => {
    fault("pulumi state move of a ledger and a balance with money", async (run) => {
        const source = await run.openMade(FEW);
        const destination = await run.open(THERE, { name: "other", beside: source });
        succeeded(await destination.up());
        await payInto(run, source);
        const ids = MOVED.map((label) => source.state().get(label)?.id);
        const urns = MOVED.map((label) => source.urnOf(label));
        const stacks = ["--source", source.name, "--dest", destination.name];
        await source.command("state", "move", ...stacks, ...urns, "--yes");
        run.sandbox.clearRequests();
        const both: Plan = {
            ...THERE,
            ledgers: [...THERE.ledgers, ...GOES.ledgers],
            balances: GOES.balances,
        };
        destination.program(programOf(both));
        await expectTakenOver(run, destination, ids);
        source.program(programOf(STAYS));
        await run.upUntilClean(source, { refresh: true });
        run.expectExactly({ stack: destination, plan: both }, { stack: source, plan: STAYS });
        return { outcome: "marks rewritten in place, nothing made" };
    });

    fault("the Instance cut out of the state, and a new blnk:owner", async (run) => {
        const stack = await run.openMade(FEW);
        await payInto(run, stack);
        const ids = MOVED.map((label) => stack.state().get(label)?.id);
        const instance = stack.urnOf("Instance blnk");
        editState(stack, (resources) =>
            resources
                .filter(({ urn }) => urn !== instance)
                .map((it) => ({
                    ...it,
                    dependencies: (it.dependencies ?? []).filter((urn) => urn !== instance),
                    propertyDependencies: Object.fromEntries(
                        Object.entries(it.propertyDependencies ?? {}).map(([key, urns]) => [
                            key,
                            (urns ?? []).filter((urn) => urn !== instance),
                        ]),
                    ),
                })),
        );
        await stack.configure("blnk:owner", "second");
        run.sandbox.clearRequests();
        await expectTakenOver(run, stack, ids);
        run.expectExactly({ stack, plan: FEW });
        return { outcome: "marks rewritten in place, in the preview too; nothing made" };
    });

    fault("a copy of a state in a renamed stack, then the original again", async (run) => {
        const original = await run.openMade(FEW);
        await payInto(run, original);
        const ids = MOVED.map((label) => original.state().get(label)?.id);
        const copy = await run.open(FEW);
        copy.import(original.exported());
        await copy.rename("copy");
        run.sandbox.clearRequests();
        await expectTakenOver(run, copy, ids);
        run.expectExactly({ stack: copy, plan: FEW });
        const renamed = changed(FEW, { ledgers: (it) => ({ ...it, title: `${it.title} of the original` }) });
        original.program(programOf(renamed));
        refused(await original.up(), "shop/copy/");
        succeeded(await copy.up({ refresh: true }));
        run.expectExactly({ stack: copy, plan: FEW });
        return { outcome: "marks rewritten in place, nothing made; the original is refused" };
    });
});

async function payInto(run: FaultRun, stack: EngineStack): Promise<void> {
    await run.app.pay(stack.state().get("Balance balance-0")?.id ?? "", "USD");
}

/** Brings a stack up that finds things by the ids in its state: it makes, replaces and removes nothing. */
async function expectTakenOver(run: FaultRun, stack: EngineStack, ids: readonly (string | undefined)[]): Promise<void> {
    const preview = succeeded(await stack.preview());
    expect(preview.text).to.match(/takes over from shop\/dev\//);
    for (const outcome of [preview, succeeded(await stack.up())]) {
        expect(outcome.text).not.to.match(/blnk:(Ledger|Balance) \S+ (create|replace|delete)/);
    }
    expect(run.sandbox.writes().filter(({ path }) => /\/(ledgers|balances)$/.test(path))).to.deep.equal([]);
    expect(MOVED.map((label) => stack.state().get(label)?.id)).to.deep.equal(ids);
    const { text } = succeeded(await stack.up({ refresh: true }));
    expect(text).not.to.match(/(created|updated|replaced|deleted)\n/);
}
