import type { Hono } from "hono";
import { answer, databaseError, driverError, invalid, Refusal } from "./answers";
import { bind } from "./body";
import { clock, printMicros, printNanos, zeroTime } from "./clock";
import { tooLong } from "./rowLimit";
import type { BalanceRow } from "./rows";
import { wholeBalance } from "./shapes";
import { type CoreState, generalLedger, indicatorKey, newId } from "./state";

const strategies = ["FIFO", "LIFO", "PROPORTIONAL"];
const createShape = {
    ledger_id: "string",
    currency: "string",
    identity_id: "string",
    meta_data: "map",
    track_fund_lineage: "bool",
    allocation_strategy: "string",
} as const;

/** Routes that create and read balances and give them an identity. */
export function balanceRoutes(app: Hono, state: CoreState): void {
    app.post("/balances", async (c) => {
        const body = await bind(c.req.raw, "CreateBalance", createShape);
        const { ledger_id = "", currency = "", identity_id = "", track_fund_lineage = false } = body;
        const strategy = (body.allocation_strategy ?? "").trim().toUpperCase() || "FIFO";
        const complaints = {
            ...(ledger_id === "" && { ledger_id: "cannot be blank" }),
            ...(currency === "" && { currency: "cannot be blank" }),
            ...(!strategies.includes(strategy) && {
                allocation_strategy: `allocation_strategy must be one of: ${strategies.join(", ")}`,
            }),
            ...(track_fund_lineage &&
                identity_id === "" && { identity_id: "identity_id is required when track_fund_lineage is enabled" }),
        };
        if (Object.keys(complaints).length > 0) {
            throw invalid(complaints);
        }
        if (state.ledgers.get(ledger_id) === undefined) {
            throw missingParent("ledger_id", ledger_id, "ledgers", "balances_ledger_id_fkey");
        }
        if (identity_id !== "" && state.identities.get(identity_id) === undefined) {
            throw missingParent("identity_id", identity_id, "identity", "balances_identity_id_fkey");
        }
        const meta_data = body.meta_data ?? null;
        if (tooLong("balance", meta_data)) {
            throw databaseError();
        }
        const created = clock.now();
        const lineage = { track_fund_lineage, allocation_strategy: strategy };
        const row: BalanceRow = { ...emptyBalance(ledger_id, currency, created), identity_id, meta_data, ...lineage };
        state.balances.insert(row.balance_id, row);
        return answer(201, { ...wholeBalance(row), version: 0, created_at: printNanos(created) });
    });

    app.get("/balances/indicator/:indicator/currency/:currency", (c) => {
        const { indicator, currency } = c.req.param();
        const row = state.balances.seen(state.indicators.get(indicatorKey(indicator, currency)) ?? "");
        if (row === undefined) {
            const message = `Balance with indicator '${indicator}' and currency '${currency}' not found`;
            throw new Refusal(404, "BAL_NOT_FOUND", message, {});
        }
        return answer(200, { ...wholeBalance(row), meta_data: null });
    });

    app.get("/balances/:id", (c) => {
        const id = c.req.param("id");
        const row = state.balances.seen(id);
        if (row === undefined) {
            throw balanceNotFound(id);
        }
        const include = c.req.queries("include")?.flatMap((value) => value.split(",")) ?? [];
        const body: Record<string, unknown> = { ...wholeBalance(row) };
        if (include.includes("identity")) {
            const identity = state.identities.seen(row.identity_id);
            if (identity === undefined) {
                throw databaseError(); // the join yields NULL, which the scan does not take
            }
            body.identity = identity;
        }
        if (include.includes("ledger")) {
            body.ledger = state.ledgers.seen(row.ledger_id);
        }
        return answer(200, body);
    });

    app.put("/balances/:id/identity", async (c) => {
        const id = c.req.param("id");
        const { identity_id = "" } = await bind(c.req.raw, "UpdateIdentity", { identity_id: "string" }, "errors");
        if (identity_id === "") {
            throw invalid({ identity_id: "cannot be blank" });
        }
        if (state.identities.get(identity_id) === undefined) {
            const message = `Identity with ID '${identity_id}' not found`;
            throw new Refusal(404, "BAL_NOT_FOUND", message, {});
        }
        if (state.balances.change(id, { identity_id }) === undefined) {
            throw balanceNotFound(id);
        }
        return answer(200, { message: "Balance identity updated successfully" });
    });
}

/** The balance an indicator stands for, made on demand in the General Ledger with the transaction's currency. */
export function indicatorBalance(state: CoreState, indicator: string, currency: string): BalanceRow {
    const key = indicatorKey(indicator, currency);
    const there = state.balances.get(state.indicators.get(key) ?? "");
    if (there !== undefined) {
        return there;
    }
    if (state.ledgers.get(generalLedger) === undefined) {
        throw missingParent("ledger_id", generalLedger, "ledgers", "balances_ledger_id_fkey");
    }
    const row = { ...emptyBalance(generalLedger, currency, clock.now()), indicator };
    state.balances.insert(row.balance_id, row);
    state.indicators.set(key, row.balance_id);
    return row;
}

/** Refusal for a balance that is not there. */
export function balanceNotFound(id: string, code = "BAL_NOT_FOUND"): Refusal {
    return new Refusal(404, code, `Balance with ID '${id}' not found`, {});
}

function emptyBalance(ledger_id: string, currency: string, created: bigint): BalanceRow {
    return {
        balance: 0n,
        version: 1,
        inflight_balance: 0n,
        credit_balance: 0n,
        inflight_credit_balance: 0n,
        debit_balance: 0n,
        inflight_debit_balance: 0n,
        ledger_id,
        identity_id: "",
        balance_id: newId("bln"),
        indicator: "",
        currency,
        created_at: printMicros(created),
        inflight_expires_at: zeroTime,
        meta_data: null,
        track_fund_lineage: false,
        allocation_strategy: "FIFO",
    };
}

/** A missing ledger and a missing identity get the same words; only the driver's details tell them apart. */
function missingParent(column: string, id: string, parent: string, constraint: string): Refusal {
    const details = driverError({
        code: "23503",
        message: `insert or update on table "balances" violates foreign key constraint "${constraint}"`,
        detail: `Key (${column})=(${id}) is not present in table "${parent}".`,
        table: "balances",
        constraint,
    });
    return new Refusal(400, "GEN_BAD_REQUEST", "Invalid ledger ID", details);
}
