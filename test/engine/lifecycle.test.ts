import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import {
    asked,
    balancesOf,
    done,
    holds,
    INSTANCE_MADE,
    identityReads,
    ledgersOf,
    MIRROR_TEST,
    onSandbox,
    warningsOf,
    written,
} from "./stage";

const EVERYTHING = [
    ...INSTANCE_MADE,
    "POST /proxy/ledgers 201",
    ...MIRROR_TEST,
    "POST /proxy/balances 201",
    "GET /data/balances/bln_* 200",
    "POST /proxy/bln_*/metadata 200",
    "GET /data/balances/bln_* 200",
];

interface Wishes {
    name?: string;
    metadata?: Record<string, string | undefined>;
    currency?: string;
    plan?: string;
}

const shop =
    ({ name = "Customers", metadata = { env: "dev", tier: "gold" }, currency = "USD", plan = "free" }: Wishes = {}) =>
    async () => {
        const ledger = new blnk.Ledger("customers", { name, metadata });
        const balance = new blnk.Balance("alice", { ledger, currency });
        const tag = new blnk.MetadataTag("billing", { target: balance, key: "billing", value: { plan } });
        return { ledger: ledger.id, balance: balance.id, tag: tag.id, createdAt: ledger.createdAt };
    };

describe("the life of a stack under the real engine", () => {
    const stage = onSandbox();

    it("up makes what the program declares, each thing by one POST, and hands out their ids", async () => {
        const stack = await stage.open(shop());
        expect(done(await stack.up()).changes).to.deep.equal({ create: 5 });
        const { sandbox } = stage;
        expect(asked(sandbox)).to.have.members(EVERYTHING);
        const [ledger] = ledgersOf(sandbox);
        const [balance] = balancesOf(sandbox);
        expect(ledgersOf(sandbox).map(({ name, metadata }) => [name, metadata])).to.deep.equal([
            ["Customers", { env: "dev", tier: "gold" }],
        ]);
        expect(balancesOf(sandbox).map((it) => [it.ledger, it.currency, it.metadata])).to.deep.equal([
            [ledger?.id, "USD", { billing: { plan: "free" } }],
        ]);
        const owner = stack.idOf("Instance blnk");
        expect(ledger?.mark).to.match(new RegExp(`^shop/dev/customers@${owner}#[0-9a-f]{16}$`));
        expect(balance?.mark).to.match(new RegExp(`^shop/dev/alice@${owner}#[0-9a-f]{16}$`));
        const { createdAt, ...ids } = stack.outputs();
        expect(ids).to.deep.equal({ ledger: ledger?.id, balance: balance?.id, tag: `${balance?.id}/billing` });
        expect(createdAt).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/);
    });

    it("on Blnk Cloud a second up and a preview have nothing to do, and ask one question: whether it is there", async () => {
        const stack = await stage.open(shop());
        done(await stack.up());
        for (const run of [() => stack.up(), () => stack.preview()]) {
            stage.sandbox.clearRequests();
            expect(done(await run()).changes).to.deep.equal({ same: 5 });
            expect(asked(stage.sandbox)).to.deep.equal([]);
            expect(identityReads(stage.sandbox)).to.equal(1);
        }
    });

    it("on a Core a second up and a preview have nothing to do, and ask one question: which Core it is", async () => {
        const stack = await stage.open(shop(), { mode: "core" });
        done(await stack.up());
        for (const run of [() => stack.up(), () => stack.preview()]) {
            stage.sandbox.clearRequests();
            expect(done(await run()).changes).to.deep.equal({ same: 5 });
            expect(asked(stage.sandbox)).to.deep.equal(["GET /ledgers/general_ledger_id 200"]);
        }
    });

    it("a preview of a new stack writes nothing, on Blnk Cloud and on a Core", async () => {
        const cloud = await stage.open(shop());
        expect(done(await cloud.preview()).changes).to.deep.equal({ create: 5 });
        // Things of an earlier stack of this name would be refused.
        expect(asked(stage.sandbox).sort()).to.deep.equal(["POST /balances/filter 200", "POST /ledger/filter 200"]);
        stage.sandbox.clearRequests();
        const core = await stage.open(shop(), { mode: "core" });
        expect(done(await core.preview()).changes).to.deep.equal({ create: 5 });
        expect(asked(stage.sandbox).sort()).to.deep.equal([
            "GET /ledgers/general_ledger_id 200",
            "POST /balances/filter 200",
            "POST /ledgers/filter 200",
        ]);
    });

    it("another name renames the ledger in place, which the preview shows and does not do", async () => {
        const stack = await stage.open(shop());
        done(await stack.up());
        const [before] = ledgersOf(stage.sandbox);
        stage.sandbox.clearRequests();

        stack.program(shop({ name: "Buyers" }));
        const preview = done(await stack.preview());
        holds(preview.text, '~ name: "Customers" => "Buyers"');
        expect(preview.changes).to.deep.equal({ same: 4, update: 1 });
        // Whose the ledger is now is seen first, and in the preview too.
        expect(asked(stage.sandbox)).to.deep.equal(["POST /ledger/filter 200"]);

        stage.sandbox.clearRequests();
        expect(done(await stack.up()).changes).to.deep.equal({ same: 4, update: 1 });
        expect(asked(stage.sandbox)).to.deep.equal([
            "POST /ledger/filter 200",
            "GET /data/ledgers/ldg_* 200",
            "PUT /proxy/ledgers/ldg_* 200",
        ]);
        expect(ledgersOf(stage.sandbox)).to.deep.equal([{ ...before, name: "Buyers" }]);
        expect(stack.idOf("Ledger customers")).to.equal(before?.id);
    });

    it("of metadata only what changed is sent, a dropped key becomes null, and foreign keys stay", async () => {
        const stack = await stage.open(shop());
        done(await stack.up());
        const id = stack.idOf("Ledger customers");
        stage.sandbox.editMetadata(id, { app: { visits: 1 } });
        stage.sandbox.clearRequests();

        stack.program(shop({ metadata: { env: "dev", region: "eu" }, plan: "pro" }));
        expect(done(await stack.up()).changes).to.deep.equal({ same: 3, update: 2 });
        expect(written(stage.sandbox)).to.have.deep.members([
            { request: "POST /proxy/ldg_*/metadata", body: { meta_data: { region: "eu", tier: null } } },
            { request: "POST /proxy/bln_*/metadata", body: { meta_data: { billing: { plan: "pro" } } } },
        ]);
        expect(ledgersOf(stage.sandbox)[0]?.metadata).to.deep.equal({
            env: "dev",
            tier: null,
            region: "eu",
            app: { visits: 1 },
        });
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: 5 });
    });

    it("another currency makes a new balance with a mark of its own; the old one is left and named in a warning", async () => {
        const stack = await stage.open(shop());
        done(await stack.up());
        const [old] = balancesOf(stage.sandbox);
        stage.sandbox.clearRequests();

        stack.program(shop({ currency: "EUR" }));
        holds(done(await stack.preview()).text, '~ currency: "USD" => "EUR"');
        expect(written(stage.sandbox)).to.deep.equal([]);

        const up = done(await stack.up());
        expect(up.changes).to.deep.equal({ same: 3, replace: 2 });
        const [left, made] = balancesOf(stage.sandbox);
        expect(left).to.deep.equal({ ...old, metadata: { billing: null } });
        expect(made).to.deep.include({ currency: "EUR", metadata: { billing: { plan: "free" } } });
        expect(made?.mark).not.to.equal(old?.mark);
        expect(balancesOf(stage.sandbox)).to.have.length(2);
        expect(stack.idOf("Balance alice")).to.equal(made?.id);
        expect(warningsOf(up)).to.deep.equal([
            `balance "alice" (${old?.id}) is no longer managed and stays in Blnk, which cannot delete it`,
        ]);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
    });

    it("an identity is set and exchanged in place", async () => {
        const { sandbox } = stage;
        const identities: string[] = [];
        for (const name of ["Ann", "Bob"]) {
            const answer = await fetch(`${sandbox.coreUrl}/identities`, {
                method: "POST",
                headers: { "x-blnk-key": sandbox.coreKey },
                body: JSON.stringify({ identity_type: "individual", first_name: name, last_name: "Lee" }),
            });
            identities.push(((await answer.json()) as { identity_id: string }).identity_id);
        }
        const of = (identity?: string) => async () => {
            const ledger = new blnk.Ledger("customers");
            new blnk.Balance("wallet", { ledger, currency: "USD", identity });
        };
        const stack = await stage.open(of());
        done(await stack.up());
        for (const identity of identities) {
            sandbox.clearRequests();
            expect(done(await stack.program(of(identity)).up()).changes).to.deep.equal({ same: 3, update: 1 });
            expect(asked(sandbox)).to.deep.equal([
                "POST /balances/filter 200",
                "GET /data/balances/bln_* 200",
                "PUT /proxy/balances/bln_*/identity 200",
            ]);
            expect(sandbox.balances().map((row) => row.identity_id)).to.deep.equal([identity]);
        }
    });
});
