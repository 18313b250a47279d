import type * as pulumi from "@pulumi/pulumi";
import { argumentProblems, argumentsIn, type Known } from "../program/arguments";
import { lookUp, lookUpOutput, type Question } from "../program/lookUps";
import type { Expected } from "../wire/query";
import type { MetadataInput } from "./metadataTag";

/** The names of all arguments, as there are no types when a program runs. The compiler refuses one too few or too many. */
const LEDGER_QUERY = { id: true, name: true, metadata: true } satisfies Known<GetLedgerArgs | GetLedgerOutputArgs>;

export const LOOKUP_OPTIONS = { provider: true, parent: true } satisfies Known<LookupOptions>;

/** Where a look-up stands. */
export interface LookupOptions {
    /**
     * The provider whose Blnk server is asked.
     *
     * @default the provider of `parent`, else the server that the stack's configuration names
     */
    provider?: pulumi.ProviderResource | undefined;
    /**
     * The resource under which the look-up shows, and whose provider it takes.
     *
     * @default the stack
     */
    parent?: pulumi.Resource | undefined;
}

/**
 * Which ledger {@link getLedger} and {@link findLedger} look up, and which ledgers {@link getLedgers} lists: by an id alone,
 * or by name, metadata keys, or both.
 */
export interface GetLedgerArgs {
    /**
     * The ledger's id, `ldg_…`, or `general_ledger_id` for Blnk's own General Ledger. Goes with nothing else.
     *
     * @default any
     */
    id?: string | undefined;
    /**
     * The name that people see in Blnk, letter by letter. Names are not unique there.
     *
     * @default any
     */
    name?: string | undefined;
    /**
     * Top-level metadata keys and the JSON values that they hold, not null; the ledger may hold others besides. Keys
     * must be of letters, digits and underscores and begin with a letter: Blnk cannot search by others.
     *
     * @default any
     */
    metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Which ledgers the same functions with `Output` look up: as {@link GetLedgerArgs}, with values that other resources give. */
export interface GetLedgerOutputArgs {
    /**
     * The ledger's id, `ldg_…`, or `general_ledger_id` for Blnk's own General Ledger. Goes with nothing else.
     *
     * @default any
     */
    id?: pulumi.Input<string | undefined>;
    /**
     * The name that people see in Blnk, letter by letter. Names are not unique there.
     *
     * @default any
     */
    name?: pulumi.Input<string | undefined>;
    /**
     * Top-level metadata keys and the JSON values that they hold, not null; the ledger may hold others besides. Keys
     * must be of letters, digits and underscores and begin with a letter: Blnk cannot search by others.
     *
     * @default any
     */
    metadata?: MetadataInput;
}

/** A ledger that was looked up. Accepted wherever a `Ledger` is. */
export interface GetLedgerResult {
    /** The id, `ldg_…`. */
    readonly id: string;
    /** The name that people see in Blnk. */
    readonly name: string;
    /** All metadata that it holds, whoever put it there; absent where it holds none. */
    readonly metadata?: Readonly<Record<string, unknown>>;
    /** When it was made: UTC with up to six digits of a second. */
    readonly createdAt: string;
}

/**
 * Looks up one ledger that this program does not manage, by its id, or by name and metadata keys. It is read in
 * previews too, and never written. Asking the same again in one run gives the same answer.
 *
 * Fails with a sentence where there is no such ledger ({@link findLedger} answers undefined), where there are several (it
 * lists them), and where Blnk cannot search by a metadata key. What the program itself declares is not there in its first preview: pass the `Ledger`
 * instead.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which ledger: exactly one must answer to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The ledger, as a plain object: `await` it, or pass it on as it is.
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
 * As {@link getLedger}, with arguments that other resources give. Where they are not yet known in a preview, nothing is
 * looked up and the answer stays unknown.
 *
 * Fails as {@link getLedger} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which ledger: exactly one must answer to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The ledger, as an output: `.id`, `.name` and so on are outputs as well.
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

/** What is asked of ledgers. */
export function ledgerQuestion(
    expected: Expected,
    args: GetLedgerArgs | GetLedgerOutputArgs,
    options: LookupOptions,
): Question {
    const problems = [...argumentProblems(args, LEDGER_QUERY), ...argumentProblems(options, LOOKUP_OPTIONS, "option")];
    return { kind: "Ledger", expected, query: { ...argumentsIn(args) }, problems };
}
