import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as blnk from "../../provider";
import { kindOf, runMocked } from "./mockedProgram";

interface Read {
    readonly type: string;
    readonly name: string;
    readonly id: string | undefined;
    readonly lookup: unknown;
    readonly instance: unknown;
}

/** Runs a program with these mocked answers, and returns what it looked up. */
async function run(
    program: () => unknown,
    { answer = (): unknown => ({ id: "ldg_1", name: "Customers" }), preview = false } = {},
): Promise<Read[]> {
    const reads: Read[] = [];
    const make: pulumi.runtime.Mocks["newResource"] = ({ type, name, inputs, id }) => {
        const kind = kindOf(type);
        if (kind === "Instance") return { id: "k3f9", state: { ...inputs, server: "inst_a" } };
        if (inputs.lookup === undefined) return { id: `id_of_${name}`, state: inputs };
        reads.push({ type: kind, name, id, lookup: inputs.lookup, instance: inputs.instance });
        const found = answer();
        return { id: "ignored", state: found === undefined ? {} : { found } };
    };
    await runMocked(program, make, preview);
    return reads;
}

const resolved = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => void output.apply(resolve));
const failure = (promise: Promise<unknown>) => promise.then(String, (error: Error) => error.message);

describe("a look-up in a program", () => {
    it("is one read, however often the same is asked", async () => {
        const reads = await run(async () => {
            const first = await blnk.getLedger({ name: "Customers", metadata: { team: "payments" } });
            expect(first).to.deep.equal({ id: "ldg_1", name: "Customers" });
            await blnk.getLedger({ metadata: { team: "payments" }, name: "Customers", id: undefined });
            const third = blnk.getLedgerOutput({ name: "Customers", metadata: { team: "payments" } });
            expect(await resolved(third.name)).to.equal("Customers");
        });
        expect(reads).to.deep.equal([
            {
                type: "Ledger",
                name: 'getLedger metadata.team="payments" name="Customers"',
                id: 'with metadata.team and name "Customers"',
                lookup: { name: "Customers", metadata: { team: "payments" } },
                instance: "inst_a/k3f9",
            },
        ]);
    });

    it("is another one for another query, another kind, another provider and another run", async () => {
        const program = async () => {
            const eu = new blnk.Provider("eu", { instanceId: "inst_eu", accessToken: "t" });
            const component = new pulumi.ComponentResource("shop:index:Tenant", "acme", {}, { providers: [eu] });
            await blnk.getBalance({ id: "x" });
            await blnk.getLedger({ id: "x" });
            await blnk.getLedger({ name: "x" });
            await blnk.getLedger({ name: "x" }, { provider: eu });
            await blnk.getLedger({ name: "x" }, { parent: component });
        };
        const names = ['getBalance id="x"', 'getLedger id="x"', 'getLedger name="x"', 'getLedger name="x" (eu)'];
        for (const _run of [1, 2]) expect((await run(program)).map(({ name }) => name)).to.deep.equal(names);
    });

    it("with a query too long for a name has a name of its own all the same", async () => {
        const [first, second] = await run(async () => {
            await blnk.getLedger({ name: `${"x".repeat(200)}1` });
            await blnk.getLedger({ name: `${"x".repeat(200)}2` });
        });
        expect(first?.name).to.have.length.lessThan(140).and.not.to.equal(second?.name);
    });

    it("is accepted wherever a ledger or balance is, and a ledger in the look-up of a balance", async () => {
        const seen: unknown[] = [];
        const reads = await run(async () => {
            const ledger = await blnk.getLedger({ name: "Customers" });
            const later = blnk.getLedgerOutput({ name: "Customers" });
            const own = new blnk.Ledger("own");
            for (const it of [ledger, later, blnk.getLedger({ name: "Customers" })]) {
                const balance = new blnk.Balance(`b${seen.length}`, { ledger: it, currency: "USD" });
                const tag = new blnk.MetadataTag(`t${seen.length}`, { target: it, key: "a", value: 1 });
                seen.push(await resolved(balance.ledger), await resolved(tag.target));
            }
            await blnk.getBalance({ ledger, currency: "USD" });
            blnk.getBalanceOutput({ ledger: later, identity: "idt_1" });
            blnk.getBalanceOutput({ ledger: own, currency: "EUR" });
        });
        expect(seen).to.deep.equal(Array(6).fill("ldg_1"));
        expect(
            reads.filter(({ type }) => type === "Balance").map(({ name, lookup }) => [name, lookup]),
        ).to.have.deep.members([
            ['getBalance currency="USD" ledger="ldg_1"', { ledger: "ldg_1", currency: "USD" }],
            ["getBalanceOutput 1", { ledger: "ldg_1", identity: "idt_1" }],
            ["getBalanceOutput 2", { ledger: "id_of_own", currency: "EUR" }],
        ]);
    });

    it("by a secret is a secret", async () => {
        await run(async () => {
            const plain = blnk.getLedgerOutput({ name: pulumi.output("a") });
            const secret = blnk.getLedgerOutput({ metadata: { key: pulumi.secret("a") } });
            expect(await pulumi.isSecret(plain)).to.equal(false);
            expect(await pulumi.isSecret(secret)).to.equal(true);
        });
    });

    it("of what is not yet known in a preview stays unknown", async () => {
        let isKnown: Promise<boolean> | undefined;
        await run(
            () => {
                const unknown = new blnk.Ledger("own").createdAt;
                const found = blnk.getLedgerOutput({ metadata: { made: unknown } });
                isKnown = (found as unknown as { isKnown: Promise<boolean> }).isKnown;
            },
            { preview: true, answer: () => undefined },
        );
        expect(await isKnown).to.equal(false);
    });

    it("in a preview with a provider that is not yet set up says to use the other form", async () => {
        let text: string | undefined;
        const program = async () => {
            text = await failure(blnk.getLedger({ name: "x" }));
        };
        await run(program, { preview: true, answer: () => undefined });
        expect(text).to.equal(
            "getLedger cannot look anything up in this preview: its provider's settings are not known yet. " +
                "Use getLedgerOutput, whose answer may stay unknown.",
        );
    });

    it("under mocks that do not answer it says how they should", async () => {
        let text: string | undefined;
        const program = async () => {
            text = await failure(blnk.getBalance({ id: "x" }));
        };
        await run(program, { answer: () => undefined });
        expect(text).to.equal(
            "getBalance got no answer. Under pulumi.runtime.setMocks, answer resources of type " +
                'pulumi-nodejs:dynamic/blnk:Balance whose inputs hold a "lookup" with the state { found: { id: … } }.',
        );
    });

    it("in the plain form refuses what is not plain", async () => {
        let text: string | undefined;
        await run(async () => {
            const ledger = new blnk.Ledger("own") as unknown as { id: string };
            text = await failure(blnk.getBalance({ ledger, currency: "USD" }));
        });
        expect(text).to.equal("getBalance takes plain values, but one of them is not known yet: use getBalanceOutput.");
    });
});

describe("get", () => {
    // This used to return a resource with no outputs but its id.
    it("returns everything that there is to see of the thing", async () => {
        const state = { name: "Customers", createdAt: "2026-01-01T00:00:00Z" };
        await pulumi.runtime.setMocks({
            newResource: ({ inputs, id, name }) => ({
                id: id || name,
                state: { ...inputs, server: "inst_a", ...state },
            }),
            call: () => ({}),
        });
        const ledger = blnk.Ledger.get("customers", "ldg_1");
        expect(await resolved(pulumi.all([ledger.id, ledger.name, ledger.createdAt, ledger.metadata]))).to.deep.equal([
            "ldg_1",
            "Customers",
            state.createdAt,
            undefined,
        ]);
    });
});
