import { expect } from "chai";
import fc from "fast-check";
import { markOfMember, type SetOfBalances } from "../../provider/kinds/balanceSet/inputs";
import { inputsOfState, type KnownMember, membersOf, stateWith } from "../../provider/kinds/balanceSet/state";
import { parseMark } from "../../provider/marks/mark";

const MARK = "shop/dev/wallets@k3f9ab#0123456789abcdef";
const set: SetOfBalances = { ledger: "ldg_1", mark: MARK };

const member: fc.Arbitrary<KnownMember> = fc.record(
    {
        id: fc.uuid().map((it) => `bln_${it}`),
        currency: fc.constantFrom("USD", "EUR", "NGN-points"),
        identity: fc.constant("idt_1"),
        metadata: fc.dictionary(fc.string(), fc.nat(), { minKeys: 1, noNullPrototype: true }),
        adopted: fc.constant("bln_1"),
        unmarked: fc.constant(true as const),
        lostMark: fc.constant(true as const),
    },
    { requiredKeys: ["id", "currency"], noNullPrototype: true },
);
const key = fc.string({ minLength: 1 }).filter((it) => it !== "__proto__");
const members = fc.array(fc.tuple(key, member)).map((entries) => new Map(entries));

describe("what is remembered of a balance set", () => {
    it("holds every member as it is, after the way through the state file as well", () => {
        fc.assert(
            fc.property(members, (given) => {
                const stored = JSON.parse(JSON.stringify(stateWith(set, given)));
                expect(Object.fromEntries(membersOf(stored))).to.deep.equal(Object.fromEntries(given));
            }),
        );
    });

    it("stands for inputs that change nothing", () => {
        fc.assert(
            fc.property(members, (given) => {
                const { balances, ...rest } = inputsOfState(stateWith(set, given));
                expect(rest).to.deep.equal(set);
                expect(Object.keys(balances).sort()).to.deep.equal([...given.keys()].sort());
            }),
        );
    });

    it("says of a member in the commonest currency no more than its id", () => {
        const plain = (n: number, currency = "USD"): [string, KnownMember] => [`k${n}`, { id: `bln_${n}`, currency }];
        const state = stateWith(set, new Map([plain(1), plain(2), plain(3, "EUR")]));
        expect(state).to.deep.equal({
            ...set,
            ids: { k1: "bln_1", k2: "bln_2", k3: "bln_3" },
            currency: "USD",
            balances: { k3: { currency: "EUR" } },
        });
    });
});

describe("the mark of a member", () => {
    it("names the set and the key, and stays as it is for ever", () => {
        expect(markOfMember(MARK, "alice/usd", { currency: "USD" })).to.equal(
            "shop/dev/wallets/alice/usd@k3f9ab#c862246bb2b14d65",
        );
    });

    it("is another for another set, key or currency, and for nothing else", () => {
        const other = fc.constantFrom(MARK, MARK.replace("wallets", "purses"), MARK.replace("f#", "e#"));
        fc.assert(
            fc.property(fc.tuple(other, key, member), fc.tuple(other, key, member), (one, two) => {
                const isSame = one[0] === two[0] && one[1] === two[1] && one[2].currency === two[2].currency;
                expect(markOfMember(...one) === markOfMember(...two)).to.equal(isSame);
            }),
        );
    });

    it("can be read back, whatever the key", () => {
        fc.assert(
            fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (name) => {
                const mark = parseMark(markOfMember(MARK, name, { currency: "USD" }));
                expect(mark).to.include({ project: "shop", stack: "dev", name: `wallets/${name}`, owner: "k3f9ab" });
            }),
        );
    });
});
