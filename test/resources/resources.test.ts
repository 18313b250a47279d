import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import fc from "fast-check";
import * as blnk from "../../provider";
import { handler } from "../../provider/wire/handlers";
import { ofKind, run, runMocked, secret } from "./mockedProgram";

const urn = (kind: string, name: string, under = "") =>
    `urn:pulumi:dev::shop::${under}pulumi-nodejs:dynamic/blnk:${kind}::${name}`;

describe("a program", () => {
    it("has one Instance, registered first, whatever it declares", async () => {
        const registered = await run(() => {
            const ledger = new blnk.Ledger("customers");
            new blnk.Balance("alice", { ledger, currency: "USD" });
            new blnk.MetadataTag("tag", { target: ledger, key: "k", value: 1 });
            blnk.Ledger.get("other", "ldg_1");
        });
        expect(registered.map(({ kind }) => kind).filter((kind) => kind === "Instance")).to.have.length(1);
        expect(registered.find(({ kind }) => kind !== "pulumi:pulumi:Stack")).to.include({
            kind: "Instance",
            name: "blnk",
        });
        expect(ofKind(registered, "Instance")).to.deep.equal([{ name: "blnk", inputs: { stack: "shop/dev" } }]);
    });

    it("that runs again in the same process has an Instance of its own", async () => {
        for (let count = 0; count < 2; count += 1) {
            expect(ofKind(await run(() => new blnk.Ledger("l")), "Instance")).to.have.length(1);
        }
    });

    it("that declares nothing of ours has no Instance", async () => {
        expect(ofKind(await run(() => undefined), "Instance")).to.deep.equal([]);
    });

    it("of plain JavaScript that leaves arguments out gets as far as the check, which says what is missing", async () => {
        const registered = await run(() => {
            for (const args of [undefined, {}]) {
                new blnk.Balance("b", args as unknown as blnk.BalanceArgs);
                new blnk.MetadataTag("t", args as unknown as blnk.MetadataTagArgs);
            }
        });
        expect(ofKind(registered, "Balance")).to.have.length(2);
        expect(ofKind(registered, "MetadataTag")).to.have.length(2);
    });

    it("hands every resource the constant text of its kind, and its own URN", async () => {
        const registered = await run(() => {
            const ledger = new blnk.Ledger("customers");
            new blnk.Balance("alice", { ledger, currency: "USD" });
            new blnk.MetadataTag("tag", { target: ledger, key: "k", value: 1 });
        });
        for (const [kind, name] of [
            ["Ledger", "customers"],
            ["Balance", "alice"],
            ["MetadataTag", "tag"],
        ] as const) {
            const inputs = registered.find((resource) => resource.kind === kind)?.inputs;
            expect(inputs).to.include({
                __provider: handler(kind),
                ownUrn: urn(kind, name),
                instance: "inst_a/id_of_blnk",
            });
        }
    });
});

const instance = "inst_a/id_of_blnk";

