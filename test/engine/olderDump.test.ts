import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { balancesOf, done, holds, ledgersOf, onSandbox, warningsOf, written } from "./stage";

const LEDGERS = 3;

/** Some ledgers, each with a tag, and as many balances in another ledger, which stay. */
const shop = (value: string) => async () => {
    for (let n = 0; n < LEDGERS; n++) {
        const ledger = new blnk.Ledger(`l${n}`);
        new blnk.MetadataTag(`t${n}`, { target: ledger, key: "plan", value });
    }
    const stays = new blnk.Ledger("stays");
    for (let n = 0; n < LEDGERS; n++) new blnk.Balance(`b${n}`, { ledger: stays, currency: "USD" });
};

/** A set of two, its ledger, and a tag on that. */
const small = (value: string) => async () => {
    const ledger = new blnk.Ledger("customers");
    const balances = { a: { currency: "USD" }, b: { currency: "EUR" } };
    new blnk.BalanceSet("wallets", { ledger, balances });
    new blnk.MetadataTag("plan", { target: ledger, key: "plan", value });
};

/** A ledger and its tag. */
const smallest = (value: string) => async () => {
    const ledger = new blnk.Ledger("customers");
    new blnk.MetadataTag("plan", { target: ledger, key: "plan", value });
};

describe("an older dump under the real engine", () => {
    const stage = onSandbox();

    for (const mode of ["cloud", "core"] as const) {
        for (const [what, program, hidden] of [
            ["ledgers and their tags", shop, /^Ledger l\d$/],
            ["a set of two, its ledger and a tag", small, /^Ledger /],
            ["a ledger and its tag", smallest, /^Ledger /],
        ] as const) {
            it(`that lacks ${what}: refresh drops nothing, and when the rows are back up goes on (${mode})`, async () => {
                const { sandbox } = stage;
                const stack = await stage.open(program("pro"), { mode });
                done(await stack.up());
                const before = stack.state();
                const ids = [...before].flatMap(([label, { id = "" }]) => (hidden.test(label) ? [id] : []));
                const rows = program === small ? [...ids, ...balancesOf(sandbox).map(({ id }) => id)] : ids;
                for (const id of rows) sandbox.hide(id);
                sandbox.clearRequests();

                for (const run of [() => stack.refresh(), () => stack.up({ refresh: true })]) {
                    const { ok, text } = await run();
                    expect(ok, text).to.equal(false);
                    holds(
                        text,
                        /ledgers, balances and tags that were read are gone from Blnk. This looks like another database/,
                    );
                    expect([...stack.state().keys()]).to.have.members([...before.keys()]);
                }
                expect(written(sandbox)).to.deep.equal([]);

                for (const id of rows) sandbox.show(id);
                stack.program(program("free"));
                const up = done(await stack.up());
                expect(warningsOf(up)).to.deep.equal([]);
                expect(up.changes).to.include({ update: ids.length });
                expect(ledgersOf(sandbox).filter(({ metadata }) => metadata.plan === "free")).to.have.length(
                    ids.length,
                );
                expect(done(await stack.refresh()).changes).to.deep.equal({ same: before.size + 1 });
            });
        }
    }

    it("that lacks one thing of many: it is dropped, with its tag, and a key that others set to null is plain drift", async () => {
        const { sandbox } = stage;
        const stack = await stage.open(shop("pro"));
        done(await stack.up());
        const { size } = stack.state();
        sandbox.forget(stack.idOf("Ledger l0"));
        sandbox.editMetadata(stack.idOf("Ledger l1"), { plan: null });
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: size + 1 - 3, delete: 3 });
        expect(done(await stack.up()).changes).to.deep.equal({ same: size + 1 - 3, create: 3 });
    });
});
