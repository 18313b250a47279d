import { expect } from "chai";
import fc from "fast-check";
import { balance } from "../../provider/kinds/balance";
import type { BalanceInputs } from "../../provider/kinds/balanceInputs";
import { type LedgerInputs, ledger } from "../../provider/kinds/ledger";
import { markOf } from "../../provider/marks/mark";
import { formatUrn } from "../../provider/wire/urn";

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,7}$/);
const place = fc.record({
    project: word,
    stack: word,
    under: fc.constantFrom("", "shop:index:Tenant$"),
    type: fc.constant("pulumi-nodejs:dynamic/blnk:Balance"),
    name: word,
});
const immutable = fc.record(
    {
        ledger: word.map((it) => `ldg_${it}`),
        currency: fc.constantFrom("USD", "EUR", "NGN-points"),
        trackFundLineage: fc.boolean(),
        allocationStrategy: fc.constantFrom("FIFO" as const, "LIFO" as const, "PROPORTIONAL" as const),
    },
    { requiredKeys: ["ledger", "currency"] },
);
const mutable = fc.record(
    {
        identity: word.map((it) => `idt_${it}`),
        metadata: fc.dictionary(word, fc.nat()),
        onDelete: fc.constantFrom("refuseIfUsed" as const, "forget" as const, "refuse" as const),
    },
    { requiredKeys: [] },
);

/** The mark that a check puts on a balance. */
function balanceMark(owner: string, urn: string, asked: Partial<BalanceInputs>): string {
    const { inputs } = balance.check({ inputs: asked, unknown: new Set() });
    return markOf(owner, urn, balance.identify?.(inputs as BalanceInputs) ?? {});
}

describe("the mark of a balance", () => {
    it("is the same with a default written or omitted", () => {
        fc.assert(
            fc.property(place, immutable, (where, inputs) => {
                const urn = formatUrn(where);
                const spelled = { trackFundLineage: false, allocationStrategy: "FIFO" as const, ...inputs };
                expect(balanceMark("k3f9ab", urn, spelled)).to.equal(balanceMark("k3f9ab", urn, inputs));
            }),
        );
    });

    it("does not depend on mutable inputs, or on inputs that later versions add", () => {
        fc.assert(
            fc.property(place, immutable, mutable, fc.dictionary(word, fc.anything()), (where, inputs, more, later) => {
                const urn = formatUrn(where);
                const asked = { ...later, ...inputs, ...more } as Partial<BalanceInputs>;
                expect(balanceMark("k3f9ab", urn, asked)).to.equal(balanceMark("k3f9ab", urn, inputs));
            }),
        );
    });

    it("differs for each other immutable input, owner, project, stack, component, type and name", () => {
        const whole = fc.tuple(word, place, immutable);
        fc.assert(
            fc.property(whole, whole, ([owner, where, inputs], [otherOwner, otherWhere, otherInputs]) => {
                const mark = balanceMark(owner, formatUrn(where), inputs);
                const hash = (text: string) => text.slice(text.lastIndexOf("#"));
                const defaults = { trackFundLineage: false, allocationStrategy: "FIFO" };
                const [one, other] = [
                    { ...defaults, ...inputs },
                    { ...defaults, ...otherInputs },
                ];
                for (const name of balance.replaceOn) {
                    const key = name as keyof typeof one;
                    const changed = balanceMark(owner, formatUrn(where), { ...inputs, [key]: other[key] });
                    expect(hash(changed) === hash(mark), name).to.equal(one[key] === other[key]);
                }
                for (const name of ["project", "stack", "under", "type", "name"] as const) {
                    const changed = balanceMark(owner, formatUrn({ ...where, [name]: otherWhere[name] }), inputs);
                    expect(hash(changed) === hash(mark), name).to.equal(otherWhere[name] === where[name]);
                }
                expect(hash(balanceMark(otherOwner, formatUrn(where), inputs)) === hash(mark)).to.equal(
                    otherOwner === owner,
                );
            }),
        );
    });
});

describe("the mark of a ledger", () => {
    it("does not depend on inputs: all inputs of a ledger are mutable", () => {
        fc.assert(
            fc.property(word, mutable, (name, more) => {
                const { inputs } = ledger.check({ inputs: { name, ...more }, unknown: new Set() });
                expect(ledger.identify?.(inputs as LedgerInputs)).to.deep.equal({});
            }),
        );
        expect(ledger.replaceOn).to.deep.equal([]);
    });
});
