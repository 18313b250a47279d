import type { Hono } from "hono";
import { isLosslessNumber } from "lossless-json";
import { answer, Refusal } from "./answers";
import { bind, bindValue } from "./body";
import { clock, zeroTime } from "./clock";
import type { Draft } from "./draft";
import { draftOf, transactionShape } from "./draft";
import { majorText, minorUnits } from "./money";
import { post } from "./posting";
import type { TransactionRow } from "./rows";
import { readTransaction } from "./shapes";
import { type CoreState, newId } from "./state";
import { notFound, record } from "./transactions";

/** Routes that act on transactions that are there (commit, void, refund) and the bulk route. */
export function settlementRoutes(app: Hono, state: CoreState): void {
    const shape = { status: "string", amount: "number", precise_amount: "raw", skip_queue: "bool" } as const;
    app.put("/transactions/inflight/:id", async (c) => {
        const body = await bind(c.req.raw, "InflightUpdate", shape);
        const held = findHeld(state, c.req.param("id"));
        const precise = body.precise_amount;
        const asked = isLosslessNumber(precise) ? BigInt(precise.value) : undefined;
        const units = asked ?? minorUnits(body.amount?.value ?? "0", String(held.precision));
        const act = body.skip_queue === true ? settleNow : settle;
        const child = act(state, held, body.status ?? "", units);
        // Without skip_queue Core only queues the work. Here it is done at once, with the answer of a queue.
        return answer(
            200,
            body.skip_queue === true ? readTransaction(child) : { ...readTransaction(held), queued: true },
        );
    });

    app.post("/refund-transaction/:id", (c) => {
        const original = state.transactions.get(c.req.param("id"));
        if (original === undefined) {
            throw notFound(`Transaction with ID '${c.req.param("id")}' not found`);
        }
        return answer(201, readTransaction(refund(state, original)));
    });

    const bulkShape = { transactions: "list", atomic: "bool", inflight: "bool", skip_queue: "bool" } as const;
    app.post("/transactions/bulk", async (c) => {
        const { transactions = [], ...envelope } = await bind(c.req.raw, "BulkTransactionRequest", bulkShape);
        if (transactions.length === 0) {
            throw new Refusal(400, "TXN_BULK_EMPTY", "transactions cannot be empty");
        }
        if (transactions.length > 10_000) {
            throw new Refusal(400, "TXN_BULK_LIMIT_EXCEEDED", "at most 10000 transactions");
        }
        const batch_id = newId("bulk");
        const inflight = envelope.inflight ?? false;
        const done: TransactionRow[] = [];
        for (const [index, item] of transactions.entries()) {
            try {
                const draft = draftOf(bindValue(item, "RecordTransaction", transactionShape));
                const metadata = { ...draft.metadata, sequence: index + 1, ...(inflight && { inflight }) };
                const whole: Draft = { ...draft, inflight, skipQueue: envelope.skip_queue ?? false, metadata };
                if (whole.skipQueue) {
                    done.push(post(state, whole, clock.now(), batch_id));
                } else {
                    record(state, whole);
                }
            } catch (cause) {
                if (envelope.atomic === true) {
                    undo(state, done);
                }
                const refusal = cause instanceof Refusal ? cause : new Refusal(400, "GEN_BAD_REQUEST", String(cause));
                const error_detail = { code: refusal.code, message: refusal.message };
                return answer(refusal.status, { error: refusal.message, batch_id, error_detail });
            }
        }
        const status = inflight ? "inflight" : "applied";
        return answer(201, { batch_id, status, transaction_count: transactions.length });
    });
}

/** Reverts the items of an atomic batch with refunds and voids. It is not one database transaction. */
function undo(state: CoreState, rows: TransactionRow[]): void {
    for (const row of rows) {
        if (row.status === "INFLIGHT") {
            settle(state, row, "void", 0n);
        } else {
            refund(state, row);
        }
    }
}