describe("what a resource asks for", () => {
    const ledgers: [rule: string, args: blnk.LedgerArgs | undefined, inputs: object][] = [
        ["a ledger without arguments asks for nothing: the host knows its name", undefined, {}],
        ["a ledger's name may be given", { name: "Wallets" }, { name: "Wallets" }],
        ["an undefined name counts as not given", { name: undefined }, {}],
        ["an undefined name that comes late counts as not given", { name: pulumi.output(undefined) }, {}],
        [
            "metadata is handed over as it is",
            { metadata: { a: { b: [1, "x", false] } } },
            { metadata: { a: { b: [1, "x", false] } } },
        ],
        [
            "undefined in metadata is not given, null is null",
            { metadata: { a: undefined, b: null, c: { d: undefined } } },
            { metadata: { b: null, c: {} } },
        ],
        ["undefined metadata is not given", { metadata: undefined }, {}],
        [
            "adoption and policy are handed over",
            { adopt: "ldg_1", adoptFrom: "m", onDelete: "forget" },
            { adopt: "ldg_1", adoptFrom: "m", onDelete: "forget", secretInputs: [] },
        ],
    ];
    for (const [rule, args, inputs] of ledgers) {
        it(rule, async () => {
            const registered = await run(() => new blnk.Ledger("l", args));
            expect(ofKind(registered, "Ledger")).to.deep.equal([
                { name: "l", inputs: { ...inputs, instance, ownUrn: urn("Ledger", "l") } },
            ]);
        });
    }

    const born = fc.constantFrom("toString", "valueOf", "constructor", "prototype", "hasOwnProperty", "isPrototypeOf");
    // As in JSON, which has no -0.
    const named = fc
        .dictionary(fc.oneof(born, fc.string()), fc.jsonValue(), { noNullPrototype: false })
        .map((metadata) => JSON.parse(JSON.stringify(metadata)) as Record<string, never>);

    it("metadata, tags and members may have keys that every object is born with", async () => {
        await fc.assert(
            fc.asyncProperty(named, async (metadata) => {
                fc.pre(!JSON.stringify(metadata).includes("__proto__"));
                const registered = await run(() => {
                    new blnk.Ledger("l", { metadata });
                    new blnk.MetadataTag("t", { target: "ldg_1", key: "k", value: [metadata] });
                    const balances = { a: { currency: "USD", metadata }, toString: { currency: "EUR" } };
                    new blnk.BalanceSet("s", { ledger: "ldg_1", balances });
                });
                expect(ofKind(registered, "Ledger")[0]?.inputs.metadata).to.deep.equal(metadata);
                expect(ofKind(registered, "MetadataTag")[0]?.inputs.value).to.deep.equal([metadata]);
                expect(ofKind(registered, "BalanceSet")[0]?.inputs.balances).to.deep.equal({
                    a: { currency: "USD", metadata },
                    toString: { currency: "EUR" },
                });
            }),
            { numRuns: 50 },
        );
    });

    it("outputs of other resources and secrets may stand anywhere in metadata", async () => {
        const registered = await run(() => {
            const other = new blnk.Ledger("other", { name: "Other" });
            new blnk.Ledger("l", {
                metadata: {
                    id: other.id,
                    deep: [{ name: other.name }],
                    token: pulumi.secret("s"),
                    plan: { key: pulumi.secret("t") },
                },
            });
        });
        const ledger = ofKind(registered, "Ledger").find(({ name }) => name === "l");
        // The mock moves a nested secret to the top.
        expect(ledger?.inputs.metadata).to.deep.equal(
            secret({ id: "id_of_other", deep: [{ name: "Other" }], token: "s", plan: { key: "t" } }),
        );
    });

    const ledgerUrn = { targetUrn: urn("Ledger", "customers") };
    const targets: [
        what: string,
        give: (ledger: blnk.Ledger) => pulumi.Input<string | blnk.HasId>,
        id: string,
        known?: object,
    ][] = [
        ["a Ledger", (ledger) => ledger, "id_of_customers", ledgerUrn],
        ["an id", () => "ldg_1", "ldg_1"],
        ["the id of a Ledger", (ledger) => ledger.id, "id_of_customers"],
        ["a promise of a Ledger", (ledger) => Promise.resolve(ledger), "id_of_customers", ledgerUrn],
        [
            "an output of a Ledger",
            (ledger) => pulumi.output(ledger) as unknown as pulumi.Output<blnk.HasId>,
            "id_of_customers",
            ledgerUrn,
        ],
        ["a plain object with an id", () => ({ id: "ldg_2" }), "ldg_2"],
        ["a plain object with the id of a Ledger", (ledger) => ({ id: ledger.id }), "id_of_customers"],
    ];
    for (const [what, give, id, known] of targets) {
        it(`${what} may stand for what a balance and a tag refer to`, async () => {
            const registered = await run(() => {
                const ledger = new blnk.Ledger("customers");
                new blnk.Balance("alice", { ledger: give(ledger), currency: "USD", identity: give(ledger) });
                new blnk.MetadataTag("tag", { target: give(ledger), key: "k", value: { a: [null, 1] } });
            });
            expect(ofKind(registered, "Balance")[0]?.inputs).to.deep.equal({
                ledger: id,
                currency: "USD",
                identity: id,
                instance,
                ownUrn: urn("Balance", "alice"),
            });
            expect(ofKind(registered, "MetadataTag")[0]?.inputs).to.deep.equal({
                target: id,
                ...known,
                key: "k",
                value: { a: [null, 1] },
                instance,
                ownUrn: urn("MetadataTag", "tag"),
            });
        });
    }

    it("all arguments of a balance are handed over, and those left out are not", async () => {
        const full = {
            ledger: "ldg_1",
            currency: "USD",
            identity: "idt_1",
            trackFundLineage: true,
            allocationStrategy: "LIFO" as const,
            metadata: { a: 1 },
        };
        const registered = await run(() => {
            new blnk.Balance("full", full);
            new blnk.Balance("bare", { ledger: "ldg_1", currency: "USD", identity: undefined, metadata: undefined });
        });
        const asked = ofKind(registered, "Balance").map(({ name, inputs: { ownUrn, ...inputs } }) => [name, inputs]);
        expect(Object.fromEntries(asked)).to.deep.equal({
            full: { ...full, instance },
            bare: { ledger: "ldg_1", currency: "USD", instance },
        });
    });

    it("a look-up asks for nothing but the thing itself", async () => {
        const registered = await run(() => {
            blnk.Ledger.get("l", "ldg_1");
            blnk.Balance.get("b", "bln_1");
            blnk.MetadataTag.get("t", "ldg_1/k");
        });
        for (const [kind, id] of [
            ["Ledger", "ldg_1"],
            ["Balance", "bln_1"],
            ["MetadataTag", "ldg_1/k"],
        ]) {
            const found = registered.find((resource) => resource.kind === kind);
            const { __provider, ...inputs } = found?.inputs ?? {};
            expect([found?.id, inputs]).to.deep.equal([id, { lookup: true, instance }]);
        }
    });

    it("the arguments that a program hands over are left as they are", async () => {
        const args = { ledger: "ldg_1", currency: "USD", metadata: { a: { b: 1 } } };
        const copy = structuredClone(args);
        await run(() => new blnk.Balance("b", args));
        expect(args).to.deep.equal(copy);
    });
});

