import { expect } from "chai";
import type { EngineStack, Outcome } from "../engines/engineStack";
import { type FaultRun, fault, refused, succeeded, type Verdict } from "./fault";
import { changed, SHOP } from "./plan";

const BARE = changed(SHOP, { tags: () => undefined });

describe("marks that an application has copied", () => {
    fault("a mark copied onto an older balance in another currency, then the state deleted", async (run) => {
        const stranger = await run.app.make("balances", await run.app.make("ledgers", "Theirs"), "XAF");
        const stack = await run.openMade(BARE);
        run.app.copyMark(idOf(stack, "Balance balance-0"), stranger);
        return expectOwnTaken(run, stack, stranger);
    });

    fault("a mark copied onto a balance in another ledger, which is used, then the state deleted", async (run) => {
        const stack = await run.openMade(BARE);
        const stranger = await copyOf(run, stack, idOf(stack, "Ledger ledger-1"));
        await run.app.pay(stranger, "USD");
        return expectOwnTaken(run, stack, stranger);
    });

    fault("a mark copied onto a balance in every way alike, which is used, then the state deleted", async (run) => {
        const stack = await run.openMade(BARE);
        const own = idOf(stack, "Balance balance-0");
        const alike = await copyOf(run, stack, idOf(stack, "Ledger ledger-0"));
        await run.app.pay(alike, "USD");
        const before = idsIn(stack);
        refused(await takeBack(run, stack), own, alike);
        // Once the copy is gone, nothing is in doubt.
        run.sandbox.editMetadata(alike, { pulumi: undefined });
        succeeded(await stack.up());
        expect(idsIn(stack)).to.deep.equal(before);
        run.expectExactly({ stack, plan: BARE });
        return { outcome: "stopped with both ids; nothing made" };
    });
});

/** A new balance of the application that carries the mark of our first one. */
async function copyOf(run: FaultRun, stack: EngineStack, ledger: string): Promise<string> {
    const id = await run.app.make("balances", ledger);
    run.app.copyMark(idOf(stack, "Balance balance-0"), id);
    return id;
}

/** The stack takes back what is its own, and names the other thing that carries its mark. */
async function expectOwnTaken(run: FaultRun, stack: EngineStack, stranger: string): Promise<Verdict> {
    const { text } = succeeded(await takeBack(run, stack));
    expect(text).to.include(stranger);
    return { outcome: "our own is taken back; the other is named" };
}

/** Loses the state, names the owner, and brings the stack up: nothing may be made, and all ids must be the old ones. */
async function takeBack(run: FaultRun, stack: EngineStack): Promise<Outcome> {
    const [before, owner] = [idsIn(stack), idOf(stack, "Instance blnk")];
    stack.loseState();
    await stack.configure("blnk:owner", owner);
    run.sandbox.clearRequests();
    const outcome = await stack.up();
    expect(run.sandbox.writes().filter(({ path }) => /\/(ledgers|balances)$/.test(path))).to.deep.equal([]);
    if (outcome.ok) {
        expect(idsIn(stack)).to.deep.equal(before);
        run.expectExactly({ stack, plan: BARE });
    }
    return outcome;
}

function idOf(stack: EngineStack, label: string): string {
    const id = stack.state().get(label)?.id;
    if (id === undefined) throw new Error(`the state has no ${label}`);
    return id;
}

function idsIn(stack: EngineStack): string[] {
    return [...stack.state()].map(([label, { id }]) => `${label}: ${id}`).sort();
}
