import * as v from "valibot";
import { ALLOCATION_STRATEGIES } from "../blnk/allocationStrategies";
import type { BalanceRecord } from "../blnk/balances";
import { GENERAL_LEDGER_ID } from "../blnk/server";
import { differs } from "../creation/adoption";
import { valueProblems } from "../metadata/metadata";
import { currencyCharacters } from "./characters";
import type { Asked, InputsOf } from "./lifecycle";
import { type MarkedState, markedInputs } from "./marked";

/** The shape of each input of a balance. */
export const balanceInputs = {
    ...markedInputs,
    ledger: v.string(),
    currency: v.string(),
    identity: v.string(),
    trackFundLineage: v.boolean(),
    allocationStrategy: v.picklist(ALLOCATION_STRATEGIES),
};

/** The inputs of a balance. */
export type BalanceInputs = InputsOf<typeof balanceInputs, "ledger" | "currency">;

/** The state of a balance. */
export type BalanceState = BalanceInputs & MarkedState & { readonly createdAt: string };

/** Inputs whose change replaces the balance. */
export const IMMUTABLE = ["ledger", "currency", "trackFundLineage", "allocationStrategy"] as const;

/** The identity of a balance in Blnk, if it has one. */
export function identityOf(record: BalanceRecord): { identity?: string } {
    return record.identity_id === "" ? {} : { identity: record.identity_id };
}

/** The immutable values of a balance, without those that equal the default. */
export function immutablesOf(record: BalanceRecord): Pick<BalanceInputs, (typeof IMMUTABLE)[number]> {
    const strategy = ALLOCATION_STRATEGIES.find((known) => known === record.allocation_strategy);
    return {
        ledger: record.ledger_id,
        currency: record.currency,
        ...(record.track_fund_lineage ? { trackFundLineage: true } : {}),
        ...(strategy === undefined || strategy === "FIFO" ? {} : { allocationStrategy: strategy }),
    };
}

/** The names of the immutable values, among those that every answer of Blnk contains, that differ from the state. */
export function otherImmutables(
    record: Pick<BalanceRecord, "ledger_id" | "currency">,
    { ledger, currency }: Pick<BalanceInputs, "ledger" | "currency">,
): string[] {
    return [...(record.ledger_id === ledger ? [] : ["ledger"]), ...(record.currency === currency ? [] : ["currency"])];
}

/** Problems with immutable inputs whose declared value differs from the balance. */
export function immutableProblems(
    id: string,
    declared: Partial<BalanceInputs>,
    record: BalanceRecord,
    secret?: ReadonlySet<string>,
): string[] {
    const held = { trackFundLineage: false, allocationStrategy: "FIFO", ...immutablesOf(record) };
    return IMMUTABLE.flatMap((name) => differs(id, name, declared[name], held[name], secret));
}

/** Removes declared defaults: declaring a default means the same as omitting it. */
export function withoutDefaults({
    trackFundLineage,
    allocationStrategy,
    ...inputs
}: Partial<BalanceInputs>): Partial<BalanceInputs> {
    return {
        ...inputs,
        ...(trackFundLineage ? { trackFundLineage } : {}),
        ...(allocationStrategy === undefined || allocationStrategy === "FIFO" ? {} : { allocationStrategy }),
    };
}

/** Problems with the inputs of a balance, except its metadata. */
export function balanceProblems({
    inputs,
    unknown,
    asIs,
    isAdopting,
    old,
    held = old,
}: Asked<BalanceInputs>): string[] {
    const { ledger, currency, identity, trackFundLineage } = inputs;
    const problems: string[] = [];
    // This stack never creates a balance in the General Ledger: it can only adopt one.
    if (ledger === GENERAL_LEDGER_ID && !isAdopting) {
        problems.push(
            asIs?.has("ledger") || old?.ledger === ledger
                ? "adopt cannot be removed: balances of the General Ledger cannot be created, and only adopt finds them"
                : "ledger is the General Ledger. Blnk itself creates balances there, when a transaction names an " +
                      "indicator. Adopt the balance instead",
        );
    } else if (ledger !== undefined && ledger !== GENERAL_LEDGER_ID && !/^ldg_[^/]+$/.test(ledger)) {
        problems.push('ledger must be a Ledger or the id of one ("ldg_…")');
    }
    if (identity !== undefined && !/^idt_./.test(identity)) {
        problems.push('identity must be the id of an identity ("idt_…")');
    }
    // A currency that Blnk holds already is not checked. For an adoption, preflightCreate compares it.
    const isNew = currency !== held?.currency && !(isAdopting && old === undefined);
    if (currency !== undefined && isNew) problems.push(...currencyProblems(currency));
    if (trackFundLineage && identity === undefined && !unknown.has("identity")) {
        problems.push("trackFundLineage needs an identity: Blnk traces funds by the identity behind a balance");
    }
    const isReplaced = IMMUTABLE.some((name) => old !== undefined && !unknown.has(name) && inputs[name] !== old[name]);
    if (old?.identity !== undefined && identity === undefined && !unknown.has("identity") && !isReplaced) {
        problems.push(
            `identity cannot be removed once it is set: Blnk can only replace it by another one. ` +
                `Keep it, or declare a balance with another name`,
        );
    }
    return problems;
}

/** Problems with a new currency. */
function currencyProblems(currency: string): string[] {
    if (currency.trim() === "") return ["currency must not be empty"];
    const spaces =
        currency === currency.trim() ? [] : ["currency has leading or trailing spaces; Blnk could never correct it"];
    return [...valueProblems(currency, "currency"), ...spaces, ...currencyCharacters(currency)].slice(0, 1);
}
