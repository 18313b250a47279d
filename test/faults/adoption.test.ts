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
        const ids = [...ledgers, ...balances];
        for (const id of ids) expect(text).to.match(new RegExp(`adopts ${id} .*; changes: none; claims it`));
        succeeded(await stack.up());
        // The question whether writing is allowed names a ledger that cannot be, and is refused.
        const written = run.sandbox.writes().filter(({ path, status }) => !(status === 404 && /ldg_0{8}-/.test(path)));
        expect(written.map(({ path }) => path)).to.have.members(ids.map((id) => `/proxy/${id}/metadata`));
        const keys = written.flatMap(({ body }) => Object.keys((body as { meta_data: object }).meta_data));
        expect(new Set(keys)).to.deep.equal(new Set(["pulumi"]));
        const remembered = [...stack.state().values()].map(({ id }) => id);
        expect(remembered).to.include.members(ids);
        run.sandbox.clearRequests();
        // What the application holds is as it was, and nothing else is there.
        run.expectExactly();
        return { outcome: "one write each, of the mark; the preview names each, changes: none" };
    });
});
