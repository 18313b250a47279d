import type * as pulumi from "@pulumi/pulumi";
import { lookUp, lookUpOutput } from "../program/lookUps";
import type { LookupOptions } from "./getLedger";
import { type GetLedgerArgs, type GetLedgerOutputArgs, type GetLedgerResult, ledgerQuestion } from "./getLedger";

/**
 * Looks up one ledger that may not exist. Like {@link getLedger}, but returns undefined if no ledger matches, in previews too.
 *
 * Fails with an error if several ledgers match (the error lists them), or if Blnk cannot search by a metadata key. Do not create
 * a ledger only if none is found: the next run would find that ledger, and it would leave the program. Declare the ledger,
 * and `adopt` the existing one.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. At most one ledger may match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns A promise of the ledger, a plain object, or of undefined.
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * export = async () => {
 *     const legacy = await blnk.findLedger({ name: "Legacy wallets" });
 *     if (legacy) new blnk.MetadataTag("legacy-state", { target: legacy, key: "state", value: "frozen" });
 * };
 * ```
 */
export function findLedger(args: GetLedgerArgs, options: LookupOptions = {}): Promise<GetLedgerResult | undefined> {
    return lookUp(ledgerQuestion("one or none", args, options), options);
}

/**
 * Like {@link findLedger}, with outputs of other resources as arguments. If one of them is not known yet in a preview, nothing is
 * looked up and the answer stays unknown.
 *
 * Fails as {@link findLedger} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. At most one ledger may match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns An output of the ledger or of undefined.
 *
 * @example
 * ```typescript
 * import * as pulumi from "@pulumi/pulumi";
 * import * as blnk from "pulumi-blnk";
 *
 * const platform = new pulumi.StackReference("acme/platform/prod");
 * const legacy = blnk.findLedgerOutput({ name: platform.requireOutput("legacyName") });
 * export const legacyId = legacy.apply((ledger) => ledger?.id ?? "none");
 * ```
 */
export function findLedgerOutput(
    args: GetLedgerOutputArgs,
    options: LookupOptions = {},
): pulumi.Output<GetLedgerResult | undefined> {
    return lookUpOutput(ledgerQuestion("one or none", args, options), options);
}
