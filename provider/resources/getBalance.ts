import type * as pulumi from "@pulumi/pulumi";
import { argumentProblems, argumentsIn, type Known } from "../program/arguments";
import { lookUp, lookUpOutput, type Question } from "../program/lookUps";
import type { Expected } from "../wire/query";
import type { AllocationStrategy } from "./balance";
import { LOOKUP_OPTIONS, type LookupOptions } from "./getLedger";
import type { MetadataInput } from "./metadataTag";
import type { HasId } from "./references";
import { idOf, plainIdOf } from "./references";

/** The names of all arguments, as there are no types when a program runs. The compiler refuses one too few or too many. */
const BALANCE_QUERY = {
    id: true,
    ledger: true,
    currency: true,
    identity: true,
    indicator: true,
    metadata: true,
} satisfies Known<GetBalanceArgs | GetBalanceOutputArgs>;

/**
 * Which balance {@link getBalance} and {@link findBalance} look up, and which balances {@link getBalances} lists: by an id
 * alone, or by ledger, currency, identity and metadata keys in any combination, or by indicator and currency.
 */
export interface GetBalanceArgs {
    /**
     * The balance's id, `bln_…`. Goes with nothing else.
     *
     * @default any
     */
    id?: string | undefined;
    /**
     * The ledger that it belongs to: what `getLedger` answered, or an id.
     *
     * @default any
     */
    ledger?: string | { readonly id: string } | undefined;
    /**
     * Its currency or unit, letter by letter.
     *
     * @default any
     */
    currency?: string | undefined;
    /**
     * The identity that it belongs to: the id of one, or something with such an id.
     *
     * @default any
     */
    identity?: string | { readonly id: string } | undefined;
    /**
     * The name by which transactions call it, such as `@world`. Blnk makes such balances by itself, one for each
     * currency, in its General Ledger. Needs `currency`.
     *
     * @default any
     */
    indicator?: string | undefined;
    /**
     * Top-level metadata keys and the JSON values that they hold, not null; the balance may hold others besides. Keys
     * must be of letters, digits and underscores and begin with a letter: Blnk cannot search by others.
     *
     * @default any
     */
    metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Which balances the same functions with `Output` look up: as {@link GetBalanceArgs}, with values that other resources give. */
export interface GetBalanceOutputArgs {
    /**
     * The balance's id, `bln_…`. Goes with nothing else.
     *
     * @default any
     */
    id?: pulumi.Input<string | undefined>;
    /**
     * The ledger that it belongs to: a `Ledger`, what a look-up answered, or an id.
     *
     * @default any
     */
    ledger?: pulumi.Input<string | HasId | undefined>;
    /**
     * Its currency or unit, letter by letter.
     *
     * @default any
     */
    currency?: pulumi.Input<string | undefined>;
    /**
     * The identity that it belongs to: the id of one, or a resource with such an id.
     *
     * @default any
     */
    identity?: pulumi.Input<string | HasId | undefined>;
    /**
     * The name by which transactions call it, such as `@world`. Blnk makes such balances by itself, one for each
     * currency, in its General Ledger. Needs `currency`.
     *
     * @default any
     */
    indicator?: pulumi.Input<string | undefined>;
    /**
     * Top-level metadata keys and the JSON values that they hold, not null; the balance may hold others besides. Keys
     * must be of letters, digits and underscores and begin with a letter: Blnk cannot search by others.
     *
     * @default any
     */
    metadata?: MetadataInput;
}

/** A balance that was looked up. Accepted wherever a `Balance` is. Amounts are none of it: they change by themselves. */
export interface GetBalanceResult {
    /** The id, `bln_…`. */
    readonly id: string;
    /** The id of the ledger that it belongs to. */
    readonly ledger: string;
    /** The currency or unit. */
    readonly currency: string;
    /** The id of the identity that it belongs to; absent where there is none. */
    readonly identity?: string;
    /** Whether Blnk traces which funds the balance's money came from; absent where it does not. */
    readonly trackFundLineage?: boolean;
    /** The order in which it spends what it received; absent for `"FIFO"`. */
    readonly allocationStrategy?: AllocationStrategy;
    /** All metadata that it holds, whoever put it there; absent where it holds none. */
    readonly metadata?: Readonly<Record<string, unknown>>;
    /** When it was made: UTC with up to six digits of a second. */
    readonly createdAt: string;
}

/**
 * Looks up one balance that this program does not manage. It is read in previews too, and never written. Asking the
 * same again in one run gives the same answer.
 *
 * Fails with a sentence where there is no such balance ({@link findBalance} answers undefined), where there are several
 * (it lists them), and where Blnk cannot search by a metadata key. What the program itself declares is not there in its first preview: pass the
 * `Balance` instead.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which balance: exactly one must answer to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The balance, as a plain object: `await` it, or pass it on as it is.
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
 * As {@link getBalance}, with arguments that other resources give. Where they are not yet known in a preview, nothing
 * is looked up and the answer stays unknown.
 *
 * Fails as {@link getBalance} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which balance: exactly one must answer to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The balance, as an output: `.id`, `.currency` and so on are outputs as well.
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

/** What is asked of balances, by plain values. */
export function balanceQuestion(expected: Expected, args: GetBalanceArgs, options: LookupOptions): Question {
    return questionOf(expected, args, options, plainIdOf);
}

/** The same by values that other resources give. */
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
