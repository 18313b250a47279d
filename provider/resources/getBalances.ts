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

/** One balance of a list. What Blnk's lists do not tell of a balance is left out: {@link getBalance} tells it. */
export type ListedBalance = Omit<GetBalanceResult, "trackFundLineage" | "allocationStrategy">;

/**
 * Lists the balances that answer to a query, oldest first, those of this program among them once they are made. Without
 * arguments it lists all, Blnk's own too. The list is kept in the stack's state, and is read in previews.
 * `pulumi refresh` leaves it as it is: the next preview or `up` reads it anew.
 *
 * Fails with a sentence where there are more than 1,000, and where Blnk cannot search by a metadata key.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which balances: each answers to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The balances, as plain objects; an empty list where there are none.
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
 * As {@link getBalances}, with arguments that other resources give. Where they are not yet known in a preview, nothing
 * is looked up and the list stays unknown.
 *
 * Fails as {@link getBalances} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which balances: each answers to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The balances, as an output.
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
