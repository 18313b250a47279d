/**
 * Ledgers as code for Blnk: declare ledgers, balances and metadata in a Pulumi program.
 *
 * @packageDocumentation
 */
export type { AllocationStrategy, BalanceArgs } from "./resources/balance";
export { Balance } from "./resources/balance";
export type { LedgerArgs, OnDelete } from "./resources/ledger";
export { Ledger } from "./resources/ledger";
export type { JsonInput, MetadataInput, MetadataTagArgs } from "./resources/metadataTag";
export { MetadataTag } from "./resources/metadataTag";
export type { ProviderArgs } from "./resources/provider";
export { Provider } from "./resources/provider";
export type { HasId } from "./resources/references";
