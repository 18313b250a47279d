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

/**
 * Looks up one balance that may not exist. Like {@link getBalance}, but returns undefined if no balance matches, in previews too.
 * Use it for the balances that Blnk itself creates when money first moves in a currency.
 *
 * Fails with an error if several balances match (the error lists them), or if Blnk cannot search by a metadata key. Do not
 * create a balance only if none is found: the next run would find that balance, and it would leave the program. Declare the
 * balance, and `adopt` the existing one.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. At most one balance may match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns A promise of the balance, a plain object, or of undefined.
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * export = async () => {
 *     const world = await blnk.findBalance({ indicator: "@world", currency: "USD" });
 *     if (world) new blnk.MetadataTag("world-purpose", { target: world, key: "purpose", value: "outside money" });
 * };
 * ```
 */
export function findBalance(args: GetBalanceArgs, options: LookupOptions = {}): Promise<GetBalanceResult | undefined> {
    return lookUp(balanceQuestion("one or none", args, options), options);
}

/**
 * Like {@link findBalance}, with outputs of other resources as arguments. If one of them is not known yet in a preview, nothing
 * is looked up and the answer stays unknown.
 *
 * Fails as {@link findBalance} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args The query. At most one balance may match all arguments.
 * @param options The provider to ask, and the parent.
 * @returns An output of the balance or of undefined.
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * const customers = blnk.getLedgerOutput({ name: "Customer wallets" });
 * const float = blnk.findBalanceOutput({ ledger: customers, metadata: { purpose: "float" } });
 * export const floatId = float.apply((balance) => balance?.id ?? "none");
 * ```
 */
export function findBalanceOutput(
    args: GetBalanceOutputArgs,
    options: LookupOptions = {},
): pulumi.Output<GetBalanceResult | undefined> {
    return lookUpOutput(balanceOutputQuestion("one or none", args, options), options);
}
