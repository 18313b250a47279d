import type * as pulumi from "@pulumi/pulumi";
import { argumentProblems, argumentsIn, type Known } from "../program/arguments";
import { lookUp, lookUpOutput, type Question } from "../program/lookUps";
import type { Expected } from "../wire/query";
import type { AllocationStrategy } from "./balance";
import { LOOKUP_OPTIONS, type LookupOptions } from "./getLedger";
import type { MetadataInput } from "./metadataTag";
import type { HasId } from "./references";
import { idOf, plainIdOf } from "./references";

/** All argument names, to find misspelt ones at run time. The compiler checks that the list is complete. */
const BALANCE_QUERY = {
    id: true,
    ledger: true,
    currency: true,
    identity: true,
    indicator: true,
    metadata: true,
} satisfies Known<GetBalanceArgs | GetBalanceOutputArgs>;

/**
 * The query of {@link getBalance}, {@link findBalance} and {@link getBalances}: an id alone; or ledger, currency, identity and
 * metadata keys in any combination; or indicator and currency. An unknown or empty argument is an error.
 */
export interface GetBalanceArgs {
    /**
     * The balance's id, `bln_…`. Cannot be combined with other arguments.
     *
     * @default any
     */
    id?: string | undefined;
    /**
     * The balance's ledger: the answer of `getLedger`, or an id (`ldg_…`).
     *
     * @default any
     */
    ledger?: string | { readonly id: string } | undefined;
    /**
     * The exact currency or unit, such as `USD`.
     *
     * @default any
     */
    currency?: string | undefined;
    /**
     * The balance's identity: an id (`idt_…`), or an object with such an id.
     *
     * @default any
     */
    identity?: string | { readonly id: string } | undefined;
    /**
     * The name that transactions use for the balance, such as `@world`. Must begin with `@`. Blnk itself creates such balances in
     * its General Ledger, one for each currency. Needs `currency`, except in lists.
     *
     * @default any
     */
    indicator?: string | undefined;
    /**
     * Top-level metadata keys with their JSON values, such as `{ team: "payments" }`. The balance may have other keys too.
     * Values must not be null. Keys must begin with a letter and consist of letters, digits and underscores: Blnk cannot
     * search by other keys.
     *
     * @default any
     */
    metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** The query of the same functions with `Output`: like {@link GetBalanceArgs}, with outputs of other resources. */
export interface GetBalanceOutputArgs {
    /**
     * The balance's id, `bln_…`. Cannot be combined with other arguments.
     *
     * @default any
     */
    id?: pulumi.Input<string | undefined>;
    /**
     * The balance's ledger: a `Ledger`, the answer of a look-up, or an id (`ldg_…`).
     *
     * @default any
     */
    ledger?: pulumi.Input<string | HasId | undefined>;
    /**
     * The exact currency or unit, such as `USD`.
     *
     * @default any
     */
    currency?: pulumi.Input<string | undefined>;
    /**
     * The balance's identity: an id (`idt_…`), or a resource with such an id.
     *
     * @default any
     */
    identity?: pulumi.Input<string | HasId | undefined>;
    /**
     * The name that transactions use for the balance, such as `@world`. Must begin with `@`. Blnk itself creates such balances in
     * its General Ledger, one for each currency. Needs `currency`, except in lists.
     *
     * @default any
     */
    indicator?: pulumi.Input<string | undefined>;
    /**
     * Top-level metadata keys with their JSON values, such as `{ team: "payments" }`. The balance may have other keys too.
     * Values must not be null. Keys must begin with a letter and consist of letters, digits and underscores: Blnk cannot
     * search by other keys.
     *
     * @default any
     */
    metadata?: MetadataInput;
}

/** The answer of a look-up of a balance. Accepted wherever a `Balance` is. It holds no amounts: transactions change them. */
export interface GetBalanceResult {
    /** The id, `bln_…`. */
    readonly id: string;
    /** The id of the balance's ledger. */
    readonly ledger: string;
    /** The currency or unit. */
    readonly currency: string;
    /** The id of the balance's identity; absent if there is none. */
    readonly identity?: string;
    /** Whether Blnk traces where the balance's money came from; absent if it does not. */
    readonly trackFundLineage?: boolean;
    /** The order in which the balance spends what it received; absent for `"FIFO"`. */
    readonly allocationStrategy?: AllocationStrategy;
    /** All metadata, of all writers, except this package's mark; absent if there is none. */
    readonly metadata?: Readonly<Record<string, unknown>>;
    /** When it was created: UTC with up to six decimal digits of seconds. */
    readonly createdAt: string;
}

/**
 * Looks up one balance that this program does not manage. It is read in previews too, and never written. The same query in one
 * run gets the same answer.
 *
 * Fails with an error if no balance matches ({@link findBalance} returns undefined instead), if several match (the error lists
 * them), or if Blnk cannot search by a metadata key. Do not look up a balance that this program declares: it does not exist
 * in the first preview. Pass the `Balance` instead.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. Exactly one balance must match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns A promise of the balance, a plain object: `await` it, or pass the promise on.
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * const world = blnk.getBalance({ indicator: "@world", currency: "USD" });
 * new blnk.MetadataTag("world-purpose", { target: world, key: "purpose", value: "outside money" });
 * ```
 */
export function getBalance(args: GetBalanceArgs, options: LookupOptions = {}): Promise<GetBalanceResult> {
    return lookUp(balanceQuestion("one", args, options), options);
}

/**
 * Like {@link getBalance}, with outputs of other resources as arguments. If one of them is not known yet in a preview, nothing is
 * looked up and the answer stays unknown.
 *
 * Fails as {@link getBalance} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. Exactly one balance must match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns An output of the balance. `.id`, `.currency` and so on are outputs too.
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * const customers = blnk.getLedgerOutput({ name: "Customer wallets" });
 * const float = blnk.getBalanceOutput({ ledger: customers, currency: "USD", metadata: { purpose: "float" } });
 * export const floatId = float.id;
 * ```
 */
export function getBalanceOutput(
    args: GetBalanceOutputArgs,
    options: LookupOptions = {},
): pulumi.Output<GetBalanceResult> {
    return lookUpOutput(balanceOutputQuestion("one", args, options), options);
}

/** The question behind a look-up of balances with plain values. */
export function balanceQuestion(expected: Expected, args: GetBalanceArgs, options: LookupOptions): Question {
    return questionOf(expected, args, options, plainIdOf);
}

/** The same with outputs of other resources. */
export function balanceOutputQuestion(
    expected: Expected,
    args: GetBalanceOutputArgs,
    options: LookupOptions,
): Question {
    return questionOf(expected, args, options, idOf);
}

function questionOf(
    expected: Expected,
    args: GetBalanceArgs | GetBalanceOutputArgs,
    options: LookupOptions,
    id: (reference: GetBalanceOutputArgs["ledger"]) => unknown,
): Question {
    const problems = [...argumentProblems(args, BALANCE_QUERY), ...argumentProblems(options, LOOKUP_OPTIONS, "option")];
    const { ledger, identity, ...rest } = argumentsIn(args);
    return { kind: "Balance", expected, query: { ...rest, ledger: id(ledger), identity: id(identity) }, problems };
}
