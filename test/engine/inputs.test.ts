import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { core } from "../sandbox/client";
import { askedBesides, done, holds, ledgersOf, onSandbox, refused, written } from "./stage";

const LEDGER = "ldg_00000000-0000-0000-0000-00000000000a";
const IDENTITY = "idt_00000000-0000-0000-0000-00000000000b";

const ledgerWith = (metadata: object) => () => new blnk.Ledger("x", { metadata: metadata as Record<string, string> });
const balanceWith = (args: object) => () =>
    new blnk.Balance("x", { ledger: LEDGER, currency: "USD", ...args } as blnk.BalanceArgs);
const tagWith = (args: object) => () =>
    new blnk.MetadataTag("x", { target: LEDGER, key: "a", value: 1, ...args } as blnk.MetadataTagArgs);

describe("bad input under the real engine", () => {
    const stage = onSandbox();

    const bad: [what: string, declare: () => unknown, ...told: string[]][] = [
        ["an empty ledger name", () => new blnk.Ledger("x", { name: " " }), "name must not be empty"],
        ["a name that is no text", () => new blnk.Ledger("x", { name: 5 as never }), "name must be a string"],
        ["the reserved key pulumi", ledgerWith({ pulumi: 1 }), '"pulumi" is reserved', "mark"],
        ["a reserved key of Blnk's", ledgerWith({ BLNK_RUN_RECONCILIATION: 1 }), "is reserved", "recompute"],
        ["a tag with a reserved key", tagWith({ key: "tokenized_fields" }), '"tokenized_fields" is reserved'],
        ["an empty key", ledgerWith({ "": 1 }), "a metadata key must not be empty"],
        ["an integer beyond 2^53", ledgerWith({ a: { b: [2 ** 53] } }), "metadata.a.b[0] is an integer beyond 2^53"],
        ["NaN", ledgerWith({ a: Number.NaN }), "metadata.a is not a finite number"],
        ["Infinity in a tag", tagWith({ value: { b: Number.POSITIVE_INFINITY } }), "value.b is not a finite number"],
        [
            "more than 4 KB of metadata",
            ledgerWith({ a: "x".repeat(4096) }),
            "metadata takes 4104 bytes",
            "4096",
            "Declare less",
        ],
        ["a tag of more than 4 KB", tagWith({ value: "é".repeat(2048) }), "value takes 4098 bytes", "4096"],
        ["a NUL character", ledgerWith({ a: ["b\0"] }), "metadata.a[0] holds a NUL character"],
        ["a Date", ledgerWith({ a: [new Date(0)] }), "metadata.a[0] is a Date, which JSON cannot hold"],
        ["a bigint in a tag", tagWith({ value: { b: 5n } }), "value.b is a bigint", "give it as a string"],
        ["a function", ledgerWith({ a: () => 1 }), "metadata.a is a function, which JSON cannot hold"],
        ["a Map", ledgerWith({ a: new Map() }), "metadata.a is an object of the class Map", "give plain values"],
        ["a tag on an id of unknown kind", tagWith({ target: "acc_1" }), "target must be a ledger, balance", "ldg_"],
        ["a tag on the General Ledger", tagWith({ target: "general_ledger_id" }), "target is the General Ledger"],
        [
            "a currency with space around it",
            balanceWith({ currency: " USD" }),
            "currency has leading or trailing spaces",
        ],
        ["an empty currency", balanceWith({ currency: "" }), "currency must not be empty"],
        [
            "a balance in what is no ledger",
            balanceWith({ ledger: IDENTITY }),
            "ledger must be a Ledger or the id of one",
        ],
        ["an identity that is none", balanceWith({ identity: LEDGER }), "identity must be the id of an identity"],
        ["lineage without identity", balanceWith({ trackFundLineage: true }), "trackFundLineage needs an identity"],
        [
            "an unknown strategy",
            balanceWith({ allocationStrategy: "RANDOM" }),
            'allocationStrategy must be "FIFO" or "LIFO" or "PROPORTIONAL"',
        ],
        ["a balance without currency", balanceWith({ currency: undefined }), "currency is missing"],
        ["a balance without ledger", balanceWith({ ledger: undefined }), "ledger is missing"],
        ["a tag without value", tagWith({ value: undefined }), "value is missing"],
        ["a tag without target", tagWith({ target: undefined }), "target is missing"],
        ["a balance without arguments", () => new blnk.Balance("x", undefined as never), "ledger is missing"],
    ];
    for (const [what, declare, ...told] of bad) {
        it(`${what} is refused in the preview, with the reason and before any request`, async () => {
            const stack = await stage.open(async () => void declare());
            const preview = await stack.preview();
            expect(preview.ok, preview.text).to.equal(false);
            expect(preview.text).to.match(/resource .x. has a problem: /);
            holds(preview.text, ...told);
            expect(askedBesides(stage.sandbox)).to.deep.equal([]);
        });
    }

    it("two tags on one key are refused, naming both", async () => {
        const stack = await stage.open(async () => {
            new blnk.MetadataTag("first", { target: LEDGER, key: "a", value: 1 });
            new blnk.MetadataTag("second", { target: LEDGER, key: "a", value: 2 });
        });
        refused(await stack.preview(), "is declared twice", 'MetadataTag "first"', 'MetadataTag "second"');
        expect(written(stage.sandbox)).to.deep.equal([]);
    });

    it("a tag on a key that a ledger declares in its metadata is refused, naming both", async () => {
        const metadata = { billing: "pro" };
        const stack = await stage.open(async () => void new blnk.Ledger("customers", { metadata }));
        done(await stack.up());
        stage.sandbox.clearRequests();
        stack.program(async () => {
            const ledger = new blnk.Ledger("customers", { metadata });
            new blnk.MetadataTag("tag", { target: ledger, key: "billing", value: "free" });
        });
        const both = ["is declared twice", 'Ledger "customers"', 'MetadataTag "tag"'];
        refused(await stack.preview(), ...both);
        refused(await stack.up(), ...both);
        expect(askedBesides(stage.sandbox)).to.deep.equal([]);
        expect(ledgersOf(stage.sandbox).map((it) => it.metadata)).to.deep.equal([metadata]);
    });

    it("one key of what is not made yet, declared twice, shows in the preview already", async () => {
        const stack = await stage.open(async () => {
            const ledger = new blnk.Ledger("customers", { metadata: { billing: "pro" } });
            new blnk.MetadataTag("tag", { target: ledger, key: "billing", value: "free" });
        });
        refused(
            await stack.preview(),
            'of Ledger "customers" is declared twice',
            'MetadataTag "tag"',
            "keep it in one",
        );
        stack.program(async () => {
            const ledger = new blnk.Ledger("customers");
            const balance = new blnk.Balance("alice", { ledger, currency: "USD" });
            for (const name of ["one", "two"]) new blnk.MetadataTag(name, { target: balance, key: "a/b", value: name });
        });
        refused(await stack.preview(), 'the metadata key "a/b" of Balance "alice" is declared twice', "keep it in one");
        expect(written(stage.sandbox)).to.deep.equal([]);
    });

    it("a key that was declared twice is kept by the tag: what the ledger wrote of it is nobody else's", async () => {
        const program = (metadata: Record<string, string>) => async () => {
            const ledger = new blnk.Ledger("customers", { metadata });
            new blnk.MetadataTag("tag", { target: ledger, key: "billing", value: "free" });
        };
        const stack = await stage.open(program({ billing: "pro" }));
        // Found when the ledger is made already, and has written the key.
        refused(await stack.up(), "is declared twice");
        expect(ledgersOf(stage.sandbox).map((it) => it.metadata)).to.deep.equal([{ billing: "pro" }]);
        stack.program(program({}));
        expect(done(await stack.preview()).changes).to.include({ update: 1, create: 1 });
        done(await stack.up());
        expect(ledgersOf(stage.sandbox).map((it) => it.metadata)).to.deep.equal([{ billing: "free" }]);
    });

    it("an identity cannot be taken away, unless the balance is replaced", async () => {
        const { sandbox } = stage;
        const person = { identity_type: "individual", first_name: "Ann", last_name: "Lee" };
        const { body } = await core(sandbox, "POST", "/identities", person);
        const wallet = (args: object) => async () => {
            const ledger = new blnk.Ledger("customers");
            new blnk.Balance("wallet", { ledger, currency: "USD", ...args });
        };
        const stack = await stage.open(wallet({ identity: body.identity_id }));
        done(await stack.up());
        sandbox.clearRequests();
        stack.program(wallet({}));
        refused(await stack.preview(), "identity cannot be removed once it is set");
        refused(await stack.up(), "identity cannot be removed once it is set");
        expect(written(sandbox)).to.deep.equal([]);
        expect(done(await stack.program(wallet({ currency: "EUR" })).preview()).changes).to.deep.include({
            replace: 1,
        });
    });

    const secret = "hush-hush";
    const quoted: [what: string, declare: () => unknown][] = [
        ["metadata", ledgerWith({ a: pulumi.secret(`${secret}\0`) })],
        ["a tag's value", tagWith({ value: { b: pulumi.secret(`${secret}\0`) } })],
        ["a currency", balanceWith({ currency: pulumi.secret(` ${secret}`) })],
        ["a ledger's id", balanceWith({ ledger: pulumi.secret(secret) })],
        ["an identity's id", balanceWith({ identity: pulumi.secret(secret) })],
        ["a tag's target", tagWith({ target: pulumi.secret(secret) })],
        ["a strategy", balanceWith({ allocationStrategy: pulumi.secret(secret) })],
        ["metadata that is no object", ledgerWith(pulumi.secret(secret))],
    ];
    for (const [what, declare] of quoted) {
        it(`a secret in ${what} is not quoted by the reason for refusing it`, async () => {
            const stack = await stage.open(async () => void declare());
            const preview = await stack.preview();
            expect(preview.ok, preview.text).to.equal(false);
            expect(preview.text).to.include("has a problem: ");
            expect(preview.text).not.to.include(secret);
        });
    }
});
