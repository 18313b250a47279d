import * as v from "valibot";
import type { Json } from "../wire/json";
import type { Connection } from "./connection";
import { BlnkError } from "./errors";
import { filterRecords, metadataSchema, notAsked, parseRecord, type Table } from "./records";

/** Core sends whole numbers of any size. Text is accepted too, because Cloud does not document its form of large numbers. */
const amount = v.pipe(
    v.union([v.pipe(v.number(), v.integer()), v.bigint(), v.pipe(v.string(), v.regex(/^-?\d+$/))]),
    v.transform((digits) => BigInt(digits)),
);

const schema = v.object({
    balance_id: v.pipe(v.string(), v.nonEmpty()),
    ledger_id: v.string(),
    /** Empty when the balance has no identity. */
    identity_id: v.nullish(v.string(), ""),
    currency: v.string(),
    created_at: v.string(),
    meta_data: metadataSchema,
    /** All money that came in and went out. */
    credit_balance: amount,
    debit_balance: amount,
    inflight_credit_balance: amount,
    inflight_debit_balance: amount,
    /** Always false in lists: only a read by id shows the true value. */
    track_fund_lineage: v.optional(v.boolean()),
    /** Absent in lists: only a read by id shows it. */
    allocation_strategy: v.optional(v.string()),
});

/** A balance as Blnk holds it. */
export type BalanceRecord = v.InferOutput<typeof schema>;

export const balances: Table<BalanceRecord> = {
    noun: "balance",
    nouns: "balances",
    idField: "balance_id",
    idPrefix: "bln_",
    idOf: (record) => record.balance_id,
    core: "/balances",
    cloudFilter: "/balances/filter",
    schema,
    isUsed: async (_connection, record) => hasMoneyMoved(record),
};

/** The body of a create. */
export interface NewBalance {
    readonly ledger_id: string;
    readonly currency: string;
    readonly identity_id?: string;
    readonly track_fund_lineage?: boolean;
    readonly allocation_strategy?: string;
    readonly meta_data: Readonly<Record<string, Json>>;
}

/** The sums of a balance. All are 0 until money moves or is held. */
const SUMS = ["credit_balance", "debit_balance", "inflight_credit_balance", "inflight_debit_balance"] as const;

/** Whether money has ever moved on a balance, or is held (inflight). */
export function hasMoneyMoved(record: BalanceRecord): boolean {
    return SUMS.some((sum) => record[sum] !== 0n);
}

/** The same for all balances of a ledger: one question for each sum, however many balances there are. */
export async function hasMoneyMovedIn(connection: Connection, ledgerId: string): Promise<boolean> {
    for (const field of SUMS) {
        const { rows } = await filterRecords(connection, balances, [
            { field: "ledger_id", operator: "eq", value: ledgerId },
            { field, operator: "gt", value: 0 },
        ]);
        if (rows.length > 0) return true;
    }
    return false;
}

/** Creates a balance. Not idempotent: every call creates another one. */
export async function createBalance(connection: Connection, balance: NewBalance): Promise<BalanceRecord> {
    const request = { method: "POST", path: "/balances", body: balance, effect: "creates" } as const;
    const created = await connection.core(request).catch((error: unknown) => {
        throw explainReferences(error, balance);
    });
    const record = parseRecord(balances, created, true);
    if (record.ledger_id !== balance.ledger_id || record.currency !== balance.currency) throw notAsked(balances, true);
    return record;
}

/** Adds what to check: Blnk gives the same error for a missing ledger and for a missing identity. */
function explainReferences(error: unknown, { identity_id }: NewBalance): unknown {
    if (error instanceof BlnkError && error.message.includes("Invalid ledger ID")) {
        error.message +=
            identity_id === undefined
                ? " Check that its ledger exists."
                : " Check that its ledger and its identity exist: Blnk gives the same error for both.";
    }
    return error;
}

/** Links a balance to an identity and replaces an earlier one. Blnk cannot remove an identity. */
export async function setBalanceIdentity(connection: Connection, id: string, identityId: string): Promise<void> {
    await connection.core({
        method: "PUT",
        path: `/balances/${encodeURIComponent(id)}/identity`,
        body: { identity_id: identityId },
        effect: "repeatable",
    });
}
