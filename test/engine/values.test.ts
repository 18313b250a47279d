import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { asked, balancesOf, done, ledgersOf, onSandbox, written } from "./stage";

/** A component as a user would write one, with another inside. */
class Tenant extends pulumi.ComponentResource {
    constructor(name: string, options?: pulumi.ComponentResourceOptions) {
        super("shop:index:Tenant", name, {}, options);
        const ledger = new blnk.Ledger(`${name}-ledger`, { name }, { parent: this });
        new Wallet(`${name}-wallet`, ledger, { parent: this });
    }
}

class Wallet extends pulumi.ComponentResource {
    constructor(name: string, ledger: blnk.Ledger, options: pulumi.ComponentResourceOptions) {
        super("shop:index:Wallet", name, {}, options);
        const balance = new blnk.Balance(name, { ledger, currency: "USD" }, { parent: this });
        new blnk.MetadataTag(`${name}-tag`, { target: balance, key: "wallet", value: name }, { parent: balance });
    }
}

describe("what a program may write under the real engine", () => {
    const stage = onSandbox();

    it("components and resources as parents: made once, told apart, let go by their own names", async () => {
        const stack = await stage.open(async () => {
            new Tenant("acme");
            new Tenant("zeta");
        });
        expect(done(await stack.up()).changes).to.deep.equal({ create: 12 });
        expect(ledgersOf(stage.sandbox).map(({ name }) => name)).to.have.members(["acme", "zeta"]);
        expect(balancesOf(stage.sandbox).map(({ metadata }) => metadata)).to.have.deep.members([
            { wallet: "acme-wallet" },
            { wallet: "zeta-wallet" },
        ]);
        const marks = [...ledgersOf(stage.sandbox), ...balancesOf(stage.sandbox)].map(({ mark }) => mark);
        expect(new Set(marks).size).to.equal(4);
        stage.sandbox.clearRequests();
        expect(done(await stack.up()).changes).to.deep.equal({ same: 12 });
        expect(asked(stage.sandbox)).to.deep.equal([]);
        const destroy = done(await stack.destroy());
        expect(destroy.text).to.include(`balance "acme-wallet"`);
        expect(written(stage.sandbox).map(({ body }) => body)).to.deep.equal([
            { meta_data: { wallet: null } },
            { meta_data: { wallet: null } },
        ]);
    });

    it("a ledger that moves into a component with an alias keeps its id", async () => {
        const stack = await stage.open(async () => {
            new blnk.Ledger("acme-ledger", { name: "acme" });
        });
        done(await stack.up());
        const id = stack.idOf("Ledger acme-ledger");
        stack.program(async () => {
            const tenant = new pulumi.ComponentResource("shop:index:Tenant", "acme");
            const aliases = [{ parent: pulumi.rootStackResource }];
            new blnk.Ledger("acme-ledger", { name: "acme" }, { parent: tenant, aliases });
        });
        expect(done(await stack.up()).changes).to.deep.equal({ same: 2, create: 1, update: 1 });
        expect(ledgersOf(stage.sandbox).map((it) => it.id)).to.deep.equal([id]);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 4 });
    });

    it("outputs of other resources and secrets, at any depth of metadata, arrive as plain values", async () => {
        const stack = await stage.open(async () => {
            const first = new blnk.Ledger("first", { name: "First" });
            const metadata = {
                source: first.id,
                made: { from: [first.name, pulumi.secret("hush")], key: pulumi.secret({ pin: 1234 }) },
                secret: pulumi.secret("quiet"),
            };
            const second = new blnk.Ledger("second", { metadata });
            new blnk.MetadataTag("note", { target: second.id, key: "note", value: { of: first.id, n: [1, 2.5] } });
        });
        done(await stack.up());
        const id = stack.idOf("Ledger first");
        expect(ledgersOf(stage.sandbox)[1]?.metadata).to.deep.equal({
            source: id,
            made: { from: ["First", "hush"], key: { pin: 1234 } },
            secret: "quiet",
            note: { of: id, n: [1, 2.5] },
        });
        stage.sandbox.clearRequests();
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: 5 });
        expect(written(stage.sandbox)).to.deep.equal([]);
    });

    it("all of the metadata may be an output that is known only when it is made", async () => {
        const stack = await stage.open(async () => {
            const first = new blnk.Ledger("first");
            new blnk.Ledger("second", {
                name: pulumi.interpolate`after ${first.id}`,
                metadata: first.id.apply((of) => ({ of })),
            });
        });
        expect(done(await stack.preview()).changes).to.deep.equal({ create: 4 });
        done(await stack.up());
        const id = stack.idOf("Ledger first");
        expect(ledgersOf(stage.sandbox)[1]).to.deep.include({ name: `after ${id}`, metadata: { of: id } });
    });

    it("undefined counts as not given and null as absent, and neither is a change later", async () => {
        const stack = await stage.open(async () => {
            const metadata = { a: undefined, b: null, c: { d: undefined, e: null, f: [null] }, g: 0, h: false, i: "" };
            const ledger = new blnk.Ledger("odd", { name: undefined, metadata });
            new blnk.Ledger("bare", { metadata: {} });
            new blnk.Balance("wallet", { ledger, currency: "USD", identity: undefined, metadata: undefined });
        });
        done(await stack.up());
        expect(ledgersOf(stage.sandbox).map(({ name, metadata }) => [name, metadata])).to.have.deep.members([
            ["odd", { c: { e: null, f: [null] }, g: 0, h: false, i: "" }],
            ["bare", {}],
        ]);
        stage.sandbox.clearRequests();
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: 5 });
        expect(written(stage.sandbox)).to.deep.equal([]);
    });
});
