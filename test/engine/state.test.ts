import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { programIn } from "../../tools/program";
import { core } from "../sandbox/client";
import { asked, balancesOf, done, ledgersOf, onSandbox, written } from "./stage";
import { MEMBERS, PLACES, recordedProgram, recordedSet } from "./states/states";

const REPOSITORY = resolve(__dirname, "../..");
const MOST_BYTES = 2048;

/** The texts that resources keep to find their code, for ever: they are compared letter by letter. */
const HANDLER =
    /^exports\.handler=\(\)=>require\("module"\)\.createRequire\(process\.cwd\(\)\+"\/"\)\("pulumi-blnk\/hosted"\)\.(\w+)$/;
const INSTANCE_HANDLER =
    "exports.handler = () => { const directory = process.cwd(); " +
    'try { return require("module").createRequire(directory + "/")("pulumi-blnk/hosted").Instance; } ' +
    'catch (error) { if (error.code !== "MODULE_NOT_FOUND") throw error; ' +
    'const missing = new Error("pulumi-blnk cannot be found from the program\'s directory " + directory + ' +
    '". Run \\"npm install pulumi-blnk\\" there."); missing.stack = ""; throw missing; } };';

describe("the state of a stack under the real engine", () => {
    const stage = onSandbox();

    it("of the quickstart holds no token, no absolute path and no code but the constant handlers", async () => {
        const stack = await stage.open(programIn(join(REPOSITORY, "examples/quickstart")));
        done(await stack.up());
        const text = stack.stateText();
        for (const path of [REPOSITORY, homedir(), tmpdir(), stage.sandbox.token, "file:"]) {
            expect(text.includes(`${path}`), path).to.equal(false);
        }
        const { resources = [] } = stack.exported();
        for (const { type, inputs = {}, outputs = {} } of resources) {
            const kind = type.split(":").at(-1) ?? "";
            const handlers = [inputs.__provider, outputs.__provider].filter((it) => it !== undefined).map(String);
            if (kind === "Instance") expect(handlers).to.deep.equal([INSTANCE_HANDLER, INSTANCE_HANDLER]);
            else for (const handler of handlers) expect(HANDLER.exec(handler)?.[1]).to.equal(kind);
            const { __provider: _in, ...plainInputs } = inputs;
            const { __provider: _out, ...plainOutputs } = outputs;
            expect(JSON.stringify([plainInputs, plainOutputs])).not.to.match(/require\(|exports|function|=>/);
        }
    });

    it(`of the quickstart holds at most ${MOST_BYTES} bytes per ledger and per balance`, async () => {
        const stack = await stage.open(programIn(join(REPOSITORY, "examples/quickstart")));
        done(await stack.up());
        const { resources = [] } = stack.exported();
        const measured = resources.filter(({ type }) => /:(Ledger|Balance)$/.test(type));
        expect(measured).to.have.length(3);
        for (const resource of measured) {
            expect(Buffer.byteLength(JSON.stringify(resource)), resource.urn).to.be.at.most(MOST_BYTES);
        }
    });

    // Otherwise a destroy that is cut off could leave things behind whose owner the stack has forgotten.
    it("has every resource depend on its Instance, through what it stands on where there is such a thing", async () => {
        const other: string = (await core(stage.sandbox, "POST", "/ledgers", { name: "Other" })).body.ledger_id;
        const stack = await stage.open(async () => {
            const ledger = new blnk.Ledger("customers");
            const alice = new blnk.Balance("alice", { ledger, currency: "USD" });
            new blnk.Balance("bob", { ledger: ledger.id.apply((id) => id), currency: "USD" });
            new blnk.BalanceSet("wallets", { ledger, balances: { carol: { currency: "USD" } } });
            new blnk.MetadataTag("tier", { target: alice, key: "tier", value: 1 });
            new blnk.MetadataTag("other", { target: other, key: "tier", value: 1 });
        });
        done(await stack.up());
        const { resources = [] } = stack.exported();
        const label = (urn: string) => urn.split("::").at(-1);
        const edges = resources.map(({ urn, dependencies = [] }) => [label(urn), dependencies.map(label)]);
        expect(Object.fromEntries(edges)).to.deep.equal({
            "shop-dev": [],
            default: [],
            blnk: [],
            customers: ["blnk"],
            alice: ["customers"],
            bob: ["customers"],
            wallets: ["customers"],
            tier: ["alice"],
            other: ["blnk"],
        });
        // The SDK finds this line by counting the frames above its own constructors.
        const declaredHere = resources.filter(({ sourcePosition = "" }) =>
            /\/state\.test\.[jt]s#/.test(sourcePosition),
        );
        expect(declaredHere.map(({ urn }) => label(urn))).to.have.members([
            "customers",
            "alice",
            "bob",
            "wallets",
            "tier",
            "other",
        ]);
    });

    const states = join(__dirname, "states");
    const recorded = (ending: RegExp) => readdirSync(states).filter((name) => ending.test(name));
    // Marks are made here by hand, as they were recorded: their format is for ever.
    const markOf = (name: string, hashed: readonly unknown[]) =>
        `shop/dev/${name}@recorded#${createHash("sha256").update(JSON.stringify(hashed)).digest("hex").slice(0, 16)}`;
    const mark = (kind: string, name: string, identity: object) =>
        markOf(name, ["recorded", `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/blnk:${kind}::${name}`, identity]);
    const ledgerMark = mark("Ledger", "customers", {});
    const make = async (path: string, body: object) => (await core(stage.sandbox, "POST", path, body)).body;
    const madeLedger = async (): Promise<string> =>
        (await make("/ledgers", { name: "Customers", meta_data: { env: "dev", pulumi: ledgerMark } })).ledger_id;
    /** The one mark that a recorded state holds of a resource whose mark depends on what a sandbox makes up. */
    const recordedMark = (text: string, name: string): string => {
        const [found = "", ...others] = new Set(text.match(RegExp(`shop/dev/${name}@recorded#[0-9a-f]{16}`, "g")));
        expect(found).not.to.equal("");
        expect(others).to.deep.equal([]);
        return found;
    };

    /** Goes on with a recorded state, in which there are so many resources, of the stack itself and the provider included. */
    const served = async (program: PulumiFn, state: string, resources: number): Promise<void> => {
        const { sandbox } = stage;
        const stack = await stage.open(program);
        stack.import(JSON.parse(state.replaceAll(PLACES.url, sandbox.url)).deployment);
        expect(done(await stack.preview()).changes).to.deep.equal({ same: resources });
        sandbox.clearRequests();
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: resources });
        sandbox.clearRequests();
        const { changes, text } = done(await stack.up());
        expect(changes, text).to.deep.equal({ same: resources });
        expect(asked(sandbox)).to.deep.equal([]);
        done(await stack.destroy());
        expect([...stack.state().keys()]).to.deep.equal([]);
    };

    for (const file of recorded(/^[\d.]+\.json$/)) {
        it(`written by ${file.replace(".json", "")} is served: refresh, an up with nothing to do, destroy`, async () => {
            const { sandbox } = stage;
            const ledger = await madeLedger();
            const balanceMark = mark("Balance", "alice", { currency: "USD", ledger });
            const meta_data = { tier: { level: 1 }, billing: { plan: "pro" }, pulumi: balanceMark };
            const { balance_id: balance } = await make("/balances", { ledger_id: ledger, currency: "USD", meta_data });
            const text = readFileSync(join(states, file), "utf8");
            // The ledger's mark depends on nothing that a sandbox makes up, so it is there letter by letter.
            expect(text).to.include(ledgerMark);
            const adapted = text
                .replaceAll(PLACES.ledger, ledger)
                .replaceAll(PLACES.balance, balance)
                .replaceAll(recordedMark(text, "alice"), balanceMark);
            await served(recordedProgram, adapted, 5);
            expect(written(sandbox).map(({ body }) => body)).to.deep.equal([{ meta_data: { billing: null } }]);
            expect(ledgersOf(sandbox).map(({ id }) => id)).to.deep.equal([ledger]);
            expect(balancesOf(sandbox).map(({ id }) => id)).to.deep.equal([balance]);
        });
    }

    for (const file of recorded(/-set\.json$/)) {
        it(`of a set written by ${file.replace("-set.json", "")} is served: refresh, an up with nothing to do, destroy`, async () => {
            const { sandbox } = stage;
            const ledger = await madeLedger();
            const setMark = mark("BalanceSet", "wallets", { ledger });
            const text = readFileSync(join(states, file), "utf8");
            let adapted = text.replaceAll(PLACES.ledger, ledger).replaceAll(recordedMark(text, "wallets"), setMark);
            for (const [key, { id: place, ...member }] of Object.entries(MEMBERS)) {
                const { currency } = member;
                const pulumi = markOf(`wallets/${key}`, [setMark, key, { currency }]);
                const meta_data = { ...("metadata" in member ? member.metadata : {}), pulumi };
                const { balance_id } = await make("/balances", { ledger_id: ledger, currency, meta_data });
                adapted = adapted.replaceAll(place, balance_id);
            }

            await served(recordedSet, adapted, 4);
            expect(written(sandbox)).to.deep.equal([]);
            expect(balancesOf(sandbox)).to.have.length(Object.keys(MEMBERS).length);
        });
    }
});
