import type { Hono } from "hono";
import { answer, databaseError, invalid, Refusal } from "./answers";
import { bind } from "./body";
import { clock, printMicros, printNanos } from "./clock";
import { tooLong } from "./rowLimit";
import { type CoreState, newId } from "./state";

/** Routes that create, read and rename ledgers. */
export function ledgerRoutes(app: Hono, state: CoreState): void {
    app.post("/ledgers", async (c) => {
        const body = await bind(c.req.raw, "CreateLedger", { name: "string", meta_data: "map" }, "errors");
        const name = checkedName(body.name);
        const meta_data = body.meta_data ?? null;
        const ledger_id = newId("ldg");
        const created = clock.now();
        if (tooLong("ledger", meta_data)) {
            throw databaseError();
        }
        // The stored time is the database's own and so another instant than the one in the answer.
        state.ledgers.insert(ledger_id, { ledger_id, name, created_at: printMicros(clock.now()), meta_data });
        return answer(201, { ledger_id, name, created_at: printNanos(created), meta_data });
    });

    app.get("/ledgers/:id", (c) => {
        const row = state.ledgers.seen(c.req.param("id"));
        if (row === undefined) {
            throw notFound();
        }
        return answer(200, row);
    });

    app.put("/ledgers/:id", async (c) => {
        const body = await bind(c.req.raw, "UpdateLedger", { name: "string" }, "errors");
        const row = state.ledgers.change(c.req.param("id"), { name: checkedName(body.name) });
        if (row === undefined) {
            throw notFound();
        }
        return answer(200, row);
    });
}

function checkedName(name: string | undefined): string {
    if (name === undefined || name === "") {
        throw invalid({ name: "cannot be blank" });
    }
    return name;
}

function notFound(): Refusal {
    return new Refusal(404, "LGR_NOT_FOUND", "Ledger not found", {});
}
