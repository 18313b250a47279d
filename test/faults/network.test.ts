import { expect } from "chai";
import type { RequestSeen, Sandbox, Trouble } from "../../sandbox/sandbox";
import { CHANGED } from "./changedShop";
import { type FaultRun, fault, seeds } from "./fault";
import { ourWrites } from "./kill";
import { programOf, SHOP } from "./plan";

/** Requests that make a ledger or balance, that write metadata, and that look for something. */
const MAKES = "^/proxy/(ledgers|balances)$";
const WRITES = "^/proxy/";
const QUESTIONS = "/filter$|^/data/";

type Rules = (run: FaultRun) => readonly Trouble[];

/** A rule that acts here and there, so many times in all. */
function scattered(run: FaultRun, act: Trouble["do"], path: string, times: number, probability = 0.2): Trouble {
    return { match: { face: "cloud", path }, times, probability, seed: run.between(1, 1e9), do: act };
}

const PATIENT = {};
/** A time limit of one second for each attempt. */
const HURRIED = { "blnk:requestTimeout": "1" };

const troubles: [name: string, rules: Rules, config: Readonly<Record<string, string>>][] = [
    [
        "connections dropped before the server acts",
        (run) => [scattered(run, { kind: "dropBefore" }, WRITES, 8)],
        PATIENT,
    ],
    [
        "connections dropped after the server acted, before it answered",
        (run) => [scattered(run, { kind: "dropAfter" }, WRITES, 8)],
        PATIENT,
    ],
    ["connections dropped in mid-answer", (run) => [scattered(run, { kind: "dropMiddle" }, WRITES, 8)], PATIENT],
    [
        "answers beyond the time limit",
        (run) => [scattered(run, { kind: "delayAnswer", ms: 1_500 }, WRITES, 6)],
        HURRIED,
    ],
    [
        "writes that land after the time limit",
        (run) => [
            scattered(run, { kind: "delay", ms: run.between(1_200, 1_800) }, MAKES, 3),
            scattered(run, { kind: "delay", ms: run.between(2_000, 4_000) }, WRITES, 3),
        ],
        HURRIED,
    ],
    ["requests that are never answered", (run) => [scattered(run, { kind: "hang" }, WRITES, 5)], HURRIED],
    [
        "storms of 429",
        (run) => [
            scattered(run, { kind: "answer", status: 429, headers: { "retry-after": "1" } }, WRITES, 3, 0.3),
            scattered(run, { kind: "answer", status: 429 }, ".", 45, 0.5),
        ],
        PATIENT,
    ],
    ["423 locked", (run) => [scattered(run, { kind: "answer", status: 423 }, WRITES, 25, 0.4)], PATIENT],
    ["503 unavailable", (run) => [scattered(run, { kind: "answer", status: 503 }, ".", 40, 0.4)], PATIENT],
    ["500 after acting", (run) => [scattered(run, { kind: "answerAfter", status: 500 }, WRITES, 8)], PATIENT],
    [
        "busy and unavailable after acting",
        (run) => [
            scattered(run, { kind: "answerAfter", status: 503 }, WRITES, 4, 0.1),
            scattered(run, { kind: "answerAfter", status: 429 }, WRITES, 3, 0.1),
            scattered(run, { kind: "answerAfter", status: 423 }, WRITES, 3, 0.1),
        ],
        PATIENT,
    ],
    ["a gateway's web page", (run) => [scattered(run, { kind: "html" }, ".", 3)], PATIENT],
    ["questions answered 500", (run) => [scattered(run, { kind: "answer", status: 500 }, QUESTIONS, 20, 0.5)], PATIENT],
    ["questions dropped in mid-answer", (run) => [scattered(run, { kind: "dropMiddle" }, QUESTIONS, 20, 0.5)], PATIENT],
];

describe("trouble on the way", () => {
    for (const [name, rules, config] of troubles) {
        fault(
            name,
            async (run) => {
                const stack = await run.open(SHOP, { config });
                for (const rule of rules(run)) run.sandbox.trouble(rule);
                await run.upUntilClean(stack);
                run.sandbox.clearTrouble();
                expectTrouble(run);
                run.expectExactly({ stack, plan: SHOP });
                for (const rule of rules(run)) run.sandbox.trouble(rule);
                stack.program(programOf(CHANGED));
                await run.upUntilClean(stack, { refresh: true });
                run.sandbox.clearTrouble();
                run.expectExactly({ stack, plan: CHANGED, former: SHOP });
                return undefined;
            },
            { seeds: seeds(0.125) },
        );
    }

    fault(
        "a restart of the server",
        async (run) => {
            const stack = await run.open(SHOP);
            run.sandbox.latency(20);
            run.sandbox.clearRequests();
            const running = stack.up();
            const moment = run.between(5, 60);
            while (ourWrites(run) < moment) await new Promise((resolve) => setTimeout(resolve, 3));
            run.tell(`restarted after ${ourWrites(run)} writes`);
            await run.sandbox.restart(run.between(200, 2_000));
            const outcome = await running;
            run.tell(outcome.ok ? "went on" : "failed");
            await run.upUntilClean(stack);
            run.expectExactly({ stack, plan: SHOP });
            return undefined;
        },
        { seeds: seeds(0.25) },
    );

    fault("reads that lag behind writes by seconds", async (run) => {
        const stack = await run.open(SHOP);
        run.sandbox.readLag(10_000);
        const before = thingsIn(run.sandbox);
        const outcome = await stack.up();
        expect(outcome.ok).to.equal(false);
        expect(outcome.text).to.include("does not return the record it just created");
        const made = thingsIn(run.sandbox) - before;
        run.tell(`${made} made before the run stopped`);
        expect(made).to.be.at.most(2);
        run.sandbox.readLag(0);
        await run.upUntilClean(stack);
        run.expectExactly({ stack, plan: SHOP });
        return { outcome: `stopped after ${made} made; later each thing once` };
    });
});

/** Fails where no request met trouble: the fault would prove nothing. A web page passes for an answer in the log. */
function expectTrouble(run: FaultRun): void {
    const isTroubled = ({ path, status, started, ended = started }: RequestSeen) =>
        !path.includes("/ldg_00000000-") && (status === undefined || status >= 400 || ended - started > 1_000);
    const troubled = run.sandbox.requests().filter(isTroubled).length;
    run.tell(`${troubled} requests met trouble`);
    if (!run.name.includes("web page")) expect(troubled).to.be.above(0);
}

function thingsIn(sandbox: Sandbox): number {
    return sandbox.ledgers().length + sandbox.balances().length;
}
