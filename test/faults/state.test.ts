import { expect } from "chai";
import type { EngineStack } from "../engines/engineStack";
import { type FaultRun, fault, refused, succeeded } from "./fault";
import { changed, programOf, SHOP } from "./plan";

describe("states lost, doubled and moved", () => {
    fault("the state deleted", async (run) => {
        const stack = await run.openMade(SHOP);
        const owner = ownerOf(stack);
        stack.loseState();
        await takeBack(run, stack, owner);
        return { outcome: "refused naming the owner; with blnk:owner all taken back without a POST" };
    });

    fault("destroy, then up", async (run) => {
        const stack = await run.openMade(SHOP);
        const owner = ownerOf(stack);
        succeeded(await stack.destroy());
        expect(stack.state().size).to.equal(0);
        await takeBack(run, stack, owner);
        return { outcome: "refused naming the owner; with blnk:owner all taken back without a POST" };
    });

    fault("two stacks of one name in different backends", async (run) => {
        const first = await run.openMade(SHOP);
        const second = await run.open(SHOP);
        run.sandbox.clearRequests();
        refused(await second.up(), `already holds 44 things marked shop/dev by owner ${ownerOf(first)}`);
        expectNothingMade(run);
        run.expectExactly({ stack: first, plan: SHOP });
        await second.configure("blnk:owner", "second");
        succeeded(await second.up());
        run.expectExactly({ stack: first, plan: SHOP }, { stack: second, plan: SHOP });
        // Each goes on with its own, a thing more, and neither with the other's.
        const more = changed(SHOP, { ledgers: (it) => ({ ...it, title: `${it.title} of the first` }) });
        first.program(programOf(more));
        await run.upUntilClean(first, { refresh: true });
        await run.upUntilClean(second, { refresh: true });
        run.expectExactly({ stack: first, plan: more }, { stack: second, plan: SHOP });
        return { outcome: "the second refuses; with an owner of its own each has its own things" };
    });

    fault("stack rename", async (run) => {
        const stack = await run.openMade(SHOP);
        await stack.rename("prod");
        succeeded(await stack.up());
        expectNothingMade(run);
        run.expectExactly({ stack, plan: SHOP });
        // Under the new name everything is found again, whatever the state remembers.
        const owner = ownerOf(stack);
        stack.loseState();
        await takeBack(run, stack, owner);
        return { outcome: "marks rewritten, nothing made" };
    });
});

/** A stack without state refuses, and takes everything back once its owner is named. */
async function takeBack(run: FaultRun, stack: EngineStack, owner: string): Promise<void> {
    run.sandbox.clearRequests();
    refused(await stack.up(), `by owner ${owner}`, `pulumi config set blnk:owner ${owner}`);
    await stack.configure("blnk:owner", owner);
    succeeded(await stack.up());
    expectNothingMade(run);
    run.expectExactly({ stack, plan: SHOP });
}

function ownerOf(stack: EngineStack): string {
    const owner = stack.state().get("Instance blnk")?.id;
    if (owner === undefined) throw new Error("the state has no Instance");
    return owner;
}

function expectNothingMade({ sandbox }: FaultRun): void {
    expect(sandbox.writes().filter(({ path }) => /\/(ledgers|balances)$/.test(path))).to.deep.equal([]);
}
