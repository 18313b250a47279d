import { expect } from "chai";
import * as blnk from "../../provider";
import type { Trouble } from "../../sandbox/sandbox";
import { type FaultRun, fault, seeds, succeeded } from "./fault";
import { type Plan, upTo } from "./plan";

const PAGE = { body: "<html>Service gateway</html>", headers: { "content-type": "text/html" } };
const FOREIGN = { body: { message: "upstream timed out", request_id: "r-1" } };

/** What gateways say after they have passed a request on, and the server has acted. */
const AFTER: readonly Trouble["do"][] = [
    { kind: "answerAfter", status: 503 },
    { kind: "answerAfter", status: 502, ...PAGE },
    { kind: "answerAfter", status: 504 },
    { kind: "answerAfter", status: 423 },
    { kind: "answerAfter", status: 429 },
    { kind: "answerAfter", status: 429, headers: { "retry-after": "1" }, body: FOREIGN.body },
    { kind: "answerAfter", status: 503, ...PAGE },
    { kind: "answerAfter", status: 408 },
    { kind: "answerAfter", status: 400, ...FOREIGN },
    { kind: "answerAfter", status: 404, ...PAGE },
    { kind: "answerAfter", status: 200, ...PAGE },
    { kind: "answerAfter", status: 200, ...FOREIGN },
    { kind: "answerAfter", status: 201, body: "" },
    { kind: "answerAfter", status: 500 },
];

const ONE: Plan = { ledgers: [{ name: "ledger-0", title: "Ledger 0" }], balances: [], tags: [] };
const MEMBERS = 50;

describe("creates that are answered as refused after they were made", () => {
    fault("a ledger whose create is answered 503 after it was made, up to three times", async (run) => {
        const stack = await run.open(ONE);
        run.sandbox.trouble({
            match: { method: "POST", path: "/ledgers$" },
            times: 3,
            do: { kind: "answerAfter", status: 503 },
        });
        succeeded(await stack.up());
        run.expectExactly({ stack, plan: ONE });
        return { outcome: "one ledger" };
    });

    fault(`every tenth of ${MEMBERS} balances of a set answered 503 after it was made`, async (run) => {
        await makeSet(run, () => ({ kind: "answerAfter", status: 503 }), succeeded);
        return { outcome: "each balance once, in one up" };
    });

    fault(
        `every tenth of ${MEMBERS} balances of a set answered in some other way after it was made`,
        async (run) => {
            const acts = upTo(5).map(() => AFTER[run.between(0, AFTER.length - 1)] ?? { kind: "dropAfter" as const });
            run.tell(acts.map((act) => ("status" in act ? act.status : act.kind)).join(", "));
            await makeSet(
                run,
                (n) => acts[n] ?? { kind: "dropAfter" },
                (outcome) => outcome,
            );
            return { outcome: "each balance once" };
        },
        { seeds: seeds(1) },
    );
});

/** Makes a set while every tenth create meets trouble, and looks that each member is there once. */
async function makeSet(run: FaultRun, act: (n: number) => Trouble["do"], check: typeof succeeded): Promise<void> {
    const keys = upTo(MEMBERS).map((n) => `customer-${n}`);
    const stack = await run.openWith(async () => {
        const ledger = new blnk.Ledger("customers");
        const balances = Object.fromEntries(keys.map((key) => [key, { currency: "USD" }]));
        new blnk.BalanceSet("wallets", { ledger, balances });
    });
    for (const n of upTo(MEMBERS / 10)) {
        // A rule does not count the requests on which an earlier one has acted.
        run.sandbox.trouble({ match: { method: "POST", path: "/balances$", nth: 10 * (n + 1) - n }, do: act(n) });
    }
    check(await stack.up());
    run.sandbox.clearTrouble();
    await run.upUntilClean(stack);
    const ids = Object.values((stack.state().get("BalanceSet wallets")?.outputs.ids ?? {}) as object);
    const rows = run.sandbox.balances().map(({ balance_id }) => balance_id);
    const made = new Set(rows.filter((id) => !run.app.own.has(id)));
    run.tell(`${made.size} balances`);
    expect([ids.length, ids.filter((id) => !made.has(id)), made.size]).to.deep.equal([MEMBERS, [], MEMBERS]);
}
