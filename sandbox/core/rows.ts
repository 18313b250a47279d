import type { Metadata } from "../json";

/** A stored ledger. */
export interface LedgerRow {
    ledger_id: string;
    name: string;
    created_at: string;
    meta_data: Metadata | null;
}

/** A stored balance; amounts are in minor units and of any size. */
export interface BalanceRow {
    balance: bigint;
    version: number;
    inflight_balance: bigint;
    credit_balance: bigint;
    inflight_credit_balance: bigint;
    debit_balance: bigint;
    inflight_debit_balance: bigint;
    ledger_id: string;
    /** "" for none. */
    identity_id: string;
    balance_id: string;
    /** "" for a plain balance. */
    indicator: string;
    currency: string;
    created_at: string;
    inflight_expires_at: string;
    meta_data: Metadata | null;
    track_fund_lineage: boolean;
    allocation_strategy: string;
}

/** The columns of an identity that are plain text, in the order answers show them. */
export const identityTexts = [
    "identity_type",
    "organization_name",
    "category",
    "first_name",
    "last_name",
    "other_names",
    "gender",
    "email_address",
    "phone_number",
    "nationality",
    "street",
    "country",
    "state",
    "post_code",
    "city",
] as const;

/** A stored identity. */
export type IdentityRow = Record<(typeof identityTexts)[number], string> & {
    identity_id: string;
    dob: string;
    created_at: string;
    meta_data: Metadata | null;
};

/** A stored transaction; `source` and `destination` of a queued one are as sent. */
export interface TransactionRow {
    precise_amount: bigint;
    amount: number;
    precision: number;
    transaction_id: string;
    parent_transaction: string;
    source: string;
    destination: string;
    reference: string;
    currency: string;
    description: string;
    status: string;
    hash: string;
    created_at: string;
    effective_date: string;
    meta_data: Metadata;
}

/** A stored matching rule. */
export interface RuleRow {
    rule_id: string;
    created_at: string;
    updated_at: string;
    name: string;
    description: string;
    criteria: { field: string; operator: string; value: string; pattern: string; allowable_drift: number }[];
}

/** A stored balance monitor. */
export interface MonitorRow {
    monitor_id: string;
    balance_id: string;
    created_at: string;
    condition: { value: number; precision: number; precise_value: bigint; field: string; operator: string };
}
