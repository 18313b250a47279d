import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import fc from "fast-check";
import { hasUnknown, knownPart, plain, unknownValue } from "../../provider/host/values";

const SENTINELS = [
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
];

const json = fc.jsonValue({ maxDepth: 3 });
const path = fc.array(fc.oneof(fc.constant(0), fc.stringMatching(/^[a-z]{1,4}$/)), { maxLength: 4 });

/** The value at a path of lists and objects, beside other values. */
function buried(value: unknown, [first, ...rest]: readonly (string | number)[], beside: unknown): unknown {
    if (first === undefined) return value;
    const inner = buried(value, rest, beside);
    return typeof first === "number" ? [beside, inner] : { beside, [first]: inner };
}

describe("values that are not known yet", () => {
    it("are answered with the SDK's own word", () => {
        const { unknownValue: word } = pulumi.runtime as unknown as { unknownValue: string };
        expect(unknownValue).to.equal(word);
    });

    it("are found at any depth, in each of their spellings", () => {
        fc.assert(
            fc.property(fc.constantFrom(...SENTINELS), path, json, (sentinel, where, beside) => {
                expect(hasUnknown(buried(sentinel, where, beside))).to.equal(true);
            }),
        );
    });

    it("are not seen where there are none", () => {
        fc.assert(
            fc.property(json, (value) => {
                expect(hasUnknown(value)).to.equal(false);
                expect(knownPart(value)).to.equal(value);
            }),
        );
    });

    it("a text that only contains the word is known", () => {
        expect(hasUnknown(`ldg_${unknownValue}`)).to.equal(false);
    });

    it("the known part of an object is its known properties, and holds nothing unknown", () => {
        fc.assert(
            fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), json), path, json, (known, where, beside) => {
                const value = { ...known, zzzzz: buried(unknownValue, where, beside) };
                expect(knownPart(value)).to.deep.equal(known);
            }),
        );
    });

    it("a list with an unknown value counts as unknown", () => {
        expect(knownPart([1, unknownValue])).to.equal(undefined);
        expect(knownPart(unknownValue)).to.equal(undefined);
    });
});

describe("properties on their way out", () => {
    it("hold no undefined at any depth", () => {
        const value = { a: undefined, b: { c: undefined, d: 1 }, e: [undefined, { f: undefined }] };
        expect(plain(value)).to.deep.equal({ b: { d: 1 }, e: [null, {}] });
    });

    it("are otherwise as they were", () => {
        fc.assert(
            fc.property(fc.dictionary(fc.string(), json), (value) => {
                expect(JSON.stringify(plain(value))).to.equal(JSON.stringify(value));
            }),
        );
    });
});
