import { expect } from "chai";
import { differences } from "./comparison";
import { fault, refused, seeds } from "./fault";
import { changed, type Plan, SHOP } from "./plan";

/** A ledger and a balance in it. */
const TWO: Plan = changed(SHOP, {
    ledgers: (it, n) => (n === 0 ? it : undefined),
    balances: (it, n) => (n === 0 ? it : undefined),
    tags: () => undefined,
});

describe("first ups at once", () => {
    fault(
        "two first ups at once of one project and stack name in two backends, questions slow",
        async (run) => {
            const stacks = [await run.open(TWO), await run.open(TWO)] as const;
            run.sandbox.trouble({ match: { path: "/filter$" }, times: "always", do: { kind: "delay", ms: 1_500 } });
            const outcomes = await Promise.all(stacks.map((stack) => stack.up()));
            run.sandbox.clearTrouble();
            const winners = stacks.filter((_, n) => outcomes[n]?.ok);
            run.tell(outcomes.map(({ ok }) => (ok ? "went on" : "stopped")).join(", "));
            expect(winners).to.have.length(1);
            const [winner] = winners;
            const loser = stacks.find((stack) => stack !== winner);
            if (winner === undefined || loser === undefined) throw new Error("nobody went on");
            const owner = winner.state().get("Instance blnk")?.id ?? "nobody";
            await run.upUntilClean(winner);
            const before = run.sandbox.writes().length;
            refused(await loser.up(), owner);
            const made = run.sandbox.writes().slice(before);
            expect(made.filter(({ path }) => /\/(ledgers|balances)$/.test(path))).to.deep.equal([]);
            // What the other made before it saw that it is not alone stays: Blnk cannot delete.
            const wrong = differences(run.sandbox, [{ stack: winner, plan: TWO }], run.app);
            const left = wrong.filter((line) => /^\w+ \S+ should not be there: shop\/dev\//.test(line));
            expect(wrong.filter((line) => !left.includes(line))).to.deep.equal([]);
            expect(left).to.have.length.at.most(1);
            return { outcome: `one goes on and has each thing once; the other stops, ${left.length} left of it` };
        },
        { seeds: seeds(0.5) },
    );
});
