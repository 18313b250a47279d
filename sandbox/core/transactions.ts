import type { Hono } from "hono";
import { answer, Refusal } from "./answers";
import { bind } from "./body";
import { clock } from "./clock";
import { createdBody, type Draft, draftOf, invalidInput, transactionShape } from "./draft";
import { post } from "./posting";
import { enqueue } from "./queue";
import { readTransaction } from "./shapes";
import type { CoreState } from "./state";

/** Routes that create and read transactions. */
export function transactionRoutes(app: Hono, state: CoreState): void {
    app.post("/transactions", async (c) => {
        const body = await bind(c.req.raw, "RecordTransaction", transactionShape).catch(() => {
            throw invalidInput();
        });
        const draft = draftOf(body);
        return answer(201, record(state, draft));
    });

    app.get("/transactions/reference/:reference", (c) => {
        const reference = c.req.param("reference");
        const row = state.transactions.seen(state.references.get(reference) ?? "");
        if (row === undefined) {
            throw notFound(`Transaction with reference '${reference}' not found`);
        }
        return answer(200, { ...readTransaction(row), precision: 0, hash: "" });
    });

    app.get("/transactions/:id", (c) => {
        const id = c.req.param("id");
        const row = state.transactions.seen(id);
        if (row === undefined) {
            throw notFound(`Transaction with ID '${id}' not found`);
        }
        return answer(200, readTransaction(row));
    });
}

/** Posts or queues a draft; the body of the create answer. */
export function record(state: CoreState, draft: Draft): object {
    const created = clock.now();
    const row = draft.skipQueue ? post(state, draft, created) : enqueue(state, draft, created);
    return createdBody(draft, row, created);
}

/** Refusal for a transaction that is not there. */
export function notFound(message: string): Refusal {
    return new Refusal(404, "TXN_NOT_FOUND", message, {});
}
