import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { coreTo, post } from "../blnk/connections";
import { asked, balancesOf, done, holds, ledgersOf, onSandbox, refused, warningsOf, written } from "./stage";

const shop = async () => {
    const ledger = new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
    const balance = new blnk.Balance("alice", { ledger, currency: "USD", metadata: { tier: { level: 1 } } });
    new blnk.MetadataTag("billing", { target: balance, key: "billing", value: { plan: "pro" } });
};

describe("changes behind the stack's back under the real engine", () => {
    const stage = onSandbox();

    it("a ledger renamed elsewhere is shown by refresh, previewed going back, and put right by up", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const id = stack.idOf("Ledger customers");
        stage.sandbox.editLedger(id, { name: "Somebody's" });
        stage.sandbox.clearRequests();

        const refresh = done(await stack.refresh());
        holds(refresh.text, "Ledger customers updated", "[diff: ~name]");
        expect(refresh.changes).to.deep.equal({ same: 4, update: 1 });
        expect(written(stage.sandbox)).to.deep.equal([]);

        holds(done(await stack.preview()).text, '~ name: "Somebody\'s" => "Customers"');
        expect(done(await stack.up()).changes).to.deep.equal({ same: 4, update: 1 });
        expect(written(stage.sandbox)).to.deep.equal([
            { request: "PUT /proxy/ledgers/ldg_*", body: { name: "Customers" } },
        ]);
        expect(ledgersOf(stage.sandbox).map((it) => [it.id, it.name])).to.deep.equal([[id, "Customers"]]);
    });

    it("an owned metadata key and a tag changed elsewhere are shown by refresh and put right by up", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const ledger = stack.idOf("Ledger customers");
        const balance = stack.idOf("Balance alice");
        stage.sandbox.editMetadata(ledger, { env: "prod" });
        stage.sandbox.editMetadata(balance, { tier: null, billing: { plan: "free" } });
        stage.sandbox.clearRequests();

        const refresh = done(await stack.refresh());
        holds(
            refresh.text,
            /Ledger customers updated .*\[diff: ~metadata\]/,
            /Balance alice updated .*\[diff: -metadata\]/,
            /MetadataTag billing updated .*\[diff: ~value\]/,
        );
        expect(refresh.changes).to.deep.equal({ same: 2, update: 3 });
        const preview = done(await stack.preview());
        holds(preview.text, '~ env: "prod" => "dev"', '~ plan: "free" => "pro"', "level: 1");

        expect(done(await stack.up()).changes).to.deep.equal({ same: 2, update: 3 });
        expect(written(stage.sandbox)).to.have.deep.members([
            { request: "POST /proxy/ldg_*/metadata", body: { meta_data: { env: "dev" } } },
            { request: "POST /proxy/bln_*/metadata", body: { meta_data: { tier: { level: 1 } } } },
            { request: "POST /proxy/bln_*/metadata", body: { meta_data: { billing: { plan: "pro" } } } },
        ]);
        expect(ledgersOf(stage.sandbox)[0]?.metadata).to.deep.equal({ env: "dev" });
        expect(balancesOf(stage.sandbox)[0]?.metadata).to.deep.equal({ tier: { level: 1 }, billing: { plan: "pro" } });
    });

    it("what another stack has taken over is told by refresh, and refused by preview and up until it is removed", async () => {
        const theirs = "shop/other/alice@x7#0123456789abcdef";
        const stack = await stage.open(shop);
        done(await stack.up());
        const id = stack.idOf("Balance alice");
        stage.sandbox.editMetadata(id, { pulumi: theirs });
        stage.sandbox.clearRequests();
        const refusal = `another stack has taken over ${id}: it carries the mark ${theirs}`;

        holds(done(await stack.refresh()).text, `warning: ${refusal}`);
        for (const run of [await stack.preview(), await stack.up(), await stack.up({ refresh: true })]) {
            refused(run, refusal, `adoptFrom: "${theirs}"`);
        }
        expect(written(stage.sandbox)).to.deep.equal([]);

        stack.program(async () => {
            new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
        });
        expect(done(await stack.up()).changes).to.deep.equal({ same: 3, delete: 2 });
        expect(balancesOf(stage.sandbox).map((it) => it.mark)).to.deep.equal([theirs]);
    });

    it("a lost mark is shown by refresh and written again by up", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const mark = ledgersOf(stage.sandbox)[0]?.mark;
        stage.sandbox.editMetadata(stack.idOf("Ledger customers"), { pulumi: null });
        stage.sandbox.clearRequests();
        holds(done(await stack.refresh()).text, /Ledger customers updated .*\[diff: -mark\]/);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 4, update: 1 });
        expect(written(stage.sandbox)).to.deep.equal([
            { request: "POST /proxy/ldg_*/metadata", body: { meta_data: { pulumi: mark } } },
        ]);
    });

    it("metadata keys of others are neither shown nor touched", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const foreign = { app_state: { visits: 7 }, note: "by hand" };
        stage.sandbox.editMetadata(stack.idOf("Ledger customers"), foreign);
        stage.sandbox.editMetadata(stack.idOf("Balance alice"), foreign);
        stage.sandbox.clearRequests();

        const refresh = done(await stack.refresh());
        expect(refresh.changes).to.deep.equal({ same: 5 });
        const up = done(await stack.up({ refresh: true }));
        expect(up.changes).to.deep.equal({ same: 5 });
        expect(`${refresh.text}${up.text}${stack.stateText()}`).not.to.match(/app_state|by hand/);
        expect(written(stage.sandbox)).to.deep.equal([]);
        expect(ledgersOf(stage.sandbox)[0]?.metadata).to.deep.equal({ env: "dev", ...foreign });
    });

    it("on a Core drift is seen and put right as on Blnk Cloud", async () => {
        const stack = await stage.open(shop, { mode: "core" });
        done(await stack.up());
        const id = stack.idOf("Ledger customers");
        stage.sandbox.editLedger(id, { name: "Somebody's" });
        stage.sandbox.editMetadata(id, { env: "prod" });
        stage.sandbox.clearRequests();
        expect(done(await stack.up({ refresh: true })).changes).to.deep.include({ same: 4, update: 1 });
        expect(written(stage.sandbox)).to.deep.equal([
            { request: "POST /ldg_*/metadata", body: { meta_data: { env: "dev" } } },
            { request: "PUT /ledgers/ldg_*", body: { name: "Customers" } },
        ]);
        expect(ledgersOf(stage.sandbox).map(({ name, metadata }) => [name, metadata])).to.deep.equal([
            ["Customers", { env: "dev" }],
        ]);
    });

    it("a balance that is gone is missed by refresh, reappears in the plan with its tag, and is made again", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const gone = stack.idOf("Balance alice");
        stage.sandbox.forget(gone);
        stage.sandbox.clearRequests();

        const refresh = done(await stack.refresh());
        expect(refresh.changes).to.deep.equal({ same: 3, delete: 2 });
        expect([...stack.state().keys()]).to.deep.equal(["Instance blnk", "Ledger customers"]);
        expect(written(stage.sandbox)).to.deep.equal([]);

        expect(done(await stack.preview()).changes).to.deep.equal({ same: 3, create: 2 });
        expect(done(await stack.up()).changes).to.deep.equal({ same: 3, create: 2 });
        expect(balancesOf(stage.sandbox).map(({ currency, metadata }) => [currency, metadata])).to.deep.equal([
            ["USD", { tier: { level: 1 }, billing: { plan: "pro" } }],
        ]);
        expect(stack.idOf("Balance alice")).not.to.equal(gone);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
    });

    it("a second balance that carries the same mark is named by refresh, which goes on with the first", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const id = stack.idOf("Balance alice");
        const [{ ledger_id = "", meta_data = {} } = {}] = stage.sandbox.balances();
        const body = { ledger_id, currency: "USD", meta_data };
        const { balance_id: twin } = (await post(coreTo(stage.sandbox), "/balances", body)) as { balance_id: string };

        const refresh = done(await stack.refresh());
        expect(refresh.changes).to.deep.equal({ same: 5 });
        expect(warningsOf(refresh)).to.deep.equal([
            `${twin} also carries the mark of ${id}, which this stack manages: a write from an interrupted run completed late, or an ` +
                `application copied the metadata. Resolve this in Blnk: move this stack's money to ${id}, and set the metadata key ` +
                `"pulumi" of ${twin} to null`,
        ]);
        expect(stack.idOf("Balance alice")).to.equal(id);
    });

    it("a thing that is gone, unknown to the stack, is an error of up that names it and leaves the rest", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const id = stack.idOf("Ledger customers");
        stage.sandbox.forget(id);
        stage.sandbox.clearRequests();
        stack.program(async () => {
            new blnk.Ledger("customers", { name: "Customers", metadata: { env: "test" } });
        });
        const up = await stack.up({ target: [stack.urnOf("Ledger customers")] });
        expect(up.ok, up.text).to.equal(false);
        holds(up.text, `cannot update ledger "customers": ${id} does not exist in Blnk. Run "pulumi refresh"`);
        expect(stack.idOf("Ledger customers")).to.equal(id);
        expect(new Set(asked(stage.sandbox))).to.deep.equal(
            new Set(["POST /ledger/filter 200", "GET /data/ledgers/ldg_* 404"]),
        );
    });
});
