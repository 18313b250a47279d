import { expect } from "chai";
import fc from "fast-check";
import * as v from "valibot";
import { asJson, metadataRecord, parseExact } from "../../provider/blnk/json";
import { metadataSchema } from "../../provider/blnk/records";
import { canonicalJson, sameJson } from "../../provider/wire/json";

/** The same value with the keys of every object in another order. */
function turned(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(turned);
    if (value === null || typeof value !== "object") return value;
    const entries = Object.entries(value).reverse();
    return Object.fromEntries(entries.map(([key, inner]) => [key, turned(inner)]));
}

/** JSON text with large integers written in full. */
function asJsonText(value: unknown): string {
    return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
}

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe("JSON from Blnk", () => {
    it("integers of any size survive", () => {
        fc.assert(
            fc.property(fc.bigInt({ min: -(10n ** 80n), max: 10n ** 80n }), (amount) => {
                const { balance } = parseExact(`{"balance":${amount}}`) as { balance: number | bigint };
                expect(BigInt(balance)).to.equal(amount);
            }),
        );
    });

    it("integers of any size survive at any place", () => {
        const large = 2n ** 53n + 1n;
        for (const text of ["_", "-_", "[_]", "[1,_]", "[1, _]", '{"a":\n_}', '{"a":\t-_}', " _", "\r\n_"]) {
            const read = asJsonText(parseExact(text.replace("_", String(large))));
            expect(read, text).to.include(String(large));
        }
    });

    it("integers that a double holds are plain numbers", () => {
        fc.assert(
            fc.property(fc.maxSafeInteger(), (amount) => {
                expect(parseExact(String(amount))).to.equal(amount);
            }),
        );
    });

    it("everything else reads as JSON.parse reads it", () => {
        fc.assert(
            fc.property(json, (value) => {
                const text = JSON.stringify(value);
                expect(asJson(parseExact(text))).to.deep.equal(asJson(JSON.parse(text)));
            }),
        );
    });

    it("text that is not JSON is refused", () => {
        for (const text of ["", "<html>", "{", "404 page not found", "{}{}"]) {
            expect(() => parseExact(text), text).to.throw();
        }
    });
});

describe("canonical JSON", () => {
    it("does not depend on the order of keys", () => {
        fc.assert(
            fc.property(json, (value) => {
                expect(canonicalJson(turned(value))).to.equal(canonicalJson(value));
                expect(sameJson(turned(value), value)).to.equal(true);
            }),
        );
    });

    it("reads back as the value", () => {
        fc.assert(
            fc.property(json, (value) => {
                expect(JSON.parse(canonicalJson(value))).to.deep.equal(value);
            }),
        );
    });

    for (const [left, right] of [
        [undefined, "undefined"],
        [undefined, null],
        [1, "1"],
        [{}, []],
        [{ a: 1 }, { a: 1, b: null }],
        [
            [1, 2],
            [2, 1],
        ],
    ]) {
        it(`of ${canonicalJson(left)} differs from that of ${canonicalJson(right)}`, () => {
            expect(sameJson(left, right)).to.equal(false);
        });
    }
});

/** Keys that every object inherits, and similar ones. */
const INBORN_KEYS = [...Object.getOwnPropertyNames(Object.prototype), "prototype", "toJSON", "length", "name"];

describe("metadata", () => {
    const key = fc.oneof(fc.constantFrom(...INBORN_KEYS), fc.string());
    const metadata = fc.array(fc.tuple(key, json), { maxLength: 8 }).map(asText);

    it("keeps every key that Blnk sends, with and without large integers beside it", () => {
        fc.assert(
            fc.property(metadata, fc.constantFrom(1, 2 ** 60), (text, sum) => {
                const sent = parseExact(`{"sum": ${sum}, "meta_data": ${text}}`) as { meta_data: object };
                const kept = v.parse(metadataSchema, sent.meta_data);
                expect(JSON.stringify(kept)).to.equal(JSON.stringify(JSON.parse(text)));
            }),
        );
    });

    it("is an object, and an empty one when absent or null", () => {
        expect(v.parse(metadataSchema, null)).to.deep.equal({});
        expect(v.parse(metadataSchema, undefined)).to.deep.equal({});
        for (const other of ["", "a", 1, true, [], [{}]]) {
            const result = v.safeParse(metadataSchema, other);
            expect(result.success).to.equal(false);
            expect(v.safeParse(metadataRecord, other).issues?.[0].expected).to.equal("Object");
        }
    });
});

/** An object's JSON text; the last of several values of a key counts. */
function asText(entries: readonly (readonly [string, unknown])[]): string {
    return JSON.stringify(Object.fromEntries(entries));
}
