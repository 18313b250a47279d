import { expect } from "chai";
import { unknownValue } from "../../provider/host/values";
import { markOf } from "../../provider/marks/mark";
import { handler } from "../../provider/wire/handlers";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { errorOf } from "../blnk/connections";
import { isIdentityRead } from "../sandbox/client";
import { type Bag, type DynamicHost, PROGRAM, startDynamicHost } from "./dynamicHost";
import { type FakeEngine, startFakeEngine } from "./fakeEngine";

const OPEN = 0;
const NONE = 1;

describe("the lifecycles in Pulumi's dynamic host", () => {
    let sandbox: Sandbox;
    let engine: FakeEngine;
    let host: DynamicHost;
    before(async () => {
        sandbox = await startSandbox({ token: "blnk_token_of_the_test" });
        sandbox.addInstance("inst_other");
        engine = await startFakeEngine();
        host = await newHost();
    });
    after(async () => {
        await host.stop();
        engine.stop();
        await sandbox.stop();
    });
    beforeEach(() => {
        sandbox.clearRequests();
        engine.take();
    });
    const newHost = () =>
        startDynamicHost({
            directory: PROGRAM,
            engine: engine.address,
            config: { "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url },
            environment: { BLNK_ACCESS_TOKEN: sandbox.token },
        });
    const urn = (kind: string, name: string) => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/blnk:${kind}::${name}`;
    const news = (kind: string, name: string, inputs: Bag): Bag => ({
        ...inputs,
        instance: `${sandbox.instance}/k3f9ab`,
        ownUrn: urn(kind, name),
        __provider: handler(kind),
    });
    const checked = async (kind: string, name: string, inputs: Bag) => {
        const { inputs: normal, failures } = await host.check({}, news(kind, name, inputs));
        expect(failures).to.deep.equal([]);
        return normal;
    };

    it("serve calls that come before the configuration has settled", async () => {
        const fresh = await startDynamicHost({
            directory: PROGRAM,
            config: { "blnk:coreUrl": sandbox.coreUrl, "blnk:coreKey": sandbox.coreKey },
        });
        const inputs = { name: "l", __provider: handler("Ledger") };
        const checks = await Promise.all([1, 2, 3, 4].map(() => fresh.check({}, inputs)));
        expect(checks.map(({ failures }) => failures)).to.deep.equal([[], [], [], []]);
        const markOfNumber = (number: number) => markOf("k3f9ab", urn("Ledger", `l${number}`), {});
        const made = await Promise.all(
            [1, 2, 3].map((number) => fresh.create({ ...inputs, mark: markOfNumber(number) })),
        );
        expect(new Set(made.map(({ id }) => id)).size).to.equal(3);
        expect(sandbox.requests().filter(({ method }) => method === "GET")).to.have.length(1);
        await fresh.stop();
    });

    it("a ledger goes through its life: created, unchanged, updated, read, released", async () => {
        const inputs = await checked("Ledger", "wallets", {
            name: "Wallets",
            metadata: { a: null, b: { c: [1, null] } },
        });
        expect(inputs).to.have.all.keys("name", "metadata", "instance", "mark", "__provider");
        expect(inputs.metadata).to.deep.equal({ b: { c: [1, null] } });
        const { id, properties } = await host.create(inputs);
        expect(properties).to.deep.include({ ...inputs });
        expect(await host.diff(id, properties, inputs)).to.deep.equal({ changes: NONE, replaces: [] });

        const renamed = await checked("Ledger", "wallets", { name: "Purses", metadata: { b: { c: [1, null] } } });
        expect(await host.diff(id, properties, renamed)).to.deep.equal({ changes: OPEN, replaces: [] });
        const updated = await host.update(id, properties, renamed);
        expect(updated).to.deep.equal({ ...properties, name: "Purses" });

        const read = await host.read(id, updated);
        expect(read).to.deep.equal({ id, properties: updated, inputs: renamed });
        const later = await newHost();
        await later.delete(id, updated);
        await later.stop();
        expect(sandbox.ledgers().find(({ ledger_id }) => ledger_id === id)).to.deep.include({
            name: "Purses",
            meta_data: { b: { c: [1, null] }, pulumi: inputs.mark },
        });
        expect(engine.take()).to.deep.equal([
            {
                severity: "warning",
                text: `ledger "wallets" (${id}) is no longer managed and stays in Blnk, which cannot delete it`,
                urn: urn("Ledger", "wallets"),
            },
        ]);
    });

    it("a thing that is gone has the empty id; one that is looked up and not there is a sentence", async () => {
        const inputs = await checked("Ledger", "gone", { name: "Gone" });
        const { id, properties } = await host.create(inputs);
        sandbox.forget(id);
        expect((await host.read(id, properties)).id).to.equal("");
        const lookup = { lookup: true, instance: `${sandbox.instance}/k3f9ab` };
        for (const [kind, missing, what] of [
            ["Ledger", id, `ledger ${id}`],
            ["Balance", "bln_none", "balance bln_none"],
            ["MetadataTag", "ldg_none/team", "metadata tag ldg_none/team"],
        ] as const) {
            const error = await errorOf(host.read(missing, { ...lookup, __provider: handler(kind) }));
            expect(error.message).to.contain(`cannot read ${what}: it was not found in ${sandbox.instance}.`);
        }
    });

    it("a look-up shows all that there is, the mark aside", async () => {
        const { id } = await host.create(await checked("Ledger", "looked", { name: "Looked", metadata: { a: 1 } }));
        sandbox.editMetadata(id, { theirs: [2] });
        const instance = `${sandbox.instance}/k3f9ab`;
        const read = await host.read(id, { lookup: true, instance, __provider: handler("Ledger") });
        expect(read.properties).to.deep.include({ name: "Looked", metadata: { a: 1, theirs: [2] }, instance });
        expect(read.properties).not.to.have.any.keys("mark", "lookup");
    });

    // The engine omits unknown values from a read, even in a preview.
    it("a look-up in the first preview of a stack, whose instance is not known yet, is answered", async () => {
        const { id } = await host.create(await checked("Ledger", "early", { name: "Early" }));
        const read = await host.read(id, { lookup: true, __provider: handler("Ledger") });
        expect(read.properties.name).to.equal("Early");
    });

    const unknowns: [kind: string, known: Bag, names: string[]][] = [
        ["Ledger", { name: "n", metadata: { a: 1 } }, ["name", "metadata", "instance", "ownUrn"]],
        [
            "Balance",
            { ledger: "ldg_1", currency: "USD", identity: "idt_1", trackFundLineage: true, allocationStrategy: "LIFO" },
            ["ledger", "currency", "identity", "trackFundLineage", "allocationStrategy", "metadata", "instance"],
        ],
        ["MetadataTag", { target: "ldg_1", key: "k", value: 1 }, ["target", "key", "value", "instance"]],
        ["Instance", { stack: "shop/dev" }, ["stack"]],
    ];
    for (const [kind, known, names] of unknowns) {
        for (const name of names) {
            it(`${name} of a ${kind} may be not known yet: it stays unknown, and nothing is guessed from it`, async () => {
                const { inputs, failures } = await host.check({}, { ...news(kind, "u", known), [name]: unknownValue });
                expect(failures).to.deep.equal([]);
                if (name !== "ownUrn") expect(inputs[name]).to.equal(unknownValue);
                const isMarked = kind === "Ledger" || kind === "Balance";
                const decides = ["instance", "ledger", "currency", "trackFundLineage", "allocationStrategy"].includes(
                    name,
                );
                if (isMarked && decides) expect(inputs.mark).to.equal(unknownValue);
                if (isMarked && !decides && name !== "ownUrn") expect(inputs.mark).to.match(/@k3f9ab#[0-9a-f]{16}$/);
                // A check reads only for a tag on an existing thing, on whatever server the stack will live.
                const looks = kind === "MetadataTag" && name === "instance";
                const asked = looks ? sandbox.writes() : sandbox.requests();
                expect(asked.filter(({ body }) => !isIdentityRead(body))).to.deep.equal([]);
            });
        }
    }

    it("what is known beside something unknown is checked", async () => {
        const metadata = { a: unknownValue, b: { c: [unknownValue] }, pulumi: "x", d: 2 ** 60 };
        const { failures } = await host.check({}, news("Ledger", "u", { name: "", metadata }));
        expect(failures.map(({ reason }) => reason.split(":")[0])).to.deep.equal([
            'the metadata key "pulumi" is reserved',
            "metadata.d is an integer beyond 2^53, which Blnk would round",
            "name must not be empty",
        ]);
        expect(failures.map(({ property }) => property)).to.deep.equal(["", "", ""]);
    });

    it("nothing declared at all is refused in sentences", async () => {
        for (const kind of ["Ledger", "Balance", "MetadataTag", "Instance"]) {
            const { failures } = await host.check({}, { __provider: handler(kind) });
            expect(failures, kind).not.to.deep.equal([]);
            for (const { reason } of failures) expect(reason).to.match(/ is missing$/);
        }
    });

    for (const kind of ["Ledger", "Balance", "MetadataTag", "Instance"]) {
        it(`every method of ${kind} refuses another server's things, in one line`, async () => {
            const other = { instance: "inst_other/k3f9ab", server: "inst_other", __provider: handler(kind) };
            const known = unknowns.find(([name]) => name === kind)?.[1];
            const bag = { ...known, ...other };
            const errors = [
                await errorOf(host.create(bag)),
                await errorOf(host.read("x_1", bag)),
                await errorOf(host.update("x_1", bag, bag)),
                await errorOf(host.delete("x_1", bag)),
            ];
            for (const error of errors) {
                expect(error.message).to.contain(
                    "live in inst_other, but the configuration names inst_sandbox; nothing was changed",
                );
                expect(error.message).not.to.contain("\n");
            }
            const olds = kind === "Instance" ? { stack: "shop/dev", server: "inst_other" } : {};
            const { failures } = await host.check(olds, { ...bag, ownUrn: urn(kind, "g") });
            expect(failures.map(({ reason }) => reason).join()).to.contain("live in inst_other");
            expect(sandbox.requests()).to.deep.equal([]);
        });
    }

    it("what a server answers reaches people as one sentence", async () => {
        sandbox.trouble({ match: { path: "/proxy/ledgers$" }, do: { kind: "answer", status: 401 } });
        const error = await errorOf(host.create(await checked("Ledger", "401", { name: "n" })));
        expect(error.message).to.equal(
            '2 UNKNOWN: cannot create ledger "401": Blnk refused the access token (401). ' +
                "Check BLNK_ACCESS_TOKEN, which wins over blnk:accessToken.",
        );
    });

    it("after all of this nothing that the host has printed shows a token or a stack", () => {
        expect(host.printed())
            .not.to.contain(sandbox.token)
            .and.not.to.match(/\n\s+at /);
    });
});
