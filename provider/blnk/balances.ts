import * as v from "valibot";
import type { Json } from "../wire/json";
import type { Connection } from "./connection";
import { BlnkError } from "./errors";
import { filterRecords, metadataSchema, notAsked, parseRecord, type Table } from "./records";

/** Core gives whole numbers of any size; text is read too, as Cloud's form for large ones is not documented. */
const amount = v.pipe(
    v.union([v.pipe(v.number(), v.integer()), v.bigint(), v.pipe(v.string(), v.regex(/^-?\d+$/))]),
    v.transform((digits) => BigInt(digits)),
);

const schema = v.object({
    balance_id: v.pipe(v.string(), v.nonEmpty()),
    ledger_id: v.string(),
    /** Empty where the balance has no identity. */
    identity_id: v.nullish(v.string(), ""),
    currency: v.string(),
    created_at: v.string(),
    meta_data: metadataSchema,
    /** Money that has come in and gone out, each a whole number of any size. */
    credit_balance: amount,
    debit_balance: amount,
    inflight_credit_balance: amount,
    inflight_debit_balance: amount,
    /** False in lists, whatever the truth: only a read by id tells it. */
    track_fund_lineage: v.optional(v.boolean()),
    /** Absent in lists: only a read by id tells it. */
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

/** What a new balance is made of. */
export interface NewBalance {
    readonly ledger_id: string;
    readonly currency: string;
    readonly identity_id?: string;
    readonly track_fund_lineage?: boolean;
    readonly allocation_strategy?: string;
    readonly meta_data: Readonly<Record<string, Json>>;
}

/** The sums of a balance. Each is 0 until money has moved on it, or is about to. */
const SUMS = ["credit_balance", "debit_balance", "inflight_credit_balance", "inflight_debit_balance"] as const;

/** Whether money has ever moved on a balance, or is about to. */
export function hasMoneyMoved(record: BalanceRecord): boolean {
    return SUMS.some((sum) => record[sum] !== 0n);
}

/** The same of any balance of a ledger: asked sum by sum, however many balances there are. */
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

/** Makes a balance. Not idempotent: every call makes another one. */
export async function createBalance(connection: Connection, balance: NewBalance): Promise<BalanceRecord> {
    const request = { method: "POST", path: "/balances", body: balance, effect: "creates" } as const;
    const made = await connection.core(request).catch((error: unknown) => {
        throw withReferences(error, balance);
    });
    const record = parseRecord(balances, made, true);
    if (record.ledger_id !== balance.ledger_id || record.currency !== balance.currency) throw notAsked(balances, true);
    return record;
}

/** Blnk says the same of a ledger and of an identity that is not there. */
function withReferences(error: unknown, { identity_id }: NewBalance): unknown {
    if (error instanceof BlnkError && error.message.includes("Invalid ledger ID")) {
        error.message +=
            identity_id === undefined
                ? " Check that its ledger is there."
                : " Check that its ledger and its identity are there: Blnk says the same of both.";
    }
    return error;
}

/** Links a balance to an identity, in place of the one it had. Blnk cannot take an identity away. */
export async function setBalanceIdentity(connection: Connection, id: string, identityId: string): Promise<void> {
    await connection.core({
        method: "PUT",
        path: `/balances/${encodeURIComponent(id)}/identity`,
        body: { identity_id: identityId },
        effect: "repeatable",
    });
}
