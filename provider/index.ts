/**
 * Ledgers as code for Blnk: declare ledgers, balances and metadata in a Pulumi program.
 *
 * @packageDocumentation
 */
export type { AdoptedBalanceArgs, AllocationStrategy, BalanceArgs, NewBalanceArgs } from "./resources/balance";
export { Balance } from "./resources/balance";
export type {
    AdoptedBalanceSetMember,
    BalanceSetArgs,
    BalanceSetMember,
    NewBalanceSetMember,
} from "./resources/balanceSet";
export { BalanceSet } from "./resources/balanceSet";
export { findBalance, findBalanceOutput } from "./resources/findBalance";
export { findLedger, findLedgerOutput } from "./resources/findLedger";
export type { GetBalanceArgs, GetBalanceOutputArgs, GetBalanceResult } from "./resources/getBalance";
export { getBalance, getBalanceOutput } from "./resources/getBalance";
export type { ListedBalance } from "./resources/getBalances";
export { getBalances, getBalancesOutput } from "./resources/getBalances";
export type { GetLedgerArgs, GetLedgerOutputArgs, GetLedgerResult, LookupOptions } from "./resources/getLedger";
export { getLedger, getLedgerOutput } from "./resources/getLedger";
export { getLedgers, getLedgersOutput } from "./resources/getLedgers";
export type { LedgerArgs } from "./resources/ledger";
export { Ledger } from "./resources/ledger";
export type { ManagementArgs, OnDelete } from "./resources/management";
export type {
    AdoptedMetadataTagArgs,
    JsonInput,
    MetadataInput,
    MetadataTagArgs,
    NewMetadataTagArgs,
} from "./resources/metadataTag";
export { MetadataTag } from "./resources/metadataTag";
export type { ProviderArgs } from "./resources/provider";
export { Provider } from "./resources/provider";
export type { HasId } from "./resources/references";
