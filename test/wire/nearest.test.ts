import { expect } from "chai";
import fc from "fast-check";
import { didYouMean, nearest } from "../../provider/wire/nearest";

const KNOWN = [
    "ledger",
    "currency",
    "identity",
    "trackFundLineage",
    "allocationStrategy",
    "metadata",
    "adopt",
    "adoptFrom",
    "onDelete",
];

describe("the suggestion for a misspelt name", () => {
    const meant: [misspelt: string, name: string][] = [
        ["metdata", "metadata"],
        ["meta_data", "metadata"],
        ["ondelete", "onDelete"],
        ["on-delete", "onDelete"],
        ["trackFundLinage", "trackFundLineage"],
        ["identityId", "identity"],
        ["identity_id", "identity"],
        ["ledgerId", "ledger"],
        ["curency", "currency"],
        ["Currency", "currency"],
        ["adopts", "adopt"],
        ["allocation", "allocationStrategy"],
        ["legder", "ledger"],
    ];
    for (const [misspelt, name] of meant) {
        it(`for "${misspelt}" is ${name}`, () => {
            expect(didYouMean(misspelt, KNOWN)).to.equal(` (did you mean "${name}"?)`);
        });
    }

    it("for a short name with two swapped letters is that name", () => {
        expect(nearest("nmae", ["name", "metadata"])).to.equal("name");
    });

    it("for a name that is similar to none is nothing", () => {
        for (const other of ["", "x", "color", "toString", "__proto__", "constructor", "👍"]) {
            expect(didYouMean(other, KNOWN), other).to.equal("");
        }
    });

    it("for a name with one letter more, less or changed is always that name", () => {
        fc.assert(
            fc.property(
                fc.constantFrom(...KNOWN.filter((name) => name !== "adopt")),
                fc.nat(),
                fc.constantFrom("q", "Z", ""),
                fc.nat(1),
                (name, at, letter, removed) => {
                    const index = at % name.length;
                    const misspelt = name.slice(0, index) + letter + name.slice(index + removed);
                    expect(nearest(misspelt, KNOWN)).to.equal(name);
                },
            ),
        );
    });
});
