import { expect } from "chai";
import fc from "fast-check";
import type { Metadata } from "../../provider/blnk/metadata";
import { heldUnder, mergedKeys } from "../../provider/metadata/metadata";
import { changeOfKeys, keysAt, mustCompareKeys, positionsOf } from "../../provider/metadata/ownedKeys";
import { type Json, sameJson } from "../../provider/wire/json";
import { BORN_WITH } from "./bornWith";

/** Few enough that declarations and what is held meet often. */
const key = fc.constantFrom(...BORN_WITH, "__proto__", "tier", "kyc", "a.b", "");
const value: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(1, 2, "x", false, { of: 1 }, { constructor: "c" }, []);
const of = (values: fc.Arbitrary<Json>) =>
    fc.array(fc.tuple(key, values), { maxLength: 6 }).map((entries): Metadata => Object.fromEntries(entries));
const declared = of(value);
const held = of(fc.oneof(value, fc.constant(null)));

describe("the rule of owned keys", () => {
    const any = { before: declared, now: declared, held };

    it("a value of another writer is not overwritten, unless the program asks for it", () => {
        fc.assert(
            fc.property(fc.record(any), ({ before, now, held }) => {
                const { patch, taken } = changeOfKeys({ before, now, held });
                for (const name of Object.keys(patch)) {
                    const there = heldUnder(held, name);
                    const isOurs = Object.hasOwn(before, name) && sameJson(there, before[name]);
                    expect(there === null || isOurs, name).to.equal(true);
                }
                for (const name of taken) {
                    expect(Object.hasOwn(now, name), name).to.equal(true);
                    expect(sameJson(heldUnder(held, name), now[name]), name).to.equal(false);
                }
            }),
        );
    });

    it("only a changed declaration is compared with Blnk", () => {
        fc.assert(
            fc.property(fc.record(any), ({ before, now, held }) => {
                const { patch, taken } = changeOfKeys({ before, now, held });
                const changed = (name: string) =>
                    Object.hasOwn(before, name) !== Object.hasOwn(now, name) || !sameJson(before[name], now[name]);
                for (const name of [...Object.keys(patch), ...taken]) expect(changed(name), name).to.equal(true);
                if (!mustCompareKeys({ before, now })) expect(taken).to.deep.equal([]);
            }),
        );
    });

    it("after a write nothing is left to write, and every changed key is as declared", () => {
        fc.assert(
            fc.property(fc.record({ ...any, replaceExisting: fc.boolean() }), ({ replaceExisting, ...it }) => {
                const { patch, taken } = changeOfKeys({ ...it, replaceExisting });
                const after = mergedKeys(it.held, patch);
                const again = changeOfKeys({ ...it, held: after, replaceExisting });
                expect(again.patch).to.deep.equal({});
                expect(again.taken).to.deep.equal(taken);
                if (replaceExisting) expect(taken).to.deep.equal([]);
                for (const [name, wanted] of Object.entries(it.now)) {
                    const isChanged = !Object.hasOwn(it.before, name) || !sameJson(it.before[name], wanted);
                    if (isChanged && !taken.includes(name)) expect(heldUnder(after, name)).to.deep.equal(wanted);
                }
                // What nobody declares stays, byte for byte.
                for (const [name, there] of Object.entries(it.held)) {
                    if (Object.hasOwn(it.now, name) || Object.hasOwn(it.before, name)) continue;
                    expect(heldUnder(after, name)).to.deep.equal(there);
                }
            }),
        );
    });

    it("a dropped key is set to null if it holds what this stack wrote, and left otherwise", () => {
        fc.assert(
            fc.property(fc.record({ ...any, replaceExisting: fc.boolean() }), (it) => {
                const { patch, left } = changeOfKeys(it);
                for (const [name, wrote] of Object.entries(it.before)) {
                    if (Object.hasOwn(it.now, name)) continue;
                    const there = heldUnder(it.held, name);
                    const isOurs = there !== null && sameJson(there, wrote);
                    expect(Object.hasOwn(patch, name), name).to.equal(isOurs);
                    if (isOurs) expect(patch[name]).to.equal(null);
                    expect(left.includes(name), name).to.equal(there !== null && !isOurs);
                }
            }),
        );
    });

    it("after an unverified write, the old and the new value are ours, and a third is not", () => {
        const three = fc.record({ name: key, old: value, now: value, third: value });
        const distinct = three.filter(({ old, now, third }) => !sameJson(third, now) && !sameJson(old, now));
        fc.assert(
            fc.property(distinct, fc.boolean(), ({ name, old, now, third }, hadOne) => {
                const one = (it: Json): Metadata => Object.fromEntries([[name, it]]);
                // The state holds what was asked for; the position says that it may be the older value as well.
                const unsettled = keysAt(positionsOf(hadOne ? [name] : [], one(now)), one(now)) ?? new Set<string>();
                const settle = (there: Json, wanted: Json) =>
                    changeOfKeys({ before: one(now), now: one(wanted), held: one(there), unsettled });
                expect(settle(now, now)).to.deep.equal({ patch: {}, taken: [], replaced: [], left: [] });
                expect(settle(now, old)).to.deep.equal({ patch: one(old), taken: [], replaced: [], left: [] });
                if (hadOne)
                    expect(settle(old, now)).to.deep.equal({ patch: one(now), taken: [], replaced: [], left: [] });
                else expect(settle(third, now)).to.deep.equal({ patch: {}, taken: [name], replaced: [], left: [] });
            }),
        );
    });

    it("positions give the same keys after a round trip through a state file", () => {
        fc.assert(
            fc.property(declared, fc.array(key), (metadata, some) => {
                const kept = some.filter((name) => Object.hasOwn(metadata, name));
                const stored = JSON.parse(JSON.stringify(metadata)) as Metadata;
                const reordered = Object.fromEntries(Object.entries(stored).reverse());
                expect([...(keysAt(positionsOf(some, metadata), reordered) ?? [])].sort()).to.deep.equal(
                    [...new Set(kept)].sort(),
                );
            }),
        );
    });
});
