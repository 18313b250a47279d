import type * as pulumi from "@pulumi/pulumi";
import { lookUp, lookUpOutput } from "../program/lookUps";
import type { LookupOptions } from "./getLedger";
import { type GetLedgerArgs, type GetLedgerOutputArgs, type GetLedgerResult, ledgerQuestion } from "./getLedger";

/**
 * Looks up one ledger that may not be there: as {@link getLedger}, and undefined where there is none, in previews too.
 *
 * Fails with a sentence where there are several (it lists them), and where Blnk cannot search by a metadata key. A
 * ledger that the program makes only while nothing is found would be found by its next run, and then leave the program:
 * declare it, and `adopt` what is there.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which ledger: at most one may answer to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The ledger, as a plain object, or undefined.
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
 * As {@link findLedger}, with arguments that other resources give. Where they are not yet known in a preview, nothing is
 * looked up and the answer stays unknown.
 *
 * Fails as {@link findLedger} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which ledger: at most one may answer to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The ledger or undefined, as an output.
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
