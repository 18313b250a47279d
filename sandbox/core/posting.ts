import { databaseError, Refusal } from "./answers";
import { balanceNotFound, indicatorBalance } from "./balances";
import { type Draft, rowOf } from "./draft";
import { minorUnits } from "./money";
import { movementTooLong, tooLong } from "./rowLimit";
import type { BalanceRow, TransactionRow } from "./rows";
import { type CoreState, newId } from "./state";

/** How a movement changes the two balances. */
export type Effect = "apply" | "hold" | "commit" | "release";

/** Posts a draft at once: reference, balances, funds, then both balances and the row together, or a refusal. */
export function post(state: CoreState, draft: Draft, created: bigint, parent = "", effect?: Effect): TransactionRow {
    checkReference(state, draft.reference);
    const source = findBalance(state, draft.source, draft.currency);
    const destination = findBalance(state, draft.destination, draft.currency);
    if (source.balance_id === destination.balance_id) {
        throw new Refusal(400, "TXN_VALIDATION_ERROR", "source and destination are the same balance", {});
    }
    const movement = effect ?? (draft.inflight ? "hold" : "apply");
    if (movement === "apply" || movement === "hold") {
        if (draft.preciseAmount <= 0n) {
            const message = "failed to apply transaction to balances: transaction precise amount must be positive";
            throw new Refusal(400, "TXN_VALIDATION_ERROR", message);
        }
        checkFunds(draft, source);
    }
    const status = { apply: "APPLIED", hold: "INFLIGHT", commit: "APPLIED", release: "VOID" }[movement];
    const resolved = { ...draft, source: source.balance_id, destination: destination.balance_id };
    const row = rowOf(resolved, newId("txn"), status, created, parent);
    const debited = move(source, "debit", draft.preciseAmount, movement);
    const credited = move(destination, "credit", draft.preciseAmount, movement);
    if (movementTooLong(debited) || movementTooLong(credited)) {
        throw databaseError("payload string too long");
    }
    store(state, row);
    state.balances.change(source.balance_id, debited);
    state.balances.change(destination.balance_id, credited);
    return row;
}

/** Stores a transaction row without moving money. */
export function store(state: CoreState, row: TransactionRow): void {
    if (tooLong("transaction", row.meta_data)) {
        throw databaseError();
    }
    state.transactions.insert(row.transaction_id, row);
    state.references.set(row.reference, row.transaction_id);
}

/** Refuses a reference that a row already carries. */
export function checkReference(state: CoreState, reference: string): void {
    if (state.references.has(reference)) {
        const message = `transaction validation failed: reference ${reference} has already been used`;
        throw new Refusal(409, "TXN_DUPLICATE_REFERENCE", message);
    }
}

function findBalance(state: CoreState, id: string, currency: string): BalanceRow {
    if (id.startsWith("@")) {
        return indicatorBalance(state, id, currency);
    }
    const row = state.balances.get(id);
    if (row === undefined) {
        throw balanceNotFound(id, "TXN_NOT_FOUND");
    }
    return row;
}

function checkFunds(draft: Draft, source: BalanceRow): void {
    if (draft.allowOverdraft && draft.overdraftLimit <= 0) {
        return;
    }
    const left = source.balance - source.inflight_debit_balance - draft.preciseAmount;
    const prefix = "failed to apply transaction to balances";
    if (draft.overdraftLimit > 0) {
        if (left < -minorUnits(String(draft.overdraftLimit), String(draft.precision))) {
            const message = `${prefix}: transaction exceeds overdraft limit`;
            throw new Refusal(400, "TXN_VALIDATION_ERROR", message);
        }
    } else if (left < 0n) {
        throw new Refusal(400, "TXN_INSUFFICIENT_FUNDS", `${prefix}: insufficient funds in source balance`);
    }
}

/** The balance after one side of a movement; each movement raises the version by one. */
function move(row: BalanceRow, side: "debit" | "credit", units: bigint, effect: Effect): BalanceRow {
    const after = { ...row, version: row.version + 1 };
    if (effect === "apply" || effect === "commit") {
        after[`${side}_balance`] += units;
        after.balance = after.credit_balance - after.debit_balance;
    }
    if (effect !== "apply") {
        after[`inflight_${side}_balance`] += effect === "hold" ? units : -units;
        after.inflight_balance = after.inflight_credit_balance - after.inflight_debit_balance;
    }
    return after;
}
