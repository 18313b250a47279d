import type * as pulumi from "@pulumi/pulumi";
import { argumentProblems, argumentsIn, type Known } from "../program/arguments";
import { lookUp, lookUpOutput, type Question } from "../program/lookUps";
import type { Expected } from "../wire/query";
import type { MetadataInput } from "./metadataTag";

/** All argument names, to find misspelt ones at run time. The compiler checks that the list is complete. */
const LEDGER_QUERY = { id: true, name: true, metadata: true } satisfies Known<GetLedgerArgs | GetLedgerOutputArgs>;

export const LOOKUP_OPTIONS = { provider: true, parent: true } satisfies Known<LookupOptions>;

/** The options of a look-up. */
export interface LookupOptions {
    /**
     * The provider whose Blnk server is asked, such as a `blnk.Provider`.
     *
     * @default the provider of `parent`, otherwise the server in the stack's configuration
     */
    provider?: pulumi.ProviderResource | undefined;
    /**
     * The parent in Pulumi's display. The look-up uses its provider.
     *
     * @default the stack
     */
    parent?: pulumi.Resource | undefined;
}

/**
 * The query of {@link getLedger}, {@link findLedger} and {@link getLedgers}: an id alone, or a name, metadata keys, or both. An
 * unknown or empty argument is an error.
 */
export interface GetLedgerArgs {
    /**
     * The ledger's id, `ldg_…`, or `general_ledger_id` for Blnk's own General Ledger. Cannot be combined with other arguments.
     *
     * @default any
     */
    id?: string | undefined;
    /**
     * The exact name in Blnk, such as `Customer wallets`. Names are not unique there.
     *
     * @default any
     */
    name?: string | undefined;
    /**
     * Top-level metadata keys with their JSON values, such as `{ team: "payments" }`. The ledger may have other keys too.
     * Values must not be null. Keys must begin with a letter and consist of letters, digits and underscores: Blnk cannot
     * search by other keys.
     *
     * @default any
     */
    metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** The query of the same functions with `Output`: like {@link GetLedgerArgs}, with outputs of other resources. */
export interface GetLedgerOutputArgs {
    /**
     * The ledger's id, `ldg_…`, or `general_ledger_id` for Blnk's own General Ledger. Cannot be combined with other arguments.
     *
     * @default any
     */
    id?: pulumi.Input<string | undefined>;
    /**
     * The exact name in Blnk, such as `Customer wallets`. Names are not unique there.
     *
     * @default any
     */
    name?: pulumi.Input<string | undefined>;
    /**
     * Top-level metadata keys with their JSON values, such as `{ team: "payments" }`. The ledger may have other keys too.
     * Values must not be null. Keys must begin with a letter and consist of letters, digits and underscores: Blnk cannot
     * search by other keys.
     *
     * @default any
     */
    metadata?: MetadataInput;
}

/** The answer of a look-up of a ledger. Accepted wherever a `Ledger` is. */
export interface GetLedgerResult {
    /** The id, `ldg_…`. */
    readonly id: string;
    /** The name that people see in Blnk. */
    readonly name: string;
    /** All metadata, of all writers, except this package's mark; absent if there is none. */
    readonly metadata?: Readonly<Record<string, unknown>>;
    /** When it was created: UTC with up to six decimal digits of seconds. */
    readonly createdAt: string;
}

/**
 * Looks up one ledger that this program does not manage, by its id, or by name and metadata keys. It is read in previews too, and
 * never written. The same query in one run gets the same answer.
 *
 * Fails with an error if no ledger matches ({@link findLedger} returns undefined instead), if several match (the error lists
 * them), or if Blnk cannot search by a metadata key. Do not look up a ledger that this program declares: it does not exist
 * in the first preview. Pass the `Ledger` instead.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. Exactly one ledger must match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns A promise of the ledger, a plain object: `await` it, or pass the promise on.
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * const customers = blnk.getLedger({ name: "Customer wallets", metadata: { team: "payments" } });
 * new blnk.Balance("alice-usd", { ledger: customers, currency: "USD" });
 * ```
 */
export function getLedger(args: GetLedgerArgs, options: LookupOptions = {}): Promise<GetLedgerResult> {
    return lookUp(ledgerQuestion("one", args, options), options);
}

/**
 * Like {@link getLedger}, with outputs of other resources as arguments. If one of them is not known yet in a preview, nothing is
 * looked up and the answer stays unknown.
 *
 * Fails as {@link getLedger} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. Exactly one ledger must match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns An output of the ledger. `.id`, `.name` and so on are outputs too.
 *
 * @example
 * ```typescript
 * import * as pulumi from "@pulumi/pulumi";
 * import * as blnk from "pulumi-blnk";
 *
 * const platform = new pulumi.StackReference("acme/platform/prod");
 * const customers = blnk.getLedgerOutput({ id: platform.requireOutput("customersLedger") });
 * export const ledgerName = customers.name;
 * ```
 */
export function getLedgerOutput(
    args: GetLedgerOutputArgs,
    options: LookupOptions = {},
): pulumi.Output<GetLedgerResult> {
    return lookUpOutput(ledgerQuestion("one", args, options), options);
}

/** The question behind a look-up of ledgers. */
export function ledgerQuestion(
    expected: Expected,
    args: GetLedgerArgs | GetLedgerOutputArgs,
    options: LookupOptions,
): Question {
    const problems = [...argumentProblems(args, LEDGER_QUERY), ...argumentProblems(options, LOOKUP_OPTIONS, "option")];
    return { kind: "Ledger", expected, query: { ...argumentsIn(args) }, problems };
}
