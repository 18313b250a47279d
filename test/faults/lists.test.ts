import type { PulumiFn } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import * as blnk from "../../provider";
import type { Trouble } from "../../sandbox/sandbox";
import { type FaultRun, fault, refused, seeds, succeeded } from "./fault";
import { afterKill, endWhile } from "./kill";
import { type Plan, SHOP, upTo } from "./plan";

/** So many requests a refresh of the shop may need where lists lie. */
const MOST_ASKED = 300;

const FORTY: Plan = {
    ...SHOP,
    ledgers: upTo(40).map((n) => ({ name: `ledger-${n}`, title: `Ledger ${n}` })),
    balances: [],
    tags: [],
};

/** The forty ledgers, five at a time, so that they are asked for in many questions. */
const inWaves: PulumiFn = async () => {
    const made: blnk.Ledger[] = [];
    for (const { name, title } of FORTY.ledgers) {
        const before = made.at(-5);
        made.push(new blnk.Ledger(name, { name: title }, before === undefined ? {} : { dependsOn: [before] }));
    }
};

/** Questions of ours for which a gateway has no good answer. */
const LIKE = { path: "/filter$", body: '"operator":"like"' } as const;

describe("lists that are short", () => {
    fault(
        "questions by pattern answered short, after a kill without state saves",
        async (run) => {
            const environment = { PULUMI_SKIP_CHECKPOINTS: "true" };
            const stack = await run.openWith(inWaves, { environment, config: { "blnk:owner": "shop" } });
            run.sandbox.clearRequests();
            run.sandbox.latency(run.between(5, 20));
            const kill = { who: "engine", signal: "SIGKILL", afterWrites: run.between(15, 38) } as const;
            const ended = await endWhile(run, stack, stack.up(), kill);
            if (ended === undefined || ended.ok) return { missed: "it was over before it could be killed" };
            await afterKill(stack, false);
            run.sandbox.latency(0);
            const rows = run.seed % 2 === 1 ? 0 : run.between(1, 20);
            run.tell(`${ourMarks(run).length} there, ${rows} shown`);
            run.sandbox.trouble({ match: LIKE, times: "always", do: { kind: "shortList", rows } });
            const { ok } = await stack.up();
            run.tell(ok ? "went on" : "stopped");
            expect(twice(ourMarks(run))).to.deep.equal([]);
            run.sandbox.clearTrouble();
            await run.upUntilClean(stack);
            run.expectExactly({ stack, plan: FORTY });
            return undefined;
        },
        { seeds: seeds(1) },
    );

    fault("a first up while questions by pattern show nothing", async (run) => {
        const stack = await run.open(FORTY);
        run.sandbox.trouble({ match: LIKE, times: "always", do: { kind: "shortList", rows: 0 } });
        refused(await stack.up());
        run.tell(`${ourMarks(run).length} made`);
        expect(ourMarks(run)).to.have.length.at.most(1);
        run.sandbox.clearTrouble();
        await run.upUntilClean(stack);
        run.expectExactly({ stack, plan: FORTY });
        return { outcome: "stopped after the first thing; then each thing once" };
    });
});

describe("lists that never end", () => {
    const endless: [name: string, act: (run: FaultRun) => Trouble["do"]][] = [
        ["questions that always answer the first rows", (run) => ({ kind: "firstPage", rows: run.between(1, 12) })],
        ["questions that count 60 million rows", () => ({ kind: "total", total: 60_000_000 })],
        ["questions that count more rows than can be", () => ({ kind: "total", total: Number.MAX_SAFE_INTEGER })],
    ];
    for (const [name, act] of endless) {
        fault(`${name}, while refreshing`, async (run) => {
            const stack = await run.openMade(SHOP);
            const before = [...stack.state().keys()];
            // A run that goes on for ever would outlive the test: it is told the truth in the end.
            run.sandbox.trouble({ match: { path: "/filter$" }, times: 2 * MOST_ASKED, do: act(run) });
            const started = Date.now();
            const outcome = await stack.refresh();
            // Where few things are asked for at a time, each question fits on the one page, and is answered in full.
            const mayFit = name.startsWith("questions that always answer the first rows");
            if (!outcome.ok || !mayFit) refused(outcome, /list of (ledgers|balances) cannot be used/);
            const { text } = outcome;
            const asked = run.sandbox.requests().length;
            run.tell(`${asked} requests in ${Math.round((Date.now() - started) / 1000)} s`);
            expect(asked).to.be.below(MOST_ASKED);
            expect(text.length).to.be.below(100_000);
            expect([...stack.state().keys()]).to.deep.equal(before);
            run.sandbox.clearTrouble();
            succeeded(await stack.refresh());
            await run.upUntilClean(stack);
            run.expectExactly({ stack, plan: SHOP });
            return { outcome: "a sentence, after few requests; nothing dropped" };
        });
    }
});

/** The marks of all things that are ours. */
function ourMarks({ sandbox }: FaultRun): string[] {
    const rows = [...sandbox.ledgers(), ...sandbox.balances()];
    return rows.flatMap(({ meta_data }) => (typeof meta_data?.pulumi === "string" ? [meta_data.pulumi] : []));
}

function twice(marks: readonly string[]): string[] {
    return marks.filter((mark, n) => marks.indexOf(mark) !== n);
}
