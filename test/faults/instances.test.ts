import { expect } from "chai";
import type { EngineStack } from "../engines/engineStack";
import { type FaultRun, fault, refused, succeeded } from "./fault";
import { SHOP } from "./plan";

const OTHER = "inst_other";
const REFUSAL = `this stack's resources live in inst_sandbox, but the configuration names ${OTHER}; nothing was changed`;

describe("another instance", () => {
    fault("another instance in the configuration: preview, up, up --target, refresh, destroy", async (run) => {
        const stack = await run.openMade(SHOP);
        const target = [stack.urnOf("Balance balance-1")];
        run.sandbox.addInstance(OTHER);
        const before = idsIn(stack);
        await stack.configure("blnk:instanceId", OTHER);
        // The engine hands a refresh the configuration of the last up: it stays where the things are.
        succeeded(await stack.refresh());
        refused(await stack.preview(), REFUSAL);
        refused(await stack.up(), REFUSAL);
        refused(await stack.up({ target }), REFUSAL);
        // After an up, even a refused one, it is the new configuration.
        refused(await stack.refresh(), REFUSAL);
        refused(await stack.destroy(), REFUSAL);
        await expectUntouched(run, stack, before);
        run.expectExactly({ stack, plan: SHOP });
        // From the environment it reaches them too.
        await stack.configure("blnk:instanceId", undefined);
        stack.setEnvironment("BLNK_INSTANCE_ID", "inst_sandbox");
        succeeded(await stack.up());
        stack.setEnvironment("BLNK_INSTANCE_ID", OTHER);
        refused(await stack.preview(), REFUSAL);
        refused(await stack.up(), REFUSAL);
        refused(await stack.up({ target }), REFUSAL);
        refused(await stack.refresh(), REFUSAL);
        refused(await stack.destroy(), REFUSAL);
        await expectUntouched(run, stack, before);
        run.expectExactly({ stack, plan: SHOP });
        return { outcome: "refused, nothing changed, nothing dropped" };
    });

    fault("another instance in the configuration: destroy before any up", async (run) => {
        const stack = await run.openMade(SHOP);
        run.sandbox.addInstance(OTHER);
        await stack.configure("blnk:instanceId", OTHER);
        // The engine hands a destroy the configuration of the last up, and no program says what has changed since.
        succeeded(await stack.destroy());
        const named = run.sandbox.requests().map(({ query }) => query.instance_id);
        expect([...new Set(named)]).to.deep.equal(["inst_sandbox"]);
        return { outcome: "done where the things live; the other instance is not asked" };
    });

    fault("a database that moved, and movedFrom", async (run) => {
        const stack = await run.openMade(SHOP);
        // The same content, reached as a Core of one's own instead of through Blnk Cloud.
        await stack.configure("blnk:instanceId", undefined);
        await stack.configure("blnk:cloudUrl", undefined);
        stack.setEnvironment("BLNK_ACCESS_TOKEN", undefined);
        await stack.configure("blnk:coreUrl", run.sandbox.coreUrl);
        stack.setEnvironment("BLNK_CORE_KEY", run.sandbox.coreKey);
        refused(
            await stack.up(),
            /live in inst_sandbox, but the configuration names core_[0-9a-f]+; nothing was changed/,
        );
        await stack.configure("blnk:movedFrom", "inst_sandbox");
        const { text } = succeeded(await stack.up());
        expect(text).not.to.match(/created|replaced|deleted/);
        await stack.configure("blnk:movedFrom", undefined);
        await run.upUntilClean(stack, { refresh: true });
        run.expectExactly({ stack, plan: SHOP });
        const written = run.sandbox.writes().filter(({ path }) => !path.includes("0000-000000000000"));
        expect(written).to.deep.equal([]);
        return { outcome: "refused; with movedFrom bound anew, nothing replaced or written" };
    });
});

/** What the state remembers, each with its id. */
function idsIn(stack: EngineStack): string[] {
    return [...stack.state()].map(([label, { id }]) => `${label}: ${id}`).sort();
}

async function expectUntouched(run: FaultRun, stack: EngineStack, before: readonly string[]): Promise<void> {
    expect(idsIn(stack)).to.deep.equal(before);
    expect(run.sandbox.ledgers(OTHER)).to.have.length(1);
    expect(run.sandbox.balances(OTHER)).to.deep.equal([]);
    const written = run.sandbox.writes().filter(({ path }) => !path.includes("0000-000000000000"));
    expect(written).to.deep.equal([]);
}
