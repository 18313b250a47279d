import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { core } from "../sandbox/client";
import { asked, balancesOf, done, ledgersOf, onSandbox, refused, warningsOf, written } from "./stage";

const NOBODY = "00000000-0000-0000-0000-00000000000a";

describe("looking up what exists under the real engine", () => {
    const stage = onSandbox();

    /** A ledger and a balance that somebody else made. */
    async function theirs(): Promise<{ ledger: string; balance: string }> {
        const { sandbox } = stage;
        const made = await core(sandbox, "POST", "/ledgers", { name: "Theirs", meta_data: { env: "prod" } });
        const ledger: string = made.body.ledger_id;
        const meta_data = { billing: { plan: "pro" } };
        const balance = await core(sandbox, "POST", "/balances", { ledger_id: ledger, currency: "EUR", meta_data });
        sandbox.clearRequests();
        return { ledger, balance: balance.body.balance_id };
    }

    it("get shows all that there is to see of a ledger, a balance and a tag, and destroy touches none of them", async () => {
        const ids = await theirs();
        const stack = await stage.open(async () => {
            const ledger = blnk.Ledger.get("ledger", ids.ledger);
            const balance = blnk.Balance.get("balance", ids.balance);
            const tag = blnk.MetadataTag.get("tag", `${ids.balance}/billing`);
            return {
                ledger: [ledger.id, ledger.name, ledger.metadata],
                balance: [balance.id, balance.ledger, balance.currency, balance.metadata],
                tag: [tag.id, tag.target, tag.key, tag.value],
                createdAt: [ledger.createdAt, balance.createdAt],
            };
        });
        done(await stack.up());
        const { createdAt, ...seen } = stack.outputs();
        expect(seen).to.deep.equal({
            ledger: [ids.ledger, "Theirs", { env: "prod" }],
            balance: [ids.balance, ids.ledger, "EUR", { billing: { plan: "pro" } }],
            tag: [`${ids.balance}/billing`, ids.balance, "billing", { plan: "pro" }],
        });
        expect(createdAt).to.have.length(2);
        for (const time of createdAt as string[]) expect(time).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
        done(await stack.refresh());
        const before = { ledgers: ledgersOf(stage.sandbox), balances: balancesOf(stage.sandbox) };
        expect(warningsOf(done(await stack.destroy()))).to.deep.equal([]);
        expect(written(stage.sandbox)).to.deep.equal([]);
        expect({ ledgers: ledgersOf(stage.sandbox), balances: balancesOf(stage.sandbox) }).to.deep.equal(before);
    });

    it("what is looked up can be built upon; only what the stack made is let go", async () => {
        const ids = await theirs();
        const stack = await stage.open(async () => {
            const ledger = blnk.Ledger.get("theirs", ids.ledger);
            new blnk.Balance("ours", { ledger, currency: "USD" });
            new blnk.MetadataTag("tag", { target: ledger, key: "team", value: "a" });
        });
        done(await stack.up());
        expect(balancesOf(stage.sandbox).map((it) => [it.ledger, it.currency])).to.deep.equal([
            [ids.ledger, "EUR"],
            [ids.ledger, "USD"],
        ]);
        stage.sandbox.clearRequests();
        expect(done(await stack.up()).changes).to.deep.include({ same: 4 });
        expect(written(stage.sandbox)).to.deep.equal([]);
        const destroy = done(await stack.destroy());
        expect(warningsOf(destroy).map((text) => text.slice(0, 14))).to.deep.equal(['balance "ours"']);
        expect(ledgersOf(stage.sandbox).map(({ metadata }) => metadata)).to.deep.equal([{ env: "prod", team: null }]);
    });

    const missing: [what: string, lookUp: (ids: { ledger: string }) => unknown, told: string][] = [
        ["ledger", () => blnk.Ledger.get("x", `ldg_${NOBODY}`), `ledger ldg_${NOBODY}: it was not found`],
        ["balance", () => blnk.Balance.get("x", `bln_${NOBODY}`), `balance bln_${NOBODY}: it was not found`],
        ["tag", ({ ledger }) => blnk.MetadataTag.get("x", `${ledger}/none`), "/none: it was not found"],
    ];
    for (const [what, lookUp, told] of missing) {
        // Newer engines read nothing in a preview that depends on what is yet to be made, as Instance is.
        it(`get of a ${what} that is missing fails with a sentence, in the preview of a new stack too, and leaves nothing in the state`, async () => {
            const ids = await theirs();
            const stack = await stage.open(async () => void lookUp(ids));
            refused(await stack.preview(), "cannot read ", `${told} in ${stage.sandbox.instance}.`);
            refused(await stack.up(), "cannot read ", `${told} in ${stage.sandbox.instance}.`);
            expect([...stack.state().keys()]).to.deep.equal(["Instance blnk"]);
        });
    }

    it("on a Core get of what is missing fails likewise, after two questions", async () => {
        const stack = await stage.open(async () => void blnk.Ledger.get("x", `ldg_${NOBODY}`), { mode: "core" });
        const up = refused(await stack.up(), `cannot read ledger ldg_${NOBODY}: it was not found in core_`);
        expect(up.text).not.to.include(stage.sandbox.coreKey);
        expect(asked(stage.sandbox).slice(-2)).to.deep.equal(["GET /ledgers/ldg_0 404", "POST /ledgers/filter 200"]);
    });
});
