import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { asked, balancesOf, done, holds, ledgersOf, onSandbox, warningsOf, written } from "./stage";

const stays = (what: string) => `${what} is no longer managed, and stays in Blnk: nothing can be deleted there`;

const shop = async () => {
    const ledger = new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
    const balance = new blnk.Balance("alice", { ledger, currency: "USD" });
    new blnk.MetadataTag("billing", { target: balance, key: "billing", value: { plan: "pro" } });
    new blnk.MetadataTag("support", { target: ledger, key: "support", value: "gold" });
};

describe("removing, replacing and renaming under the real engine", () => {
    const stage = onSandbox();

    it("destroy leaves ledgers and balances, names each in a warning, and sets tags to null", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const ledger = await stack.idOf("Ledger customers");
        const balance = await stack.idOf("Balance alice");
        stage.sandbox.clearRequests();

        const destroy = done(await stack.destroy());
        expect(warningsOf(destroy)).to.deep.equal([
            stays(`balance "alice" in USD (${balance})`),
            stays(`ledger "customers" (${ledger})`),
        ]);
        expect(written(stage.sandbox)).to.have.deep.members([
            { request: "POST /proxy/bln_*/metadata", body: { meta_data: { billing: null } } },
            { request: "POST /proxy/ldg_*/metadata", body: { meta_data: { support: null } } },
        ]);
        expect(ledgersOf(stage.sandbox).map(({ id, metadata }) => [id, metadata])).to.deep.equal([
            [ledger, { env: "dev", support: null }],
        ]);
        expect(balancesOf(stage.sandbox).map(({ id, metadata }) => [id, metadata])).to.deep.equal([
            [balance, { billing: null }],
        ]);
        expect([...(await stack.state()).keys()]).to.deep.equal([]);
    });

    it("destroy leaves a tag that somebody else has changed since, with a warning", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const balance = await stack.idOf("Balance alice");
        stage.sandbox.editMetadata(balance, { billing: { plan: "theirs" } });
        stage.sandbox.clearRequests();

        const destroy = done(await stack.destroy());
        expect(warningsOf(destroy)).to.include(
            `metadata tag "billing" on ${balance} holds something that this tag did not write, and is left as it is`,
        );
        expect(written(stage.sandbox).map(({ body }) => body)).to.deep.equal([{ meta_data: { support: null } }]);
        expect(balancesOf(stage.sandbox)[0]?.metadata).to.deep.equal({ billing: { plan: "theirs" } });
    });

    it("a thing taken out of the program is let go like one destroyed", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const balance = await stack.idOf("Balance alice");
        stage.sandbox.clearRequests();
        stack.program(async () => {
            const ledger = new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
            new blnk.MetadataTag("support", { target: ledger, key: "support", value: "gold" });
        });
        const up = done(await stack.up());
        expect(up.changes).to.deep.equal({ same: 4, delete: 2 });
        expect(warningsOf(up)).to.deep.equal([stays(`balance "alice" in USD (${balance})`)]);
        expect(written(stage.sandbox).map(({ body }) => body)).to.deep.equal([{ meta_data: { billing: null } }]);
    });

    it("up --replace of a ledger takes it back by its mark and writes nothing; the next up has nothing to do", async () => {
        const stack = await stage.open(async () => {
            new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
        });
        done(await stack.up());
        const [old] = ledgersOf(stage.sandbox);
        stage.sandbox.clearRequests();

        const up = done(await stack.up({ replace: [await stack.urnOf("Ledger customers")] }));
        expect(up.changes).to.deep.equal({ same: 2, replace: 1 });
        expect(asked(stage.sandbox)).to.deep.equal(["POST /ledger/filter 200"]);
        holds(up.text, `takes back ${old?.id}`);
        expect(warningsOf(up)).to.deep.equal([`ledger "customers" (${old?.id}) goes on as Ledger "customers"`]);
        expect(await stack.idOf("Ledger customers")).to.equal(old?.id);
        expect(ledgersOf(stage.sandbox)).to.deep.equal([old]);

        stage.sandbox.clearRequests();
        expect(done(await stack.up()).changes).to.deep.equal({ same: 3 });
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: 3 });
        expect(written(stage.sandbox)).to.deep.equal([]);
    });

    it("a tag renamed in the program without an alias keeps its value, and nothing is written", async () => {
        const tagged = (name: string) => async () => {
            const ledger = new blnk.Ledger("customers");
            new blnk.MetadataTag(name, { target: ledger, key: "billing", value: { plan: "pro" } });
        };
        const stack = await stage.open(tagged("old-name"));
        done(await stack.up());
        stage.sandbox.clearRequests();
        const up = done(await stack.program(tagged("new-name")).up());
        expect(up.changes).to.deep.equal({ same: 3, create: 1, delete: 1 });
        const [ledger] = ledgersOf(stage.sandbox);
        expect(warningsOf(up)).to.deep.equal([
            `metadata tag "billing" on ${ledger?.id} goes on as MetadataTag "new-name"`,
        ]);
        expect(ledger?.metadata).to.deep.equal({ billing: { plan: "pro" } });
        expect(written(stage.sandbox)).to.deep.equal([]);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 4 });
    });

    it("a tag whose key moves into the metadata of its ledger keeps its value", async () => {
        const stack = await stage.open(async () => {
            const ledger = new blnk.Ledger("customers");
            new blnk.MetadataTag("billing", { target: ledger, key: "billing", value: "pro" });
        });
        done(await stack.up());
        stack.program(async () => {
            new blnk.Ledger("customers", { metadata: { billing: "pro" } });
        });
        expect(done(await stack.up()).changes).to.deep.equal({ same: 2, update: 1, delete: 1 });
        expect(ledgersOf(stage.sandbox)[0]?.metadata).to.deep.equal({ billing: "pro" });
    });

    it("a ledger renamed in the program with an alias keeps its id; the preview shows the mark that up rewrites", async () => {
        const stack = await stage.open(async () => {
            new blnk.Ledger("customers", { name: "Customers" });
        });
        done(await stack.up());
        const [old] = ledgersOf(stage.sandbox);
        stage.sandbox.clearRequests();
        stack.program(async () => {
            new blnk.Ledger("clients", { name: "Customers" }, { aliases: [{ name: "customers" }] });
        });
        const preview = done(await stack.preview());
        expect(preview.changes).to.deep.equal({ same: 2, update: 1 });
        holds(preview.text, /~ mark: +"shop\/dev\/customers@.*" => "shop\/dev\/clients@.*"/);
        expect(asked(stage.sandbox)).to.deep.equal([]);

        expect(done(await stack.up()).changes).to.deep.equal({ same: 2, update: 1 });
        const [now, ...others] = ledgersOf(stage.sandbox);
        expect(others).to.deep.equal([]);
        expect(now).to.deep.equal({ ...old, mark: now?.mark });
        expect(now?.mark).to.match(/^shop\/dev\/clients@/);
        expect(written(stage.sandbox)).to.deep.equal([
            { request: "POST /proxy/ldg_*/metadata", body: { meta_data: { pulumi: now?.mark } } },
        ]);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 3 });
    });
});
