import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { core } from "../sandbox/client";
import { balancesOf, done, ledgersOf, onSandbox, written } from "./stage";
import { ADOPTED, recordedAdopted } from "./states/adopted";
import { PLACES } from "./states/states";

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/blnk:";
// Marks are made here by hand, as they were recorded: their format is for ever.
const markOf = (name: string, hashed: readonly unknown[]) =>
    `shop/dev/${name}@recorded#${createHash("sha256").update(JSON.stringify(hashed)).digest("hex").slice(0, 16)}`;

describe("a stack of 0.1.0 that has adopted things", () => {
    const stage = onSandbox();

    it("claims each of them once, and is then unchanged; refresh, update and destroy work", async () => {
        const { sandbox } = stage;
        const elsewhere = await stage.another();
        const make = async (path: string, body: object) => (await core(sandbox, "POST", path, body)).body;
        const { ledger_id: ledger } = await make("/ledgers", { name: "Customers", meta_data: { plan: "pro" } });
        const { balance_id: balance } = await make("/balances", {
            ledger_id: ledger,
            currency: "USD",
            meta_data: { customer: "alice", tier: "gold" },
        });
        const { balance_id: eve } = await make("/balances", { ledger_id: ledger, currency: "EUR" });
        const setMark = markOf("wallets", ["recorded", `${URN}BalanceSet::wallets`, { ledger }]);
        const fredMark = markOf("wallets/fred", [setMark, "fred", { currency: "USD" }]);
        const { balance_id: fred } = await make("/balances", {
            ledger_id: ledger,
            currency: "USD",
            meta_data: { pulumi: fredMark },
        });
        const elsewhereMark = markOf("elsewhere", ["recorded", `${URN}Ledger::elsewhere`, {}]);
        const { ledger_id: elsewhereLedger } = (
            await core(elsewhere, "POST", "/ledgers", { name: "Elsewhere", meta_data: { pulumi: elsewhereMark } })
        ).body;
        const identity = `core_${createHash("sha256")
            .update(elsewhere.ledgers()[0]?.created_at ?? "")
            .digest("hex")
            .slice(0, 12)}`;

        const text = readFileSync(join(__dirname, "states/0.1.0-adopted.json"), "utf8");
        const [recordedSetMark = ""] = text.match(/shop\/dev\/wallets@recorded#[0-9a-f]{16}/) ?? [];
        const adapted = Object.entries({
            [recordedSetMark]: setMark,
            [PLACES.url]: sandbox.url,
            [ADOPTED.elsewhereUrl]: elsewhere.coreUrl,
            [ADOPTED.elsewhere]: identity,
            [ADOPTED.elsewhereLedger]: elsewhereLedger,
            // The longer words first: one begins with another.
            [ADOPTED.eve]: eve,
            [ADOPTED.fred]: fred,
            [ADOPTED.ledgerCreatedAt]: sandbox.ledgers()[1]?.created_at ?? "",
            [ADOPTED.balanceCreatedAt]: sandbox.balances()[0]?.created_at ?? "",
            [PLACES.ledger]: ledger,
            [PLACES.balance]: balance,
        }).reduce((whole, [place, own]) => whole.replaceAll(place, own), text);
        const program = (tier?: string) => () => recordedAdopted({ ledger, balance, eve }, elsewhere.coreUrl, tier);
        const stack = await stage.open(program());
        stack.setEnvironment("BLNK_OTHER_KEY", elsewhere.coreKey);
        stack.import(JSON.parse(adapted).deployment);
        sandbox.clearRequests();

        const preview = done(await stack.preview());
        // The adopted ledger, balance and set member; the rest, with the stack itself and two providers, is as it was.
        expect(preview.changes.update, preview.text).to.equal(3);
        expect(preview.text).to.include(`claims it (${ledger})`);
        expect(preview.text).to.include(`claims it (${balance})`);
        expect(preview.text).to.include("claims eve");
        expect(preview.changes).to.not.have.any.keys("create", "delete", "replace");
        expect(written(sandbox)).to.deep.equal([]);

        expect(done(await stack.refresh()).changes).to.not.have.any.keys("create", "delete", "replace", "update");
        expect(done(await stack.up()).changes.update).to.equal(3);
        const held = [
            ...sandbox
                .ledgers()
                .slice(1)
                .map(({ ledger_id, meta_data }) => [ledger_id, meta_data]),
            ...sandbox.balances().map(({ balance_id, meta_data }) => [balance_id, meta_data]),
        ];
        expect(held).to.deep.equal([
            [ledger, { plan: "pro", pulumi: markOf("customers", ["recorded", `${URN}Ledger::customers`, {}]) }],
            [
                balance,
                {
                    customer: "alice",
                    tier: "gold",
                    pulumi: markOf("alice", ["recorded", `${URN}Balance::alice`, { currency: "USD", ledger }]),
                },
            ],
            [eve, { pulumi: markOf("wallets/eve", [setMark, "eve", { currency: "EUR" }]) }],
            [fred, { pulumi: fredMark }],
        ]);
        expect(done(await stack.up()).changes).to.not.have.any.keys("create", "delete", "replace", "update");

        stack.program(program("silver"));
        expect(done(await stack.up()).changes.update).to.equal(1);
        expect(balancesOf(sandbox).find(({ id }) => id === balance)?.metadata).to.deep.include({ tier: "silver" });
        done(await stack.destroy());
        expect([...stack.state().keys()]).to.deep.equal([]);
        expect([ledgersOf(sandbox).length, balancesOf(sandbox).length]).to.deep.equal([1, 3]);
        expect(ledgersOf(elsewhere)).to.have.length(1);
    });
});
