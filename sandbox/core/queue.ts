import { Refusal } from "./answers";
import { clock, parseMicros, zeroTime } from "./clock";
import { type Draft, rowOf } from "./draft";
import { checkReference, post, store } from "./posting";
import type { TransactionRow } from "./rows";
import { type CoreState, newId } from "./state";

const pauseMs = 4;

/**
 * Answers for a transaction before anything of it is stored. Its outcome shows later, in a child under the reference with
 * `_q`. A repeated reference is dropped silently, and so is a transaction with a missing balance.
 */
export function enqueue(state: CoreState, draft: Draft, created: bigint): TransactionRow {
    const id = newId("txn");
    const metadata = { ...draft.metadata, QUEUED_PARENT_TRANSACTION: id };
    const scheduled = draft.dates.scheduled_for !== zeroTime;
    const row = rowOf({ ...draft, metadata }, id, scheduled ? "SCHEDULED" : "QUEUED", created);
    void work(state, draft, row);
    return row;
}

async function work(state: CoreState, draft: Draft, answered: TransactionRow): Promise<void> {
    if (!(await state.waiting.wait(pauseMs))) {
        return;
    }
    const { meta_data, transaction_id: id } = answered;
    const lane = { queue_lane: "normal", queue_pair_key: `${draft.source}|${draft.destination}|${draft.currency}` };
    const metadata = { ...meta_data, ...lane };
    try {
        checkReference(state, draft.reference);
        for (const side of [draft.source, draft.destination]) {
            if (!side.startsWith("@") && state.balances.get(side) === undefined) {
                return;
            }
        }
        store(state, { ...answered, meta_data: metadata });
    } catch {
        return;
    }
    const due = parseMicros(draft.dates.scheduled_for) ?? 0n;
    const pause = Number(due / 1000n) - Date.now();
    if (!(await state.waiting.wait(Math.min(Math.max(pause, pauseMs), 2 ** 31 - 1)))) {
        return;
    }
    const child = { ...draft, reference: `${draft.reference}_q`, metadata };
    try {
        post(state, child, clock.now(), id);
    } catch (cause) {
        const reason = cause instanceof Refusal ? cause.message : "internal server error";
        const rejected = { ...child, metadata: { ...metadata, blnk_rejection_reason: reason } };
        reject(state, rowOf(rejected, newId("txn"), "REJECTED", clock.now(), id));
    }
}

/** Stores the rejected child. If that is refused too, no record of the outcome remains. */
function reject(state: CoreState, row: TransactionRow): void {
    try {
        checkReference(state, row.reference);
        store(state, row);
    } catch {
        // The reference is taken, or the row is too long.
    }
}
