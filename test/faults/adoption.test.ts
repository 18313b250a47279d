import { expect } from "chai";
import * as blnk from "../../provider";
import { fault, succeeded } from "./fault";
import { upTo } from "./plan";

const LEDGERS = 20;
const BALANCES = 50;

describe("adoption, counted", () => {
    fault(`requests of adopting ${LEDGERS} ledgers and ${BALANCES} balances`, async (run) => {
        const ledgers: string[] = [];
        for (const n of upTo(LEDGERS)) ledgers.push(await run.app.make("ledgers", `Theirs ${n}`));
        const balances: string[] = [];
        for (const n of upTo(BALANCES)) balances.push(await run.app.make("balances", ledgers[n % LEDGERS] ?? ""));
        const stack = await run.open({ ledgers: [], balances: [], tags: [] });
        succeeded(await stack.up());
        stack.program(async () => {
            for (const [n, adopt] of ledgers.entries()) new blnk.Ledger(`ledger-${n}`, { adopt });
            for (const [n, adopt] of balances.entries()) new blnk.Balance(`balance-${n}`, { adopt });
        });
        run.sandbox.clearRequests();
        const { text } = succeeded(await stack.preview());
        for (const id of [...ledgers, ...balances]) expect(text).to.match(new RegExp(`adopts ${id} .*; changes: none`));
        succeeded(await stack.up());
        // The question whether writing is allowed names a ledger that cannot be, and is refused.
        const written = run.sandbox.writes().filter(({ path, status }) => !(status === 404 && /ldg_0{8}-/.test(path)));
        expect(written).to.deep.equal([]);
        const remembered = [...stack.remembered().values()].map(({ id }) => id);
        expect(remembered).to.include.members([...ledgers, ...balances]);
        // What the application holds is as it was, and nothing else is there.
        run.expectExactly();
        return { outcome: "no write; the preview names each, changes: none" };
    });
});
