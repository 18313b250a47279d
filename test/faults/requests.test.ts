import { expect } from "chai";
import type { RequestSeen } from "../../sandbox/sandbox";
import { isApplications } from "./application";
import { type FaultRun, fault, succeeded } from "./fault";
import { afterKill, endWhile } from "./kill";
import { type Plan, programOf, upTo } from "./plan";

const NONE: Plan = { ledgers: [], balances: [], tags: [] };
const LEDGER = { name: "ledger-0", title: "Ledger 0" };

function balances(count: number): Plan {
    return {
        ...NONE,
        ledgers: [LEDGER],
        balances: upTo(count).map((n) => ({ name: `balance-${n}`, ledger: "ledger-0", currency: "USD" })),
    };
}

describe("requests, counted", () => {
    fault("requests of a new stack of 200 balances", async (run) => {
        const stack = await run.open(balances(200));
        run.sandbox.clearRequests();
        succeeded(await stack.up());
        const { posts, questions } = counted(run);
        run.tell(`${posts} POST /balances, ${questions.length} questions: ${questions.join(", ")}`);
        expect(posts).to.equal(200);
        // The one ledger's own POST is no question. A new owner is looked for before and after the first thing.
        expect(questions).to.have.length.at.most(7);
        run.expectExactly({ stack, plan: balances(200) });
        return { outcome: `${posts} POST /balances, ${questions.length} questions` };
    });

    fault("requests of 200 more balances in an existing stack, 50 ms of latency", async (run) => {
        const stack = await run.open(balances(200));
        succeeded(await stack.up());
        run.sandbox.latency(50);
        run.sandbox.clearRequests();
        stack.program(programOf(balances(400)));
        succeeded(await stack.up());
        const { posts, questions } = counted(run);
        run.tell(`${posts} POST /balances, ${questions.length} questions: ${questions.join(", ")}`);
        expect(posts).to.equal(200);
        // What a list does not show is asked about by its mark before it is made. One question is out at a time, for all that have
        // come meanwhile: the slower the answers, the fewer the questions.
        expect(questions).to.have.length.below(200);
        run.expectExactly({ stack, plan: balances(400) });
        return { outcome: `${posts} POST /balances, ${questions.length} questions` };
    });

    fault("requests of a run that was killed and repeated", async (run) => {
        const plan = balances(100);
        const stack = await run.open(plan);
        run.sandbox.clearRequests();
        run.sandbox.latency(20);
        const moment = { who: "engine", signal: "SIGKILL", afterWrites: run.between(20, 90) } as const;
        const ended = await endWhile(run, stack, stack.up(), moment);
        if (ended === undefined || ended.ok) return { missed: "it was over before it could be killed" };
        await afterKill(stack, false);
        succeeded(await stack.up());
        expect(counted(run).posts).to.equal(100);
        run.expectExactly({ stack, plan });
        return { outcome: "100 POST /balances in both runs together, for 100 balances" };
    });

    fault("requests of ten tags on one ledger, 100 ms of latency", async (run) => {
        const bare: Plan = { ...NONE, ledgers: [LEDGER] };
        const stack = await run.open(bare);
        succeeded(await stack.up());
        const plan: Plan = {
            ...bare,
            tags: upTo(10).map((n) => ({ name: `tag-${n}`, target: "ledger-0", key: `key_${n}`, value: n })),
        };
        run.sandbox.latency(100);
        run.sandbox.clearRequests();
        stack.program(programOf(plan));
        succeeded(await stack.up());
        const writes = run.sandbox.writes();
        run.tell(`${writes.length} writes`);
        expect(writes).to.have.length.at.most(4);
        expect(overlapping(writes)).to.deep.equal([]);
        run.expectExactly({ stack, plan });
        return { outcome: `${writes.length} writes, never two at once` };
    });
});

/** Our POSTs of balances, and everything else that was asked, the making of the one ledger apart. */
function counted({ sandbox }: FaultRun): { posts: number; questions: string[] } {
    const ours = sandbox.requests().filter((request) => !isApplications(request));
    const isPost = ({ method, path }: RequestSeen) => method === "POST" && /\/balances$/.test(path);
    const isLedger = ({ method, path }: RequestSeen) => method === "POST" && /\/ledgers$/.test(path);
    const questions = ours.filter((request) => !isPost(request) && !isLedger(request));
    return { posts: ours.filter(isPost).length, questions: questions.map(({ method, path }) => `${method} ${path}`) };
}

/** Pairs of writes that were under way at the same time on one target. */
function overlapping(writes: readonly RequestSeen[]): string[] {
    return writes.flatMap((one, n) =>
        writes
            .slice(n + 1)
            .filter((other) => other.path === one.path && other.started < (one.ended ?? Number.POSITIVE_INFINITY))
            .map(({ path }) => path),
    );
}
