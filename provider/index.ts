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
export type { GetBalanceArgs, GetBalanceOutputArgs, GetBalanceResult } from "./resources/getBalance";
export { getBalance, getBalanceOutput } from "./resources/getBalance";
export type { GetLedgerArgs, GetLedgerOutputArgs, GetLedgerResult, LookupOptions } from "./resources/getLedger";
export { getLedger, getLedgerOutput } from "./resources/getLedger";
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
