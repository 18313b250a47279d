import { expect } from "chai";
import { balances } from "../../provider/blnk/balances";
import { ledgers } from "../../provider/blnk/ledgers";
import { Host } from "../../provider/host/host";
import { hostKinds } from "../../provider/host/hostKinds";
import { KINDS, type KindName, MARKED_TABLES } from "../../provider/kinds";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { core } from "../sandbox/client";

describe("the register of kinds", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    it("hosts every kind under its name", () => {
        expect(Object.keys(hostKinds(new Host({})))).to.deep.equal(Object.keys(KINDS));
    });

    it("has each table once in which marks can stand", () => {
        expect(MARKED_TABLES).to.deep.equal([ledgers, balances]);
    });

    for (const [name, { lifecycle, locatedBy, removal, table, carriesMetadata }] of Object.entries(KINDS)) {
        describe(`states of ${name}`, () => {
            it(`that it is located by ${locatedBy}`, () => {
                expect("mark" in lifecycle.inputs).to.equal(locatedBy === "mark");
                expect(lifecycle.identify !== undefined).to.equal(locatedBy === "mark");
                if (locatedBy === "natural key") expect(lifecycle.naturalId).to.be.a("function");
            });

            if (table !== undefined) {
                it("what Blnk does with its records", async () => {
                    const { ledger_id } = (await core(sandbox, "POST", "/ledgers", { name: "Customers" })).body;
                    const ids: Partial<Record<KindName, string>> = { Ledger: ledger_id };
                    const body = { ledger_id, currency: "USD" };
                    const id =
                        ids[name as KindName] ?? (await core(sandbox, "POST", "/balances", body)).body.balance_id;
                    expect(id.startsWith(table.idPrefix)).to.equal(true);
                    const tagged = await core(sandbox, "POST", `/${id}/metadata`, { meta_data: { a: 1 } });
                    expect(tagged.status < 300).to.equal(carriesMetadata);
                    // Where Blnk can delete a record, the kind need not release it.
                    const { status } = await core(sandbox, "DELETE", `${table.core}/${id}`);
                    expect(status >= 400).to.equal(removal === "released");
                    expect((await core(sandbox, "GET", `${table.core}/${id}`)).status).to.equal(200);
                });
            }
        });
    }
});
