import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { asked, balancesOf, done, holds, ledgersOf, onSandbox, reasonsOf } from "./stage";

const LEDGER = "ldg_00000000-0000-0000-0000-00000000000a";

/** Arguments as JavaScript, or a variable in TypeScript, hands them over. */
const loose = (args: unknown) => args as never;
/** A value that comes late, and is no JSON. */
const late = (value: unknown) => pulumi.output(1).apply(() => value as object) as never;

describe("what a program means otherwise than it says, under the real engine", () => {
    const stage = onSandbox();

    const wrong: [what: string, declare: () => unknown, told: string[]][] = [
        [
            "unknown arguments of a ledger",
            () => new blnk.Ledger("x", loose({ name: "x", metdata: {}, ondelete: "refuse" })),
            [
                'unknown argument "metdata" (did you mean "metadata"?)',
                'unknown argument "ondelete" (did you mean "onDelete"?)',
            ],
        ],
        [
            "unknown arguments of a balance",
            () => new blnk.Balance("x", loose({ ledgerId: LEDGER, currency: "USD", trackFundLinage: true })),
            [
                'unknown argument "ledgerId" (did you mean "ledger"?)',
                'unknown argument "trackFundLinage" (did you mean "trackFundLineage"?)',
            ],
        ],
        [
            "unknown arguments of a tag",
            () => new blnk.MetadataTag("x", loose({ target: LEDGER, key: "k", value: 1, replaceexisting: true })),
            ['unknown argument "replaceexisting" (did you mean "replaceExisting"?)'],
        ],
        [
            "unknown arguments of a set",
            () => new blnk.BalanceSet("x", loose({ ledger: LEDGER, balance: {} })),
            ['unknown argument "balance" (did you mean "balances"?)'],
        ],
        [
            "a promise in place of the arguments",
            () => new blnk.Balance("x", loose(Promise.resolve({ ledger: LEDGER, currency: "USD" }))),
            ["the arguments are a promise: pass an object with the names ledger, currency"],
        ],
        [
            "a bigint in an output",
            () => new blnk.Ledger("x", { metadata: { limit: late(10n) } }),
            ["metadata.limit is a bigint, which JSON cannot hold: give it as a string"],
        ],
        [
            "a Map in a promise, in a set",
            () =>
                new blnk.BalanceSet("x", {
                    ledger: LEDGER,
                    balances: { a: { currency: "USD", metadata: { m: Promise.resolve(new Map()) as never } } },
                }),
            ["balances.a.metadata.m is an object of the class Map, which JSON cannot hold: give plain values"],
        ],
        [
            "a Date made from a secret",
            () =>
                new blnk.MetadataTag("x", {
                    target: LEDGER,
                    key: "k",
                    value: pulumi.secret("2026-01-01").apply((day) => new Date(day) as never),
                }),
            ["value is a Date, which JSON cannot hold: give it as a string"],
        ],
        [
            "a function that comes late as a name",
            () => new blnk.Ledger("x", { name: late(() => "x") }),
            ["name is a function, which JSON cannot hold: give plain values"],
        ],
        [
            "a bigint that comes late as a ledger",
            () => new blnk.Balance("x", { ledger: late(5n), currency: "USD" }),
            ["ledger is a bigint, which JSON cannot hold: give it as a string"],
        ],
        [
            "NaN that comes late",
            () => new blnk.Ledger("x", { metadata: { a: late(Number.NaN) } }),
            ["metadata.a is not a finite number"],
        ],
    ];
    for (const [what, declare, told] of wrong) {
        it(`${what}: refused in the preview, with the reason, and nothing of it is asked`, async () => {
            const stack = await stage.open(async () => void declare());
            const preview = await stack.preview();
            expect(preview.ok, preview.text).to.equal(false);
            const reasons = reasonsOf(preview).filter((reason) => !/must be/.test(reason));
            expect(reasons, preview.text).to.have.length(told.length);
            holds(reasons.join("\n"), ...told);
            // Only the Instance of a new stack looks for things of its name.
            expect(asked(stage.sandbox).sort()).to.deep.equal(["POST /balances/filter 200", "POST /ledger/filter 200"]);
        });
    }

    it("what is wrong with a Provider and with a look-up is told in one sentence", async () => {
        const programs: [declare: () => unknown, told: string][] = [
            [
                () => new blnk.Provider("eu", loose({ instanceID: "inst_eu" })),
                'blnk.Provider "eu": unknown argument "instanceID" (did you mean "instanceId"?).',
            ],
            [
                () => blnk.getLedger(loose({ name: "x", metdata: {} })),
                'getLedger: unknown argument "metdata" (did you mean "metadata"?).',
            ],
            [
                () => blnk.getBalanceOutput(loose({ ledgerId: late("x") })),
                'getBalanceOutput: unknown argument "ledgerId" (did you mean "ledger"?).',
            ],
            [
                () => blnk.findLedger({ name: "x" }, loose({ dependsOn: [] })),
                'findLedger: unknown option "dependsOn"; known options: provider, parent.',
            ],
            [
                () => blnk.getBalance(loose({ ledger: blnk.getLedger({ id: LEDGER }), currency: "USD" })),
                "getBalance takes plain values, but one of them is not known yet: use getBalanceOutput.",
            ],
            [
                () => blnk.getLedger({ metadata: { since: new Date(0) } }),
                "getLedger: metadata.since is a Date, which JSON cannot hold: give it as a string.",
            ],
            [
                () => blnk.getLedgerOutput({ metadata: { since: late(new Date(0)) } }),
                "cannot look up ledger with metadata.since: metadata.since is a Date, which JSON cannot hold: give it as a string.",
            ],
        ];
        const stack = await stage.open(async () => undefined);
        for (const [declare, told] of programs) {
            stack.program(async () => void (await declare()));
            const preview = await stack.preview();
            expect(preview.ok, preview.text).to.equal(false);
            expect(preview.text).to.contain(told);
            expect(preview.text).not.to.match(/^\s+at .*[:)]\d*/m);
        }
        done(await stack.program(async () => undefined).preview());
    });

    it("keys that every object is born with are keys like others: of metadata, tags and members", async () => {
        const metadata = { toString: "t", valueOf: 1, constructor: "c", prototype: { a: 1 }, hasOwnProperty: true };
        const stack = await stage.open(async () => {
            const ledger = new blnk.Ledger("l", { metadata });
            const balances = { constructor: { currency: "USD", metadata }, valueOf: { currency: "USD" } };
            const set = new blnk.BalanceSet("s", { ledger, balances });
            new blnk.MetadataTag("t", { target: set.idOf("valueOf"), key: "valueOf", value: metadata });
        });
        done(await stack.up());
        expect(ledgersOf(stage.sandbox).map((it) => it.metadata)).to.deep.equal([metadata]);
        expect(balancesOf(stage.sandbox).map((it) => it.metadata)).to.have.deep.members([
            metadata,
            { valueOf: metadata },
        ]);
        done(await stack.refresh());
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
    });

    it("a value that comes late keeps its secrecy, and what is made of it is the value itself", async () => {
        const stack = await stage.open(async () => {
            const plan = { plan: "pro", seats: [1, 2] };
            new blnk.Ledger("x", { metadata: { open: late(plan), hidden: pulumi.secret(plan) } });
        });
        done(await stack.up());
        const [, ledger] = stage.sandbox.ledgers();
        const { pulumi: _mark, ...held } = { ...(ledger?.meta_data as object) } as Record<string, unknown>;
        expect(JSON.parse(JSON.stringify(held))).to.deep.equal({
            open: { plan: "pro", seats: [1, 2] },
            hidden: { plan: "pro", seats: [1, 2] },
        });
        const text = stack.stateText();
        expect(text.match(/"seats"/g)).to.have.length(2);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 3 });
    });
});
