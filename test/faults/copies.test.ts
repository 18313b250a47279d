import { expect } from "chai";
import { type FaultRun, fault, refused, succeeded } from "./fault";
import type { FaultStack } from "./faultStack";
import { changed, SHOP } from "./plan";

const BARE = changed(SHOP, { tags: () => undefined });

describe("marks that an application has copied", () => {
    const strangers: [name: string, copy: (run: FaultRun, stack: FaultStack) => Promise<string>][] = [
        ["a balance in another currency", (run, stack) => copyOf(run, stack, idOf(stack, "Ledger ledger-0"), "XAF")],
        ["a balance in another ledger", (run, stack) => copyOf(run, stack, idOf(stack, "Ledger ledger-1"), "USD")],
    ];
    for (const [name, copy] of strangers) {
        fault(`a mark copied onto ${name}, then the state deleted`, async (run) => {
            const stack = await run.openMade(BARE);
            const stranger = await copy(run, stack);
            const { text } = succeeded(await takeBack(run, stack));
            expect(text).to.include(stranger);
            return { outcome: "our own is taken back; the other is named" };
        });
    }

    fault("a mark copied onto a balance in every way alike, which is used, then the state deleted", async (run) => {
        const stack = await run.openMade(BARE);
        const own = idOf(stack, "Balance balance-0");
        const alike = await copyOf(run, stack, idOf(stack, "Ledger ledger-0"), "USD");
        await run.app.pay(alike, "USD");
        const before = idsIn(stack);
        const outcome = refused(await takeBack(run, stack), own, alike);
        expect(outcome.text).not.to.match(/\bcreated\n/);
        // Once the copy is gone, nothing is in doubt.
        run.sandbox.editMetadata(alike, { pulumi: undefined });
        succeeded(await stack.up());
        expect(idsIn(stack)).to.deep.equal(before);
        run.expectExactly({ stack, plan: BARE });
        return { outcome: "stopped with both ids; nothing made" };
    });
});

/** A new balance of the application that carries the mark of our first one. */
async function copyOf(run: FaultRun, stack: FaultStack, ledger: string, currency: string): Promise<string> {
    const id = await run.app.make("balances", ledger, currency);
    run.app.copyMark(idOf(stack, "Balance balance-0"), id);
    return id;
}

/** Loses the state, names the owner, and brings the stack up: nothing may be made, and all ids must be the old ones. */
async function takeBack(run: FaultRun, stack: FaultStack): Promise<{ ok: boolean; text: string }> {
    const [before, owner] = [idsIn(stack), idOf(stack, "Instance blnk")];
    await stack.loseState();
    await stack.configure("blnk:owner", owner);
    run.sandbox.clearRequests();
    const outcome = await stack.up();
    const posts = run.sandbox.writes().filter(({ path, query }) => /s$/.test(path) && !("application" in query));
    expect(posts.filter(({ path }) => /\/(ledgers|balances)$/.test(path))).to.deep.equal([]);
    if (outcome.ok) {
        expect(idsIn(stack)).to.deep.equal(before);
        run.expectExactly({ stack, plan: BARE });
    }
    return outcome;
}

function idOf(stack: FaultStack, label: string): string {
    const id = stack.remembered().get(label)?.id;
    if (id === undefined) throw new Error(`the state has no ${label}`);
    return id;
}

function idsIn(stack: FaultStack): string[] {
    return [...stack.remembered()].map(([label, { id }]) => `${label}: ${id}`).sort();
}
