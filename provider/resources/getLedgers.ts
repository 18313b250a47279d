import type * as pulumi from "@pulumi/pulumi";
import { lookUp, lookUpOutput } from "../program/lookUps";
import type { GetLedgerArgs, GetLedgerOutputArgs, GetLedgerResult, LookupOptions } from "./getLedger";
import { ledgerQuestion } from "./getLedger";

/**
 * Lists the ledgers that answer to a query, oldest first, those of this program among them once they are made. Without
 * arguments it lists all, Blnk's own General Ledger too. The list is kept in the stack's state, and is read in previews.
 * `pulumi refresh` leaves it as it is: the next preview or `up` reads it anew.
 *
 * Fails with a sentence where there are more than 1,000, and where Blnk cannot search by a metadata key.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which ledgers: each answers to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The ledgers, as plain objects; an empty list where there are none.
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
 * As {@link getLedgers}, with arguments that other resources give. Where they are not yet known in a preview, nothing is
 * looked up and the list stays unknown.
 *
 * Fails as {@link getLedgers} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which ledgers: each answers to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The ledgers, as an output.
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