function findHeld(state: CoreState, id: string): TransactionRow {
    const rows = state.transactions.rows();
    const row = state.transactions.get(id);
    const held = row?.status === "INFLIGHT" ? row : rows.find((other) => isChild(other, id, "INFLIGHT"));
    if (held !== undefined) {
        return held;
    }
    if (row === undefined) {
        throw notFound(`Transaction with ID '${id}' not found`);
    }
    throw new Refusal(400, "TXN_NOT_INFLIGHT", "transaction is not in inflight status");
}

/** Settles without the queue, where Core puts a refusal into other words. */
function settleNow(state: CoreState, held: TransactionRow, action: string, asked: bigint): TransactionRow {
    try {
        return settle(state, held, action, asked);
    } catch (cause) {
        if (cause instanceof Refusal) {
            throw new Refusal(cause.status, cause.code, `error occurred during processing: [${cause.message}]`);
        }
        throw cause;
    }
}

function settle(state: CoreState, held: TransactionRow, action: string, asked: bigint): TransactionRow {
    if (action !== "commit" && action !== "void") {
        throw new Refusal(400, "TXN_INVALID_STATUS_ACTION", `invalid status action: ${action}`);
    }
    const children = state.transactions.rows().filter((row) => row.parent_transaction === held.transaction_id);
    if (children.some((row) => row.status === "VOID")) {
        throw new Refusal(409, "TXN_ALREADY_VOIDED", "transaction has already been voided");
    }
    const left = children.reduce((rest, row) => rest - row.precise_amount, held.precise_amount);
    if (left <= 0n) {
        throw new Refusal(409, "TXN_ALREADY_COMMITTED", `cannot ${action}. Transaction already committed`);
    }
    const units = action === "void" || asked === 0n ? left : asked;
    if (units > left) {
        throw new Refusal(400, "TXN_COMMIT_AMOUNT_EXCEEDED", "commit amount exceeds the amount left");
    }
    const draft = followUp(held, newId("ref"), units);
    const effect = action === "commit" ? "commit" : "release";
    return post(state, draft, clock.now(), held.transaction_id, effect);
}

/**
 * Moves the money of a transaction back. Repeated, it answers 409, yet it has by then refunded the refund: the lookup
 * finds the reversal, which is an applied child of the same id.
 */
function refund(state: CoreState, original: TransactionRow): TransactionRow {
    if (original.status !== "APPLIED" && original.status !== "VOID") {
        throw new Refusal(400, "TXN_VALIDATION_ERROR", "only applied or voided transactions can be refunded");
    }
    const id = original.transaction_id;
    const reversal = state.transactions.rows().find((row) => row.reference === `${id}_refund`);
    if (reversal !== undefined && !state.references.has(`${reversal.transaction_id}_refund`)) {
        reverse(state, reversal);
    }
    return reverse(state, original);
}

function reverse(state: CoreState, row: TransactionRow): TransactionRow {
    const back = followUp(row, `${row.transaction_id}_refund`, row.precise_amount);
    const draft = { ...back, source: row.destination, destination: row.source, allowOverdraft: true };
    return post(state, draft, clock.now(), row.transaction_id, "apply");
}

function followUp(row: TransactionRow, reference: string, preciseAmount: bigint): Draft {
    const { precision, currency, description, source, destination, meta_data: metadata } = row;
    const none = { scheduled_for: zeroTime, inflight_expiry_date: zeroTime, inflight_commit_date: zeroTime };
    return {
        ...{
            preciseAmount,
            amount: Number(majorText(preciseAmount, precision)),
            precision,
            currency,
            reference,
            description,
        },
        ...{ source, destination, allowOverdraft: false, overdraftLimit: 0, inflight: false },
        ...{ skipQueue: true, atomic: false, dates: { effective_date: "", ...none }, metadata },
    };
}

function isChild(row: TransactionRow, parent: string, status: string): boolean {
    return row.parent_transaction === parent && row.status === status;
}
