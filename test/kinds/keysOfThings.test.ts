import { expect } from "chai";
import fc from "fast-check";
import type { Metadata } from "../../provider/blnk/metadata";
import { type Json, sameJson } from "../../provider/wire/json";
import { errorOf } from "../blnk/connections";
import { takeMessages } from "../host/engineOfThisProcess";
import { BORN_WITH } from "../metadata/bornWith";
import type { Declared } from "./stack";
import { type Shop, shop, type Thing } from "./things";

const warnings = () =>
    takeMessages()
        .filter(({ severity }) => severity === "warning")
        .map(({ text }) => text);
const listed = (keys: readonly string[]) => keys.map((key) => `"${key}"`).join(", ");
const taken = (id: string, ...keys: string[]) =>
    `${id} already holds a value of another writer under ${listed(keys)}. Nothing was written. Choose another key, or set ` +
    "replaceExisting: true to replace the existing value.";
const left = (id: string, ...keys: string[]) =>
    `${id} holds a value that this stack did not write under ${listed(keys)}; it was left unchanged`;
const whole = (value: Json, keys: readonly string[] = BORN_WITH): Metadata =>
    Object.fromEntries(keys.map((key) => [key, value]));

for (const [index, kind] of ["Ledger", "Balance", "BalanceSet"].entries()) {
    describe(`the metadata keys of a ${kind}`, () => {
        let fixture: Shop;
        let thing: Thing;
        beforeEach(async () => {
            fixture = await shop();
            thing = fixture.things[index] as Thing;
        });
        afterEach(async () => {
            takeMessages();
            await fixture.stop();
        });
        const up = (metadata: Metadata, more?: object) => fixture.stack.up([thing.declare(metadata, { ...more })]);
        const preview = (metadata: Metadata, more?: object) =>
            fixture.stack.preview([thing.declare(metadata, { ...more })]);
        const id = () => thing.idIn(fixture.stack);
        const refuses = async (sentence: string, metadata: Metadata) => {
            fixture.sandbox.clearRequests();
            for (const act of [preview, up]) {
                expect((await errorOf(act(metadata))).message).to.equal(
                    `cannot update ${thing.subject}: ${thing.about}${sentence}`,
                );
            }
            expect(fixture.sandbox.writes()).to.deep.equal([]);
        };

        it("may be called like what every object has: they are stored, changed and set to null like others", async () => {
            expect(await up(whole({ of: "ours" }))).to.deep.equal(["created"]);
            expect(fixture.held(id())).to.deep.equal(whole({ of: "ours" }));
            expect(await up(whole({ of: "ours" }))).to.deep.equal(["unchanged"]);
            expect(await up(whole("changed"))).to.deep.equal(["updated"]);
            expect(fixture.held(id())).to.deep.equal(whole("changed"));
            expect(await fixture.stack.refresh()).to.deep.equal(["same"]);
            expect(await up({})).to.deep.equal(["updated"]);
            expect(fixture.held(id())).to.deep.equal(whole(null));
        });

        it("hold what an application put there, and are not overwritten when they are declared for the first time", async () => {
            await up({ tier: 1 });
            fixture.sandbox.editMetadata(id(), { ...whole({ of: "payments" }), kyc: "x" });
            const keys = [...BORN_WITH, "kyc"];
            await refuses(taken(id(), ...keys), { tier: 1, ...whole("ours", keys) });
            await refuses(taken(id(), "kyc"), { tier: 2, kyc: "eu" });
            expect(fixture.held(id())).to.deep.equal({ tier: 1, kyc: "x", ...whole({ of: "payments" }) });
            expect(await up({ tier: 1, kyc: "x", ...whole({ of: "payments" }) })).to.deep.equal(["updated"]);
            expect(fixture.sandbox.writes()).to.deep.equal([]);
        });

        it("are replaced where the program says so", async () => {
            await up({});
            fixture.sandbox.editMetadata(id(), { kyc: "x", ...whole("theirs") });
            const now = { kyc: "eu", ...whole("ours") };
            expect(await preview(now, { replaceExisting: true })).to.deep.equal(["updated"]);
            expect(await up(now, { replaceExisting: true })).to.deep.equal(["updated"]);
            expect(fixture.held(id())).to.deep.equal(now);
        });

        it("stay as an application has changed them since, when they leave the program", async () => {
            await up({ risk: "low", constructor: 1, tier: 1 });
            fixture.sandbox.editMetadata(id(), { risk: { score: 91 }, constructor: 2 });
            takeMessages();
            expect(await up({ tier: 1 })).to.deep.equal(["updated"]);
            expect(fixture.held(id())).to.deep.equal({ risk: { score: 91 }, constructor: 2, tier: 1 });
            const said = left(id(), "risk", "constructor");
            expect(warnings()).to.deep.equal([kind === "BalanceSet" ? `a: ${said}` : said]);
            expect(await up({ tier: 1 })).to.deep.equal(["unchanged"]);
        });

        it("are refused where the program changes them and Blnk holds neither value; a refresh shows that as drift", async () => {
            await up({ tier: "v1", other: 1 });
            fixture.sandbox.editMetadata(id(), { tier: "theirs" });
            await refuses(taken(id(), "tier"), { tier: "v2", other: 1 });
            expect(await up({ tier: "v1", other: 2 })).to.deep.equal(["updated"]);
            expect(fixture.held(id())).to.deep.equal({ tier: "theirs", other: 2 });
            await refuses(taken(id(), "tier"), { tier: "v2", other: 2 });
            expect(await fixture.stack.refresh()).to.deep.equal(["drifted"]);
            expect(await up({ tier: "v2", other: 2 })).to.deep.equal(["updated"]);
            expect(fixture.held(id())).to.deep.equal({ tier: "v2", other: 2 });
        });

        it("that an application writes after the preview has looked are refused by the update, before anything else changes", async () => {
            const more = kind === "Ledger" ? { name: "Before" } : {};
            await up({ tier: 1 }, more);
            const kept = fixture.stack.kept.get(fixture.stack.urn({ kind: thing.kind, name: "thing" }));
            const host = fixture.stack.newHost()[thing.kind];
            const { ownUrn: _ownUrn, ...inputs } = {
                ...kept?.inputs,
                ...thing.declare({ kyc: "eu" }).inputs,
                ownUrn: "",
            };
            fixture.sandbox.editMetadata(id(), { kyc: "x" });
            fixture.sandbox.clearRequests();
            const failure = await errorOf(Promise.resolve(host.update?.(kept?.id ?? "", kept?.outputs, inputs)));
            expect(failure.message).to.contain(taken(id(), "kyc"));
            expect(failure).not.to.have.property("properties");
            expect(fixture.sandbox.writes()).to.deep.equal([]);
        });

        it("that hold the new value already are not written", async () => {
            await up({ tier: "v1" });
            fixture.sandbox.editMetadata(id(), { tier: "v2" });
            fixture.sandbox.clearRequests();
            expect(await up({ tier: "v2" })).to.deep.equal(["updated"]);
            expect(fixture.sandbox.writes()).to.deep.equal([]);
        });

        it('"__proto__" is refused, at any depth', async () => {
            const key = "__proto__";
            for (const metadata of [{ [key]: 1 }, { deep: { [key]: 1 } }]) {
                expect(await up(metadata)).to.deep.equal(["refused"]);
                const about = kind === "BalanceSet" ? 'balances["a"]: ' : "";
                expect(fixture.stack.problems).to.deep.equal([
                    `${about}the metadata key "__proto__" is not allowed; choose another key`,
                ]);
            }
        });

        it("hold in the end what a simple model says, whatever the program and an application do", async () => {
            const key = fc.constantFrom(...BORN_WITH, "tier", "kyc");
            const value = fc.constantFrom<Json[]>("a", "b", { of: 1 }, 0);
            const keys = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });
            let round = 0;
            await fc.assert(
                fc.asyncProperty(keys, keys, keys, async (before, theirs, now) => {
                    const stack = fixture.stack.copied({ stack: `dev-${round++}` });
                    stack.kept.clear();
                    await stack.up([thing.declare(before)]);
                    const carrier = thing.idIn(stack);
                    fixture.sandbox.editMetadata(carrier, theirs);
                    const there: Metadata = { ...before, ...theirs };
                    const isForeign = (name: string) =>
                        Object.hasOwn(there, name) &&
                        !sameJson(there[name], now[name]) &&
                        !(Object.hasOwn(before, name) && sameJson(there[name], before[name]));
                    const isChanged = (name: string) =>
                        !Object.hasOwn(before, name) || !sameJson(before[name], now[name]);
                    const isRefused = Object.keys(now).some((name) => isChanged(name) && isForeign(name));
                    const expected = new Map(Object.entries(there));
                    if (!isRefused) {
                        for (const name of Object.keys(before)) {
                            if (!Object.hasOwn(now, name) && sameJson(there[name], before[name]))
                                expected.set(name, null);
                        }
                        for (const name of Object.keys(now).filter(isChanged)) expected.set(name, now[name] as Json);
                    }
                    const outcome = await stack.up([thing.declare(now)]).catch(() => ["refused"]);
                    expect(outcome[0] === "refused").to.equal(isRefused);
                    expect(fixture.held(carrier)).to.deep.equal(Object.fromEntries(expected));
                }),
                { numRuns: 25 },
            );
        });
    });
}

