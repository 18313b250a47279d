import { expect } from "chai";
import fc from "fast-check";
import { currencyCharacters, nameCharacters } from "../../provider/kinds/characters";

/** Invisible characters: controls, formats, joiners, direction marks, fillers, line separators, half of a surrogate pair. */
const HIDDEN = [
    ..."\u0001\u0007\t\n\r\u001b\u007f\u0085\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u202e\u2028\u2029",
    ..."\u2060\u2066\u3164\ufe0f\ufeff\uffa0",
    "\u{e0001}",
    "\ud800",
];
const SEEN = [..."AUSD$€£¥₦ßéñ日本語अक्षर한글🪙", "👩🏽", "x"];
const hidden = fc.constantFrom(...HIDDEN);
const seen = fc.constantFrom(...SEEN);
const words = fc.array(seen, { minLength: 1, maxLength: 8 }).map((letters) => letters.join(""));
const isControl = (text: string) => /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);

describe("invisible characters", () => {
    it("are refused anywhere in a new currency, and named by their code", () => {
        fc.assert(
            fc.property(words, hidden, words, fc.nat(2), (before, it, after, place) => {
                const currency = [it + after, before + it + after, before + it][place] ?? "";
                const problems = currencyCharacters(currency);
                expect(problems).to.have.length(1);
                expect(problems[0]).to.match(/^currency contains an invisible character \(U\+[0-9A-F]{4,6}\): /);
                expect(problems[0]).not.to.contain(it);
            }),
        );
    });

    it("are what a currency or a name must not be made of: any other passes", () => {
        fc.assert(
            fc.property(words, (text) => {
                expect(currencyCharacters(text)).to.deep.equal([]);
                expect(nameCharacters(text, "name")).to.deep.equal([]);
            }),
        );
    });

    it("are refused in a name where they are all there is", () => {
        fc.assert(
            fc.property(fc.array(fc.oneof(hidden, fc.constant(" ")), { minLength: 1 }), (letters) => {
                const name = letters.join("");
                fc.pre(name.trim() !== "");
                expect(nameCharacters(name, "name")).to.have.length(1);
            }),
        );
    });

    it("pass inside a name, such as joiners, unless they control something", () => {
        fc.assert(
            fc.property(words, hidden, words, (before, it, after) => {
                const problems = nameCharacters(before + it + after, "name");
                expect(problems).to.have.length(isControl(it) ? 1 : 0);
            }),
        );
        expect(nameCharacters("👩‍👩‍👧 Family‌Wallets", "name")).to.deep.equal([]);
    });
});