describe("the stacks that the SDK notes on each promise", () => {
    const declare = {
        Ledger: (name: string, options?: pulumi.CustomResourceOptions) => new blnk.Ledger(name, {}, options),
        Balance: (name: string, options?: pulumi.CustomResourceOptions) =>
            new blnk.Balance(name, { ledger: "ldg_1", currency: "USD" }, options),
        MetadataTag: (name: string, options?: pulumi.CustomResourceOptions) =>
            new blnk.MetadataTag(name, { target: "ldg_1", key: "k", value: 1 }, options),
    };
    const { stackTraceLimit } = Error;
    const leaks = "PULUMI_DEBUG_PROMISE_LEAKS";
    afterEach(() => {
        delete process.env[leaks];
    });

    for (const [kind, declared] of Object.entries(declare)) {
        /** How many lines a stack has while the SDK registers the resource. */
        const linesWithin = async (): Promise<number | undefined> => {
            let lines: number | undefined;
            const transformation = () => {
                lines = new Error("here").stack?.split("\n").length;
                return undefined;
            };
            await run(() => void declared("r", { transformations: [transformation] }));
            return lines;
        };

        it(`are left out while a ${kind} is declared, and there again after it`, async () => {
            expect(await linesWithin()).to.equal(1);
            expect(Error.stackTraceLimit).to.equal(stackTraceLimit);
        });

        it(`are there for those who look for leaking promises, of a ${kind}`, async () => {
            process.env[leaks] = "1";
            expect(await linesWithin()).to.be.greaterThan(1);
        });

        it(`do not take from an error where a ${kind} was declared`, async () => {
            let failure: Error | undefined;
            await run(() => {
                try {
                    declared("");
                } catch (error) {
                    failure = error as Error;
                }
            });
            expect(failure?.message).to.match(/Missing resource name/);
            expect(failure?.stack)
                .to.match(/Missing resource name/)
                .and.match(/resources\.test\.[jt]s/);
            expect(Error.stackTraceLimit).to.equal(stackTraceLimit);
        });
    }
});

describe("the id of a member of a set", () => {
    const failure = (output: pulumi.Output<string>) =>
        (output as unknown as { promise(): Promise<string> }).promise().then(String, (error: Error) => error.message);
    const ids = (held: Record<string, string>) => async (program: (set: blnk.BalanceSet) => Promise<unknown>) => {
        const make: pulumi.runtime.Mocks["newResource"] = ({ inputs, name }) => ({
            id: name,
            state: { ...inputs, server: "inst_a", ids: held },
        });
        await runMocked(() => program(new blnk.BalanceSet("s", { ledger: "ldg_1", balances: {} })), make, false);
    };
    const keys = fc.oneof(
        fc.string({ minLength: 1 }),
        fc.constantFrom("toString", "constructor", "prototype", "valueOf", "hasOwnProperty", "__proto__"),
    );

    it("is the one under just this key, and an error without such a key, whatever the key is", async () => {
        await fc.assert(
            fc.asyncProperty(keys, keys, async (key, other) => {
                // The SDK loses that key, so no set has it.
                const held = key === "__proto__" ? {} : { [key]: "bln_1" };
                await ids(held)(async (set) => {
                    const missing = (name: string) =>
                        `the balance set has no balance "${name}": declare it in balances.`;
                    expect(await failure(set.idOf(key))).to.equal(key === "__proto__" ? missing(key) : "bln_1");
                    if (other !== key) expect(await failure(set.idOf(other))).to.equal(missing(other));
                });
            }),
            { numRuns: 60 },
        );
    });
});

describe("a resource inside a component", () => {
    it("knows its own URN", async () => {
        class Tenant extends pulumi.ComponentResource {
            readonly ledger: blnk.Ledger;
            constructor(name: string) {
                super("shop:index:Tenant", name);
                this.ledger = new blnk.Ledger(`${name}-l`, {}, { parent: this });
            }
        }
        let real: string | undefined;
        const registered = await run(async () => {
            const { ledger } = new Tenant("acme");
            real = await new Promise<string>((resolve) => ledger.urn.apply(resolve));
        });
        const own = ofKind(registered, "Ledger")[0]?.inputs.ownUrn;
        expect(own).to.equal(urn("Ledger", "acme-l", "shop:index:Tenant$"));
        expect(own).to.equal(real);
    });
});
