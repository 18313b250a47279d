import { expect } from "chai";
import type { EngineStack } from "../engines/engineStack";
import { isApplications } from "./application";
import { type FaultRun, fault, succeeded } from "./fault";
import { changed, type Plan, programOf, SHOP } from "./plan";

const BARE = changed(SHOP, { tags: () => undefined });
const RETAGGED = changed(SHOP, { tags: (it) => ({ ...it, value: `${it.value}, changed` }) });
/** Tags on three things, two of them on one. */
const TAGGED: Plan = {
    ...BARE,
    tags: [
        { name: "one", target: "ledger-0", key: "one", value: 1 },
        { name: "two", target: "ledger-0", key: "two", value: 2 },
        { name: "three", target: "ledger-1", key: "three", value: 3 },
        { name: "four", target: "balance-1", key: "four", value: 4 },
    ],
};

describe("a server that shows how things were", () => {
    const kinds: [name: string, kind: RegExp][] = [
        ["ledgers", /^ldg_/],
        ["balances", /^bln_/],
        ["ledgers and balances", /^(ldg|bln)_/],
    ];
    for (const [name, kind] of kinds) {
        fault(`refreshed against an older dump without our ${name}; then the rows are back`, async (run) => {
            const stack = await run.openMade(SHOP);
            const before = labelsIn(stack);
            const ids = [...stack.state()].flatMap(([label, { id }]) =>
                id !== undefined && /^(Ledger|Balance) /.test(label) && kind.test(id) ? [id] : [],
            );
            for (const id of ids) run.sandbox.hide(id);
            const { ok } = await stack.refresh();
            run.tell(`${ids.length} rows hidden; the refresh ${ok ? "went on" : "stopped"}`);
            expect(labelsIn(stack)).to.deep.equal(before);
            for (const id of ids) run.sandbox.show(id);
            stack.program(programOf(RETAGGED));
            await run.upUntilClean(stack);
            run.expectExactly({ stack, plan: RETAGGED });
            return { outcome: "nothing dropped, tags neither; later changed" };
        });
    }

    fault("metadata shown three seconds late, while tags are made and changed", async (run) => {
        const stack = await run.openMade(BARE);
        run.sandbox.metadataLag(3_000);
        await upLate(run, stack, TAGGED);
        await upLate(run, stack, changed(TAGGED, { tags: (it) => ({ ...it, value: `${it.value}, changed` }) }));
        return { outcome: "made and changed, with few writes; nobody is accused" };
    });
});

/** Brings up a plan in at most two runs, with few writes to each thing. */
async function upLate(run: FaultRun, stack: EngineStack, plan: Plan): Promise<void> {
    stack.program(programOf(plan));
    run.sandbox.clearRequests();
    const first = await stack.up();
    run.tell(first.ok ? "went on" : "stopped once");
    expect(first.text).not.to.match(/somebody else|another writer/i);
    if (!first.ok) succeeded(await stack.up());
    const writes = run.sandbox.writes().filter((it) => !isApplications(it) && !it.path.includes("/ldg_00000000-"));
    run.tell(`${writes.length} writes`);
    // Late reads show the application's keys as if they had just come, and then a write is repeated: one more for each of three.
    expect(writes).to.have.length.at.most(10);
    run.expectExactly({ stack, plan });
}

function labelsIn(stack: EngineStack): string[] {
    return [...stack.state()].map(([label, { id }]) => `${label}: ${id}`).sort();
}
