import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as blnk from "../../provider";

type Values = Readonly<Record<string, string | number>>;

interface Planned {
    readonly name: string;
    readonly options?: CustomResourceOptions;
}
export interface PlannedLedger extends Planned {
    readonly title: string;
    readonly metadata?: Values;
}
export interface PlannedBalance extends Planned {
    readonly ledger: string;
    readonly currency: string;
    readonly metadata?: Values;
}
export interface PlannedTag extends Planned {
    readonly target: string;
    readonly key: string;
    readonly value: string | number;
}

/** What a program declares, as data, so that a server's content can be compared with it. */
export interface Plan {
    readonly ledgers: readonly PlannedLedger[];
    readonly balances: readonly PlannedBalance[];
    readonly tags: readonly PlannedTag[];
}

const CURRENCIES = ["USD", "EUR", "NGN"];

/** The shop of every fault: 16 ledgers and 28 balances in them, 40 tags, 10 of these on one ledger. */
export const SHOP: Plan = {
    ledgers: upTo(16).map((n) => ({
        name: `ledger-${n}`,
        title: `Ledger ${n}`,
        ...(n % 2 === 0 ? { metadata: { team: "payments", rank: n } } : {}),
    })),
    balances: upTo(28).map((n) => ({
        name: `balance-${n}`,
        ledger: `ledger-${n % 16}`,
        currency: CURRENCIES[n % 3] ?? "USD",
        ...(n % 3 === 0 ? { metadata: { kind: "float", rank: n } } : {}),
    })),
    tags: [
        ...upTo(10).map((n) => ({ name: `many-${n}`, target: "ledger-0", key: `many_${n}`, value: `value ${n}` })),
        ...upTo(8).map((n) => ({ name: `shelf-${n}`, target: `ledger-${n + 2}`, key: "shelf", value: n })),
        ...upTo(22).map((n) => ({ name: `plan-${n}`, target: `balance-${n}`, key: "plan", value: `plan ${n}` })),
    ],
};

/** The numbers from 0 to below `count`. */
export function upTo(count: number): number[] {
    return Array.from({ length: count }, (_, n) => n);
}

/** The program that declares a plan. */
export function programOf(plan: Plan): PulumiFn {
    return async () => {
        const things = new Map<string, blnk.Ledger | blnk.Balance>();
        const thing = (name: string): blnk.Ledger | blnk.Balance => {
            const found = things.get(name);
            if (found === undefined) throw new Error(`the plan has no ${name}`);
            return found;
        };
        for (const { name, title, metadata, options } of plan.ledgers) {
            things.set(name, new blnk.Ledger(name, { name: title, ...(metadata && { metadata }) }, options));
        }
        for (const { name, ledger, currency, metadata, options } of plan.balances) {
            const args = { ledger: thing(ledger), currency, ...(metadata && { metadata }) };
            things.set(name, new blnk.Balance(name, args, options));
        }
        for (const { name, target, key, value, options } of plan.tags) {
            new blnk.MetadataTag(name, { target: thing(target), key, value }, options);
        }
    };
}

/** The plan with some of its entries changed; an entry changed to undefined is taken out. */
export function changed(plan: Plan, change: { [Kind in keyof Plan]?: Change<Plan[Kind][number]> }): Plan {
    return {
        ledgers: plan.ledgers.flatMap((it, n) => apply(change.ledgers, it, n)),
        balances: plan.balances.flatMap((it, n) => apply(change.balances, it, n)),
        tags: plan.tags.flatMap((it, n) => apply(change.tags, it, n)),
    };
}

type Change<Entry> = (entry: Entry, index: number) => Entry | undefined;

function apply<Entry>(change: Change<Entry> | undefined, entry: Entry, index: number): Entry[] {
    const now = change === undefined ? entry : change(entry, index);
    return now === undefined ? [] : [now];
}
