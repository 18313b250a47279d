import { expect } from "chai";
import fc from "fast-check";
import type { Metadata } from "../../provider/blnk/metadata";
import { AliveRegistry } from "../../provider/lifecycles/alive";
import type { Run } from "../../provider/lifecycles/lifecycle";
import { changeMetadata, keyProblems, metadataOf, metadataProblems } from "../../provider/lifecycles/metadata";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { cloudTo, coreTo, errorOf } from "../blnk/connections";

const problems = (metadata: Metadata) => metadataProblems(metadata);

describe("declared metadata", () => {
    for (const key of ["pulumi", "BLNK_RUN_RECONCILIATION", "BLNK_", "tokenized_fields", "QUEUED_PARENT_TRANSACTION"]) {
        it(`the key ${key} is refused, at the top only`, () => {
            expect(keyProblems(key)).to.have.length(1);
            expect(problems({ [key]: 1 })[0]).to.match(
                new RegExp(`^the metadata key "${key}" is reserved: .*; choose another key$`),
            );
            expect(problems({ mine: { [key]: 1 } })).to.deep.equal([]);
        });
    }

    for (const key of ["Pulumi", "pulumi2", "blnk_x", "my-app", "a.b", "a/b", "ключ", "__proto__", " "]) {
        it(`the key ${JSON.stringify(key)} is allowed`, () => {
            expect(problems(Object.fromEntries([[key, 1]]))).to.deep.equal([]);
        });
    }

    for (const [value, problem] of [
        [2 ** 53, "is an integer beyond 2^53, which Blnk would round: give it as a string"],
        [-(2 ** 53), "is an integer beyond 2^53, which Blnk would round: give it as a string"],
        [1e300, "is an integer beyond 2^53, which Blnk would round: give it as a string"],
        [Number.NaN, "is not a finite number, which JSON cannot hold"],
        [Number.POSITIVE_INFINITY, "is not a finite number, which JSON cannot hold"],
        [Number.NEGATIVE_INFINITY, "is not a finite number, which JSON cannot hold"],
        ["a\u0000b", "holds a NUL character, which Blnk cannot store"],
    ] as const) {
        it(`${JSON.stringify(String(value))} is refused at any depth, naming the place`, () => {
            expect(problems({ a: value })).to.deep.equal([`metadata.a ${problem}`]);
            expect(problems({ a: { b: [1, { c: value }] } })).to.deep.equal([`metadata.a.b[1].c ${problem}`]);
        });
    }

    it("a NUL character in a key is refused like one in a value, at any depth", () => {
        expect(problems({ "a\u0000b": 1 })).to.have.length(1);
        expect(problems({ a: { "b\u0000": 1 } })).to.have.length(1);
    });

    for (const value of [2 ** 53 - 1, -(2 ** 53) + 1, 0, -0, 0.1, 1e-300, 12.5, "", "9007199254740993", null, false]) {
        it(`${JSON.stringify(value)} is allowed`, () => {
            expect(problems({ a: value, b: [value] })).to.deep.equal([]);
        });
    }

    it("4 KB of JSON text is allowed, a byte more is not, and bytes are counted, not letters", () => {
        const overhead = JSON.stringify({ a: "" }).length;
        const tooLarge = (bytes: number) =>
            `metadata takes ${bytes} bytes, more than the 4096 that are safe: ` +
            "a balance whose metadata nears 7 KB stops accepting transactions";
        expect(problems({ a: "x".repeat(4096 - overhead) })).to.deep.equal([]);
        expect(problems({ a: "x".repeat(4097 - overhead) })).to.deep.equal([tooLarge(4097)]);
        expect(problems({ a: "é".repeat(2048) })).to.deep.equal([tooLarge(4096 + overhead)]);
    });

    it("no reason quotes a value: it may be a secret", () => {
        const secret = fc.stringMatching(/^[A-Z]{8,20}$/);
        fc.assert(
            fc.property(secret, (word) => {
                const told = problems({ a: `${word}\u0000`, b: [{ c: `\u0000${word}` }], pulumi: word }).join();
                expect(told).not.to.contain(word);
            }),
        );
    });

    it("null and undefined count as absent at the top, and nothing left counts as no metadata", () => {
        expect(metadataOf({ a: null, b: undefined as never, c: { d: null } })).to.deep.equal({
            metadata: { c: { d: null } },
        });
        expect(metadataOf({ a: null })).to.deep.equal({});
        expect(metadataOf({})).to.deep.equal({});
        expect(metadataOf(undefined)).to.deep.equal({});
    });
});

describe("a write of metadata", () => {
    let sandbox: Sandbox;
    let run: Run;
    let id: string;
    beforeEach(async () => {
        sandbox = await startSandbox();
        const blnk = cloudTo(sandbox);
        run = { blnk, server: "inst", configuredOwner: undefined, alive: new AliveRegistry(), warn: () => undefined };
        ({ ledger_id: id } = (await coreTo(sandbox).core("POST", "/ledgers", { name: "l" })) as { ledger_id: string });
        sandbox.clearRequests();
    });
    afterEach(() => sandbox.stop());

    const held = () => sandbox.ledgers().find(({ ledger_id }) => ledger_id === id)?.meta_data;
    const lines = () => sandbox.requests().map(({ method }) => method);

    it("waits for the one before it on the same thing, so that neither is lost", async () => {
        sandbox.metadataRace(5);
        const keys = ["a", "b", "c", "d", "e"];
        await Promise.all(keys.map((key) => changeMetadata(run, id, () => ({ [key]: key }))));
        expect(held()).to.deep.equal(Object.fromEntries(keys.map((key) => [key, key])));
    });

    it("goes on after one before it has failed", async () => {
        sandbox.trouble({ match: { method: "POST" }, do: { kind: "answer", status: 500 } });
        const [first, second] = await Promise.allSettled([
            changeMetadata(run, id, () => ({ a: 1 })),
            changeMetadata(run, id, () => ({ b: 1 })),
        ]);
        expect([first.status, second.status]).to.deep.equal(["rejected", "fulfilled"]);
        expect(held()).to.deep.equal({ b: 1 });
    });

    it("is not sent where nothing differs, the order of keys and null for absent aside", async () => {
        sandbox.editMetadata(id, { a: { x: 1, y: [2] } });
        await changeMetadata(run, id, () => ({ a: { y: [2], x: 1 }, gone: null }));
        expect(lines()).to.deep.equal(["GET"]);
    });

    it("sends only the keys that differ", async () => {
        sandbox.editMetadata(id, { a: 1, b: 2 });
        await changeMetadata(run, id, () => ({ a: 1, b: 3 }));
        expect(sandbox.writes().map(({ body }) => body)).to.deep.equal([{ meta_data: { b: 3 } }]);
    });

    it("that would pass 6 KB with what others put there is refused, naming both parts", async () => {
        sandbox.editMetadata(id, { theirs: "x".repeat(5000) });
        const error = await errorOf(changeMetadata(run, id, () => ({ ours: "y".repeat(2000) })));
        expect(error.message).to.equal(
            `the metadata of ${id} would take 7023 bytes, more than the 6144 that are safe: 2011 bytes are ours, ` +
                "5013 are there already. A balance whose metadata nears 7 KB stops accepting transactions: declare less.",
        );
        expect(sandbox.writes()).to.deep.equal([]);
    });

    it("that makes too large a thing smaller is allowed", async () => {
        sandbox.editMetadata(id, { theirs: "x".repeat(7000), ours: "y".repeat(100) });
        await changeMetadata(run, id, () => ({ ours: null }));
        expect(held()).to.include({ ours: null });
    });
});
