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
 * Looks up one balance that may not be there: as {@link getBalance}, and undefined where there is none, in previews too.
 * Such are the balances that Blnk makes by itself, when money first moves in a currency.
 *
 * Fails with a sentence where there are several (it lists them), and where Blnk cannot search by a metadata key. A
 * balance that the program makes only while nothing is found would be found by its next run, and then leave the program:
 * declare it, and `adopt` what is there.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which balance: at most one may answer to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The balance, as a plain object, or undefined.
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
 * As {@link findBalance}, with arguments that other resources give. Where they are not yet known in a preview, nothing
 * is looked up and the answer stays unknown.
 *
 * Fails as {@link findBalance} does.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/search/db/filtering
 *
 * @param args Which balance: at most one may answer to all that is given.
 * @param options The provider that is asked, and the parent.
 * @returns The balance or undefined, as an output.
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
