import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import {
    asked,
    balancesOf,
    done,
    holds,
    ledgersOf,
    onSandbox,
    pay,
    reasonsOf,
    refused,
    warningsOf,
    written,
} from "./stage";

const stays = (what: string) => `${what} is no longer managed and stays in Blnk, which cannot delete it`;

const shop = async () => {
    const ledger = new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
    const balance = new blnk.Balance("alice", { ledger, currency: "USD" });
    new blnk.MetadataTag("billing", { target: balance, key: "billing", value: { plan: "pro" } });
    new blnk.MetadataTag("support", { target: ledger, key: "support", value: "gold" });
};

describe("removing, replacing and renaming under the real engine", () => {
    const stage = onSandbox();
    /** Without the balance that the money came from. */
    const ownCurrencies = () =>
        balancesOf(stage.sandbox)
            .filter(({ mark }) => mark !== undefined)
            .map(({ currency }) => currency);

    it("destroy leaves ledgers and balances, names each in a warning, and sets tags to null", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const ledger = stack.idOf("Ledger customers");
        const balance = stack.idOf("Balance alice");
        stage.sandbox.clearRequests();

        const destroy = done(await stack.destroy());
        expect(warningsOf(destroy)).to.deep.equal([
            stays(`balance "alice" (${balance})`),
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
        expect([...stack.state().keys()]).to.deep.equal([]);
    });

    it("destroy leaves a tag that somebody else has changed since, with a warning", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const balance = stack.idOf("Balance alice");
        stage.sandbox.editMetadata(balance, { billing: { plan: "theirs" } });
        stage.sandbox.clearRequests();

        const destroy = done(await stack.destroy());
        expect(warningsOf(destroy)).to.include(
            `metadata tag "billing" on ${balance} holds a value that this tag did not write; the value stays as it is`,
        );
        expect(written(stage.sandbox).map(({ body }) => body)).to.deep.equal([{ meta_data: { support: null } }]);
        expect(balancesOf(stage.sandbox)[0]?.metadata).to.deep.equal({ billing: { plan: "theirs" } });
    });

    it("a thing taken out of the program is let go like one destroyed", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const balance = stack.idOf("Balance alice");
        stage.sandbox.clearRequests();
        stack.program(async () => {
            const ledger = new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
            new blnk.MetadataTag("support", { target: ledger, key: "support", value: "gold" });
        });
        const up = done(await stack.up());
        expect(up.changes).to.deep.equal({ same: 4, delete: 2 });
        expect(warningsOf(up)).to.deep.equal([stays(`balance "alice" (${balance})`)]);
        expect(written(stage.sandbox).map(({ body }) => body)).to.deep.equal([{ meta_data: { billing: null } }]);
    });

    it("up --replace of a ledger takes it back by its mark and writes nothing; the next up has nothing to do", async () => {
        const stack = await stage.open(async () => {
            new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
        });
        done(await stack.up());
        const [old] = ledgersOf(stage.sandbox);
        stage.sandbox.clearRequests();

        const up = done(await stack.up({ replace: [stack.urnOf("Ledger customers")] }));
        expect(up.changes).to.deep.equal({ same: 2, replace: 1 });
        expect(asked(stage.sandbox)).to.deep.equal(["POST /ledger/filter 200"]);
        holds(up.text, `takes back ${old?.id}`);
        expect(warningsOf(up)).to.deep.equal([`ledger "customers" (${old?.id}) is now managed as Ledger "customers"`]);
        expect(stack.idOf("Ledger customers")).to.equal(old?.id);
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
            `metadata tag "billing" on ${ledger?.id} is now managed as MetadataTag "new-name"`,
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
        holds(preview.text, /takes over from shop\/dev\/customers@/);
        // Whose the thing is now is looked at before.
        expect(asked(stage.sandbox)).to.deep.equal(["POST /ledger/filter 200"]);

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

    it("a used balance that would be replaced is refused in the preview, as by up; with onDelete in the same change it is replaced", async () => {
        const at =
            (currency: string, more: Partial<blnk.BalanceArgs> = {}) =>
            async () => {
                const ledger = new blnk.Ledger("customers");
                new blnk.Balance("alice", { ledger, currency, ...more } as blnk.BalanceArgs);
                new blnk.BalanceSet("wallets", { ledger, balances: { a: { currency: "USD" } } });
            };
        const stack = await stage.open(at("USD"));
        done(await stack.up());
        const balance = stack.idOf("Balance alice");
        done(await stack.program(at("EUR")).preview());
        await pay(stage.sandbox, balance);
        stage.sandbox.clearRequests();
        const told = [
            `cannot replace balance "alice": it (${balance}) cannot be removed: money has moved on it (credit 100, debit 0`,
            'This resource was not changed. To stop managing it anyway, set onDelete: "forget" together with the change.',
        ];
        const preview = reasonsOf(refused(await stack.preview(), ...told));
        expect(reasonsOf(refused(await stack.up(), ...told))).to.deep.equal(preview);
        expect(written(stage.sandbox)).to.deep.equal([]);
        expect(stack.state().get("Balance alice")?.outputs.currency).to.equal("USD");

        stack.program(at("EUR", { onDelete: "forget" }));
        done(await stack.preview());
        expect(warningsOf(done(await stack.up()))).to.deep.equal([stays(`balance "alice" (${balance})`)]);
        expect(ownCurrencies()).to.deep.equal(["USD", "USD", "EUR"]);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
    });

    it("a used balance is replaced before it is deleted, or after, by the policy of the same change", async () => {
        const at =
            (currency: string, more: Partial<blnk.BalanceArgs> = {}) =>
            async () => {
                const ledger = new blnk.Ledger("customers");
                const args = { ledger, currency, ...more } as blnk.BalanceArgs;
                new blnk.Balance("alice", args, { deleteBeforeReplace: true });
            };
        const stack = await stage.open(at("USD"));
        done(await stack.up());
        const balance = stack.idOf("Balance alice");
        await pay(stage.sandbox, balance);
        refused(await stack.program(at("EUR")).up(), "cannot replace balance", "cannot be removed");
        done(await stack.program(at("EUR", { onDelete: "forget" })).up());
        expect(ownCurrencies()).to.deep.equal(["USD", "EUR"]);
    });

    it("a refused delete says that other removals may have been carried out, and its advice works", async () => {
        const program = (more: Partial<blnk.BalanceArgs> | undefined, tag = true) => {
            return async () => {
                const ledger = new blnk.Ledger("customers");
                if (tag) new blnk.MetadataTag("billing", { target: ledger, key: "billing", value: "pro" });
                if (more === undefined) return;
                new blnk.Balance("alice", { ledger, currency: "USD", ...more } as blnk.BalanceArgs);
            };
        };
        const stack = await stage.open(program({}));
        done(await stack.up());
        const balance = stack.idOf("Balance alice");
        await pay(stage.sandbox, balance);
        stack.program(program(undefined, false));
        const text = refused(await stack.up(), `it (${balance}) cannot be removed: money has moved on it`).text;
        holds(
            text,
            "It stays managed and was not changed; other removals of this run may already be done.",
            'set onDelete: "forget", run "pulumi up", and then remove it',
        );
        expect(text).not.to.include("Nothing was changed");
        expect([...stack.state().keys()]).to.include("Balance alice");

        done(await stack.program(program({ onDelete: "forget" }, false)).up());
        const up = done(await stack.program(program(undefined, false)).up());
        expect(warningsOf(up)).to.deep.equal([stays(`balance "alice" (${balance})`)]);
        expect(ledgersOf(stage.sandbox)[0]?.metadata).to.deep.equal({ billing: null });
    });

    it("a used member of a set is refused in the preview too, and the advice works for a change and for the whole set", async () => {
        const set =
            (balances: Record<string, blnk.BalanceSetMember> | undefined, more: object = {}) =>
            async () => {
                const ledger = new blnk.Ledger("customers");
                if (balances !== undefined) new blnk.BalanceSet("wallets", { ledger, balances, ...more });
            };
        const usd = { currency: "USD" };
        const stack = await stage.open(set({ a: usd, b: usd, c: usd }));
        done(await stack.up());
        const ids = stack.state().get("BalanceSet wallets")?.outputs.ids as Record<string, string>;
        for (const id of Object.values(ids)) await pay(stage.sandbox, id);
        stage.sandbox.clearRequests();
        for (const [balances, key] of [
            [{ b: usd, c: usd }, "a"],
            [{ a: usd, b: { currency: "EUR" }, c: usd }, "b"],
        ] as const) {
            stack.program(set(balances));
            const told = [
                `cannot update balance set "wallets": balance "${key}" (${ids[key]}) cannot be removed: money has moved on it`,
                'This set was not changed. To stop managing it anyway, set onDelete: "forget" on the set together with',
            ];
            const preview = reasonsOf(refused(await stack.preview(), ...told));
            expect(reasonsOf(refused(await stack.up(), ...told))).to.deep.equal(preview);
        }
        expect(written(stage.sandbox)).to.deep.equal([]);
        done(await stack.program(set({ b: { currency: "EUR" }, c: usd }, { onDelete: "forget" })).up());

        done(await stack.program(set({ b: { currency: "EUR" }, c: usd })).up());
        refused(await stack.program(set(undefined)).up(), "The set stays managed", `balance "c" (${ids.c})`);
        done(await stack.program(set({ b: { currency: "EUR" }, c: usd }, { onDelete: "forget" })).up());
        done(await stack.program(set(undefined)).up());
    });
});
