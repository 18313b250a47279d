import type { Known } from "../program/arguments";
import type { BalanceArgs } from "./balance";
import type { BalanceSetArgs } from "./balanceSet";
import type { GetBalanceArgs, GetBalanceOutputArgs } from "./getBalance";
import type { GetLedgerArgs, GetLedgerOutputArgs, LookupOptions } from "./getLedger";
import type { LedgerArgs } from "./ledger";
import type { ManagementArgs } from "./management";
import type { MetadataTagArgs } from "./metadataTag";
import type { ProviderArgs } from "./provider";

// The names of all arguments, as there are no types when a program runs. The compiler refuses one too few and one too many.

const MANAGEMENT_ARGS = {
    replaceExisting: true,
    adopt: true,
    adoptFrom: true,
    claim: true,
    onDelete: true,
} satisfies Known<ManagementArgs>;

export const LEDGER_ARGS = {
    name: true,
    metadata: true,
    ...MANAGEMENT_ARGS,
} satisfies Known<LedgerArgs>;

export const BALANCE_ARGS = {
    ledger: true,
    currency: true,
    identity: true,
    trackFundLineage: true,
    allocationStrategy: true,
    metadata: true,
    ...MANAGEMENT_ARGS,
} satisfies Known<BalanceArgs>;

export const BALANCE_SET_ARGS = { ledger: true, balances: true, onDelete: true } satisfies Known<BalanceSetArgs>;

export const METADATA_TAG_ARGS = {
    target: true,
    key: true,
    value: true,
    replaceExisting: true,
    adopt: true,
} satisfies Known<MetadataTagArgs>;

export const PROVIDER_ARGS = {
    instanceId: true,
    accessToken: true,
    accessTokenEnv: true,
    cloudUrl: true,
    coreUrl: true,
    coreKey: true,
    coreKeyEnv: true,
    owner: true,
    movedFrom: true,
    requestTimeout: true,
} satisfies Known<ProviderArgs>;

export const LEDGER_QUERY = { id: true, name: true, metadata: true } satisfies Known<
    GetLedgerArgs | GetLedgerOutputArgs
>;

export const BALANCE_QUERY = {
    id: true,
    ledger: true,
    currency: true,
    identity: true,
    indicator: true,
    metadata: true,
} satisfies Known<GetBalanceArgs | GetBalanceOutputArgs>;

export const LOOKUP_OPTIONS = { provider: true, parent: true } satisfies Known<LookupOptions>;
