import type * as pulumi from "@pulumi/pulumi";
import { lookUp, lookUpOutput } from "../program/lookUps";
import {
    balanceOutputQuestion,
    balanceQuestion,
    type GetBalanceArgs,
    type GetBalanceOutputArgs,
    type GetBalanceResult,
} from "./getBalance";
import type { LookupOptions } from "./getLedger";

/** One balance of a list. Values that Blnk's lists do not contain are left out: use {@link getBalance} for them. */
export type ListedBalance = Omit<GetBalanceResult, "trackFundLineage" | "allocationStrategy">;

/**
 * Lists the balances that match a query, oldest first, including those of this program once they exist. Without arguments it
 * lists all balances, including Blnk's own. The list is stored in the stack's state, and is read in previews too.
 * `pulumi refresh` does not change it: the next preview or `up` reads it again.
 *
 * Fails with an error if more than 1,000 balances match, or if Blnk cannot search by a metadata key.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. The listed balances match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns A promise of the balances, plain objects; of an empty list if none match.
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * export = async () => {
 *     const customers = await blnk.getLedger({ name: "Customer wallets" });
 *     const balances = await blnk.getBalances({ ledger: customers, currency: "USD" });
 *     return { wallets: balances.map(({ id }) => id) };
 * };
 * ```
 */
export function getBalances(args: GetBalanceArgs = {}, options: LookupOptions = {}): Promise<ListedBalance[]> {
    return lookUp(balanceQuestion("all", args, options), options);
}

/**
 * Like {@link getBalances}, with outputs of other resources as arguments. If one of them is not known yet in a preview, nothing is
 * looked up and the list stays unknown.
 *
 * Fails as {@link getBalances} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. The listed balances match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns An output of the balances.
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * const customers = blnk.getLedgerOutput({ name: "Customer wallets" });
 * const balances = blnk.getBalancesOutput({ ledger: customers });
 * export const currencies = balances.apply((all) => [...new Set(all.map(({ currency }) => currency))]);
 * ```
 */
export function getBalancesOutput(
    args: GetBalanceOutputArgs = {},
    options: LookupOptions = {},
): pulumi.Output<ListedBalance[]> {
    return lookUpOutput(balanceOutputQuestion("all", args, options), options);
}
