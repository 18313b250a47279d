import type { Hono } from "hono";
import { answer, databaseError, invalid, Refusal } from "./answers";
import { bind, bindValue } from "./body";
import { clock, printMicros, printNanos } from "./clock";
import type { MonitorRow } from "./rows";
import { type CoreState, newId } from "./state";

const base = "/balance-monitors";
const shape = { balance_id: "string", condition: "struct", call_back_url: "string" } as const;
const conditionShape = { field: "string", operator: "string", value: "number", precision: "number" } as const;
const fields = ["balance", "inflight_balance"].flatMap((name) =>
    ["", "credit_", "debit_"].map((side) => name.replace("balance", `${side}balance`)),
);

/** Routes of balance monitors. */
export function monitorRoutes(app: Hono, state: CoreState): void {
    app.post(base, async (c) => {
        const { balance_id, condition } = await read(c.req.raw, state);
        const { value, precision } = condition;
        const complaints = {
            ...(value === 0 && { value: "cannot be blank" }),
            ...(precision === 0 && { precision: "cannot be blank" }),
            ...(!fields.includes(condition.field) && { field: "must be a valid value" }),
        };
        if (Object.keys(complaints).length > 0) {
            throw invalid(complaints);
        }
        const now = clock.now();
        const whole = { ...condition, precise_value: BigInt(Math.round(value * precision)) };
        const row = { monitor_id: newId("mon"), balance_id, created_at: printMicros(now), condition: whole };
        state.monitors.insert(row.monitor_id, row);
        return answer(201, { ...row, created_at: printNanos(now) });
    });

    app.get(base, (c) => answer(200, listBody(state.monitors.seenRows(), c.req.query("balance_id"))));
    app.get(`${base}/balances/:id`, (c) => answer(200, listBody(state.monitors.seenRows(), c.req.param("id"))));

    app.get(`${base}/:id`, (c) => {
        const row = state.monitors.seen(c.req.param("id"));
        if (row === undefined) {
            throw notFound(c.req.param("id"));
        }
        return answer(200, row);
    });

    app.put(`${base}/:id`, async (c) => {
        const id = c.req.param("id");
        const { balance_id, condition } = await read(c.req.raw, state);
        const before = state.monitors.get(id);
        if (before === undefined) {
            throw notFound(id);
        }
        // The two columns that are really compared keep their first values.
        const { precision, precise_value } = before.condition;
        state.monitors.change(id, { balance_id, condition: { ...condition, precision, precise_value } });
        return answer(200, { message: "BalanceMonitor updated successfully" });
    });

    app.delete(`${base}/:id`, (c) => {
        const id = c.req.param("id");
        if (state.monitors.get(id) === undefined) {
            throw notFound(id);
        }
        state.monitors.remove(id);
        return answer(200, { message: "BalanceMonitor deleted successfully" });
    });
}

type Condition = Omit<MonitorRow["condition"], "precise_value">;

async function read(request: Request, state: CoreState): Promise<{ balance_id: string; condition: Condition }> {
    const body = await bind(request, "CreateBalanceMonitor", shape, "errors");
    const sent = bindValue(body.condition ?? {}, "MonitorCondition", conditionShape);
    const { field = "", operator = "" } = sent;
    const balance_id = body.balance_id ?? "";
    const value = Number(sent.value ?? 0);
    const known = state.balances.get(balance_id) !== undefined;
    if (!known || !["=", "!=", "<", "<=", ">", ">="].includes(operator) || !Number.isInteger(value)) {
        throw databaseError("internal server error");
    }
    return { balance_id, condition: { value, precision: Number(sent.precision ?? 0), field, operator } };
}

/** Lists leave out the two columns that are compared. */
function listBody(rows: MonitorRow[], balance: string | undefined): object[] | null {
    const picked = rows.filter((row) => balance === undefined || row.balance_id === balance);
    const shown = picked.map((row) => ({ ...row, condition: { ...row.condition, precision: 0, precise_value: null } }));
    return shown.length === 0 ? null : shown;
}

function notFound(id: string): Refusal {
    return new Refusal(404, "BAL_MONITOR_NOT_FOUND", `BalanceMonitor with ID '${id}' not found`);
}
