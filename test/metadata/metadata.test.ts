import { expect } from "chai";
import fc from "fast-check";
import type { Metadata } from "../../provider/blnk/metadata";
import { keyProblems, metadataOf, metadataProblems } from "../../provider/metadata/metadata";

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

    for (const key of ["Pulumi", "pulumi2", "blnk_x", "my-app", "a.b", "a/b", "ключ", "constructor", " "]) {
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
        it(`${JSON.stringify(String(value))} is refused at any depth, with its path`, () => {
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

    it("the key __proto__ is refused like NUL, at any depth: JavaScript would lose it", () => {
        const key = "__proto__";
        const refusal = 'the metadata key "__proto__" is not allowed; choose another key';
        expect(problems({ [key]: 1 })).to.deep.equal([refusal]);
        expect(problems({ a: [{ b: { [key]: { polluted: true } } }] })).to.deep.equal([refusal]);
    });

    it("4 KB of JSON text is allowed and one byte more is not; bytes are counted, not letters", () => {
        const overhead = JSON.stringify({ a: "" }).length;
        const tooLarge = (bytes: number) =>
            `metadata takes ${bytes} bytes; the limit is 4096 bytes, because a balance stops accepting transactions ` +
            "when its metadata approaches 7 KB. Declare less, and store the rest elsewhere";
        expect(problems({ a: "x".repeat(4096 - overhead) })).to.deep.equal([]);
        expect(problems({ a: "x".repeat(4097 - overhead) })).to.deep.equal([tooLarge(4097)]);
        expect(problems({ a: "é".repeat(2048) })).to.deep.equal([tooLarge(4096 + overhead)]);
    });

    it("no problem quotes a value, which may be secret", () => {
        const secret = fc.stringMatching(/^[A-Z]{8,20}$/);
        fc.assert(
            fc.property(secret, (word) => {
                const told = problems({ a: `${word}\u0000`, b: [{ c: `\u0000${word}` }], pulumi: word }).join();
                expect(told).not.to.contain(word);
            }),
        );
    });

    it("null and undefined count as absent at the top, and empty metadata counts as none", () => {
        expect(metadataOf({ a: null, b: undefined as never, c: { d: null } })).to.deep.equal({
            metadata: { c: { d: null } },
        });
        expect(metadataOf({ a: null })).to.deep.equal({});
        expect(metadataOf({})).to.deep.equal({});
        expect(metadataOf(undefined)).to.deep.equal({});
    });
});
