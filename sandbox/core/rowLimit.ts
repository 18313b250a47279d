import { pgText } from "./jsonb";
import type { BalanceRow } from "./rows";

const notifyLimit = 8000;

/**
 * A trigger sends each new row, and each updated balance, through pg_notify, whose payload must stay below 8,000
 * bytes. The overheads stand for the columns other than metadata; they are set so that one big string fails at the
 * lengths that were measured: 7,830 in a new ledger, 7,610 in a balance update, 7,450 in a new transaction.
 */
const overheads = { ledger: 8000 - 7830 - 9, balance: 8000 - 7610 - 9, movement: 8000 - 7450 - 9 };

/** True if a row with this metadata is too long for the trigger. */
export function tooLong(kind: "ledger" | "balance" | "transaction", metadata: object | null): boolean {
    return size(metadata) + overheads[kind === "transaction" ? "movement" : kind] >= notifyLimit;
}

/**
 * True if a balance with these amounts cannot be stored by a money movement. Metadata of 3.7 and 3.8 KB under two keys
 * was seen to be accepted by the metadata route and to stop the next movement.
 */
export function movementTooLong(balance: BalanceRow): boolean {
    const amounts = [balance.balance, balance.credit_balance, balance.debit_balance, BigInt(balance.version)];
    const digits = amounts.reduce((sum, amount) => sum + amount.toString().length - 1, 0);
    return size(balance.meta_data) + overheads.movement + digits >= notifyLimit;
}

function size(metadata: object | null): number {
    return Buffer.byteLength(pgText(metadata));
}
