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

/** What a program asks of a balance. */
export type BalanceInputs = InputsOf<typeof balanceInputs, "ledger" | "currency">;

/** What a stack remembers of a balance. */
export type BalanceState = BalanceInputs & MarkedState & { readonly createdAt: string };

/** Inputs of which another value makes another balance. */
export const IMMUTABLE = ["ledger", "currency", "trackFundLineage", "allocationStrategy"] as const;

/** The identity that a balance has in Blnk, if it has one. */
export function identityOf(record: BalanceRecord): { identity?: string } {
    return record.identity_id === "" ? {} : { identity: record.identity_id };
}

/** What can never be changed of a balance; what is as by default is left out. */
export function immutablesOf(record: BalanceRecord): Pick<BalanceInputs, (typeof IMMUTABLE)[number]> {
    const strategy = ALLOCATION_STRATEGIES.find((known) => known === record.allocation_strategy);
    return {
        ledger: record.ledger_id,
        currency: record.currency,
        ...(record.track_fund_lineage ? { trackFundLineage: true } : {}),
        ...(strategy === undefined || strategy === "FIFO" ? {} : { allocationStrategy: strategy }),
    };
}

/** Of what every answer tells of a balance and can never change: the names in which one is not as the stack knows it. */
export function otherImmutables(
    record: Pick<BalanceRecord, "ledger_id" | "currency">,
    { ledger, currency }: Pick<BalanceInputs, "ledger" | "currency">,
): string[] {
    return [...(record.ledger_id === ledger ? [] : ["ledger"]), ...(record.currency === currency ? [] : ["currency"])];
}

/** Immutable inputs that are declared otherwise than the balance is. */
export function immutableProblems(
    id: string,
    declared: Partial<BalanceInputs>,
    record: BalanceRecord,
    secret?: ReadonlySet<string>,
): string[] {
    const held = { trackFundLineage: false, allocationStrategy: "FIFO", ...immutablesOf(record) };
    return IMMUTABLE.flatMap((name) => differs(id, name, declared[name], held[name], secret));
}

/** A default that is spelled out is no other balance than one that leaves it open. */
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

/** What is wrong with what is asked of a balance, its metadata aside. */
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
    // What was adopted there stays as it is, and can only be adopted: it is never made by this stack.
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
    // A currency that Blnk holds already stays; whether what is to be adopted has it is seen there.
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

/** What is wrong with a new currency. */
function currencyProblems(currency: string): string[] {
    if (currency.trim() === "") return ["currency must not be empty"];
    const spaces =
        currency === currency.trim() ? [] : ["currency has leading or trailing spaces; Blnk could never correct it"];
    return [...valueProblems(currency, "currency"), ...spaces, ...currencyCharacters(currency)].slice(0, 1);
}
