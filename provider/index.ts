/**
 * Ledgers as code for Blnk: declare ledgers, balances and metadata in a Pulumi program.
 *
 * @packageDocumentation
 */
export { type AllocationStrategy, Balance, type BalanceArgs } from "./resources/balance";
export { Ledger, type LedgerArgs } from "./resources/ledger";
export { type JsonInput, type MetadataInput, MetadataTag, type MetadataTagArgs } from "./resources/metadataTag";
export { Provider, type ProviderArgs } from "./resources/provider";
export type { HasId } from "./resources/references";
