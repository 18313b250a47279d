import type * as pulumi from "@pulumi/pulumi";
import { lookUp, lookUpOutput } from "../program/lookUps";
import type { GetLedgerArgs, GetLedgerOutputArgs, GetLedgerResult, LookupOptions } from "./getLedger";
import { ledgerQuestion } from "./getLedger";

/**
 * Lists the ledgers that match a query, oldest first, including those of this program once they exist. Without arguments it lists
 * all ledgers, including Blnk's General Ledger. The list is stored in the stack's state, and is read in previews too.
 * `pulumi refresh` does not change it: the next preview or `up` reads it again.
 *
 * Fails with an error if more than 1,000 ledgers match, or if Blnk cannot search by a metadata key.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. The listed ledgers match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns A promise of the ledgers, plain objects; of an empty list if none match.
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * export = async () => {
 *     for (const ledger of await blnk.getLedgers({ metadata: { team: "payments" } })) {
 *         new blnk.MetadataTag(`reviewed-${ledger.id}`, { target: ledger, key: "reviewed", value: 2026 });
 *     }
 * };
 * ```
 */
export function getLedgers(args: GetLedgerArgs = {}, options: LookupOptions = {}): Promise<GetLedgerResult[]> {
    return lookUp(ledgerQuestion("all", args, options), options);
}

/**
 * Like {@link getLedgers}, with outputs of other resources as arguments. If one of them is not known yet in a preview, nothing is
 * looked up and the list stays unknown.
 *
 * Fails as {@link getLedgers} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. The listed ledgers match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns An output of the ledgers.
 *
 * @example
 * ```typescript
 * import * as pulumi from "@pulumi/pulumi";
 * import * as blnk from "pulumi-blnk";
 *
 * const platform = new pulumi.StackReference("acme/platform/prod");
 * const ledgers = blnk.getLedgersOutput({ metadata: { team: platform.requireOutput("team") } });
 * export const ledgerNames = ledgers.apply((all) => all.map(({ name }) => name));
 * ```
 */
export function getLedgersOutput(
    args: GetLedgerOutputArgs = {},
    options: LookupOptions = {},
): pulumi.Output<GetLedgerResult[]> {
    return lookUpOutput(ledgerQuestion("all", args, options), options);
}