describe("the key of a metadata tag", () => {
    let fixture: Shop;
    beforeEach(async () => {
        fixture = await shop();
    });
    afterEach(async () => {
        takeMessages();
        await fixture.stop();
    });
    const tag = (key: string, value: Json, more: object = {}): Declared => ({
        kind: "MetadataTag",
        name: `tag-${key}`,
        inputs: { target: fixture.ledger, key, value, ...more },
    });

    it("may be called like what every object has", async () => {
        const tags = (value: Json) => BORN_WITH.map((key) => tag(key, value));
        expect(new Set(await fixture.stack.up(tags(1)))).to.deep.equal(new Set(["created"]));
        expect(fixture.held(fixture.ledger)).to.deep.equal(whole(1));
        expect(new Set(await fixture.stack.up(tags(1)))).to.deep.equal(new Set(["unchanged"]));
        expect(new Set(await fixture.stack.up(tags({ of: 2 })))).to.deep.equal(new Set(["updated"]));
        expect(new Set(await fixture.stack.refresh())).to.deep.equal(new Set(["same"]));
        await fixture.stack.destroy();
        expect(fixture.held(fixture.ledger)).to.deep.equal(whole(null));
    });

    for (const key of BORN_WITH) {
        it(`"${key}" that holds something else is refused and left alone`, async () => {
            fixture.sandbox.editMetadata(fixture.ledger, { [key]: { of: "payments" } });
            expect(await fixture.stack.up([tag(key, 1)])).to.deep.equal(["refused"]);
            expect(fixture.stack.problems.join()).to.contain(
                `${fixture.ledger} already holds another value under "${key}"`,
            );
            expect(fixture.held(fixture.ledger)).to.deep.equal({ [key]: { of: "payments" } });
        });
    }

    it("that an application has changed since is refused in previews too, and its own value after a refresh wins", async () => {
        await fixture.stack.up([tag("constructor", 1)]);
        fixture.sandbox.editMetadata(fixture.ledger, { constructor: "theirs" });
        const sentence =
            `cannot update metadata tag "constructor" on ${fixture.ledger}: another writer has changed the metadata key ` +
            `"constructor" of ${fixture.ledger} since this tag wrote it. Nothing was written. Set replaceExisting: true to replace ` +
            'that value, or run "pulumi refresh" to see it and let the declared value win.';
        expect((await errorOf(fixture.stack.preview([tag("constructor", 2)]))).message).to.equal(sentence);
        expect((await errorOf(fixture.stack.up([tag("constructor", 2)]))).message).to.equal(sentence);
        expect(fixture.held(fixture.ledger)).to.deep.equal({ constructor: "theirs" });
        expect(await fixture.stack.refresh()).to.deep.equal(["drifted"]);
        expect(await fixture.stack.up([tag("constructor", 2)])).to.deep.equal(["updated"]);
        expect(fixture.held(fixture.ledger)).to.deep.equal({ constructor: 2 });
    });

    it("is asked about together with others: a preview of fifty changed tags asks a few questions", async () => {
        const ids = await Promise.all(
            Array.from({ length: 50 }, async () => {
                const { balance_id } = await fixture.server.send("POST", "/balances", {
                    ledger_id: fixture.ledger,
                    currency: "USD",
                });
                return String(balance_id);
            }),
        );
        const tags = (value: Json) =>
            ids.map(
                (target, n): Declared => ({ kind: "MetadataTag", name: `t${n}`, inputs: { target, key: "k", value } }),
            );
        await fixture.stack.up(tags(1));
        fixture.sandbox.clearRequests();
        const host = fixture.stack.newHost().MetadataTag;
        await Promise.all(
            tags(2).map(async (declared) => {
                const kept = fixture.stack.kept.get(fixture.stack.urn(declared));
                const ownUrn = fixture.stack.urn(declared);
                const { inputs } =
                    (await host.check?.(kept?.inputs, {
                        ...declared.inputs,
                        instance: fixture.stack.binding,
                        ownUrn,
                    })) ?? {};
                return host.diff?.(kept?.id ?? "", kept?.outputs, inputs);
            }),
        );
        expect(fixture.sandbox.requests().length).to.be.at.most(5);
    });
});
