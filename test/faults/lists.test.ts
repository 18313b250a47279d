import { expect } from "chai";
import type { Trouble } from "../../sandbox/sandbox";
import { type FaultRun, fault, refused, seeds, succeeded } from "./fault";
import { afterKill, endWhile } from "./kill";
import { type Plan, SHOP, upTo } from "./plan";

const FORTY: Plan = {
    ...SHOP,
    ledgers: upTo(40).map((n) => ({ name: `ledger-${n}`, title: `Ledger ${n}` })),
    balances: [],
    tags: [],
};

/** Questions of ours for which a gateway has no good answer. */
const LIKE = { path: "/filter$", body: '"operator":"like"' } as const;

describe("lists that are short", () => {
    fault(
        "questions by pattern answered short, after a kill at up to 40 creates",
        async (run) => {
            const stack = await run.open(FORTY);
            run.sandbox.clearRequests();
            run.sandbox.latency(run.between(5, 20));
            const kill = { who: "engine", signal: "SIGKILL", afterWrites: run.between(15, 40) } as const;
            const ended = await endWhile(run, stack, stack.up(), kill);
            if (ended === undefined || ended.ok) return { missed: "it was over before it could be killed" };
            await afterKill(stack, false);
            run.sandbox.latency(0);
            const rows = run.between(0, 1) * run.between(1, 20);
            run.tell(`${rows} rows shown`);
            run.sandbox.trouble({ match: LIKE, times: "always", do: { kind: "shortList", rows } });
            await stack.up();
            expect(ourMarks(run)).to.deep.equal([...new Set(ourMarks(run))]);
            run.sandbox.clearTrouble();
            await run.upUntilClean(stack);
            run.expectExactly({ stack, plan: FORTY });
            return undefined;
        },
        { seeds: seeds(0.5) },
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
            const before = [...stack.remembered().keys()];
            run.sandbox.trouble({ match: { path: "/filter$" }, times: "always", do: act(run) });
            const started = Date.now();
            const { text } = refused(await stack.refresh(), /rows|page/);
            const asked = run.sandbox.requests().length;
            run.tell(`${asked} requests in ${Math.round((Date.now() - started) / 1000)} s`);
            expect(asked).to.be.below(200);
            expect(text.length).to.be.below(100_000);
            expect([...stack.remembered().keys()]).to.deep.equal(before);
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
