import { expect } from "chai";
import type { Trouble } from "../../sandbox/sandbox";
import type { EngineStack } from "../engines/engineStack";
import { type FaultRun, fault, succeeded } from "./fault";
import { afterKill, endWhile } from "./kill";
import { SHOP } from "./plan";

const QUESTIONS = { face: "cloud", path: "/filter$" } as const;
const MISSED = { missed: "it was over before it could be killed" };

interface Marked {
    readonly meta_data: Readonly<Record<string, unknown>> | null;
}

function markOf({ meta_data }: Marked): unknown {
    return meta_data?.pulumi;
}

describe("questions after a run that was killed", () => {
    const kinds: [name: string, act: Trouble["do"]][] = [
        ["questions that fail", { kind: "answer", status: 500 }],
        ["questions that answer only half of what there is", { kind: "halfOfRows" }],
    ];
    for (const [name, act] of kinds) {
        fault(`${name}, after a kill`, async (run) => {
            const stack = await killed(run);
            if (stack === undefined) return MISSED;
            run.sandbox.trouble({ match: QUESTIONS, times: "always", do: act });
            run.sandbox.clearRequests();
            const there = new Set([...run.sandbox.ledgers(), ...run.sandbox.balances()].map(markOf));
            const outcome = await stack.up();
            const posts = run.sandbox.requests().filter(({ path }) => /^\/proxy\/(ledgers|balances)$/.test(path));
            // Half of nothing is nothing: a question about things that are not there yet is answered in full.
            const again = posts.map(({ body }) => markOf(body as Marked)).filter((mark) => there.has(mark));
            run.tell(`${again.length} made again without an answer`);
            expect(again).to.deep.equal([]);
            expect(outcome.ok).to.equal(false);
            run.sandbox.clearTrouble();
            await run.upUntilClean(stack);
            run.expectExactly({ stack, plan: SHOP });
            return { outcome: "nothing made again while unanswered; then each thing once" };
        });
    }

    fault("questions that answer twice, after a kill", async (run) => {
        const stack = await killed(run);
        if (stack === undefined) return MISSED;
        run.sandbox.trouble({ match: QUESTIONS, times: "always", do: { kind: "rowsTwice" } });
        const outcome = succeeded(await stack.up());
        // What is answered twice is one thing. It used to count as two: in warnings, and against the number of rows that
        // there are, so that others seemed to have been seen as well.
        expect(outcome.text).not.to.match(/carry the same mark/);
        run.expectExactly({ stack, plan: SHOP });
        return undefined;
    });
});

/** A stack whose making was killed in the middle; undefined where that came too late. */
async function killed(run: FaultRun): Promise<EngineStack | undefined> {
    const stack = await run.open(SHOP);
    run.sandbox.latency(run.between(5, 40));
    run.sandbox.clearRequests();
    const ended = await endWhile(run, stack, stack.up(), {
        who: "engine",
        signal: "SIGKILL",
        afterWrites: run.between(20, 45),
    });
    if (ended === undefined || ended.ok) return undefined;
    await afterKill(stack, false);
    return stack;
}
