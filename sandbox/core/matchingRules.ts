import type { Hono } from "hono";
import { answer, Refusal } from "./answers";
import { bind, bindValue } from "./body";
import { clock, printMicros, printNanos } from "./clock";
import type { RuleRow } from "./rows";
import { type CoreState, newId } from "./state";

const base = "/reconciliation/matching-rules";
const shape = { name: "string", description: "string", criteria: "list" } as const;
const criterionShape = {
    field: "string",
    operator: "string",
    value: "string",
    pattern: "string",
    allowable_drift: "number",
} as const;

/** Routes of matching rules; Core has none to read them. */
export function matchingRuleRoutes(app: Hono, state: CoreState): void {
    app.post(base, async (c) => {
        const rule = await read(c.req.raw);
        const now = clock.now();
        const rule_id = newId("rule");
        const stored = { rule_id, created_at: printMicros(now), updated_at: printMicros(now), ...rule };
        state.rules.insert(rule_id, stored);
        return answer(201, { ...stored, created_at: printNanos(now), updated_at: printNanos(now) });
    });

    app.put(`${base}/:id`, async (c) => {
        const id = c.req.param("id");
        const changed = state.rules.change(id, await read(c.req.raw));
        if (changed === undefined) {
            throw notFound(id);
        }
        // The time of the change is answered but never stored.
        return answer(200, { ...changed, updated_at: printNanos(clock.now()) });
    });

    app.delete(`${base}/:id`, (c) => {
        const id = c.req.param("id");
        if (state.rules.get(id) === undefined) {
            throw notFound(id);
        }
        state.rules.remove(id);
        return answer(200, { message: "Matching rule deleted successfully" });
    });
}

async function read(request: Request): Promise<Pick<RuleRow, "name" | "description" | "criteria">> {
    const { name = "", description = "", criteria: sent = [] } = await bind(request, "MatchingRule", shape);
    if (name === "") {
        throw ruleInvalid("rule name is required");
    }
    if (name.length > 255) {
        throw new Refusal(500, "GEN_INTERNAL", "internal server error");
    }
    if (sent.length === 0) {
        throw ruleInvalid("at least one matching criteria is required");
    }
    const criteria = sent.map((item) => {
        const { field = "", operator = "", value = "", pattern = "", allowable_drift } = bindCriterion(item);
        const drift = Number(allowable_drift ?? 0);
        if (!["equals", "greater_than", "less_than", "contains"].includes(operator)) {
            throw ruleInvalid("invalid operator");
        }
        if (!["amount", "date", "description", "reference", "currency"].includes(field)) {
            throw ruleInvalid("invalid field");
        }
        if (operator === "equals" && ((field === "amount" && drift > 1) || drift < 0)) {
            throw ruleInvalid("invalid allowable drift");
        }
        return { field, operator, value, pattern, allowable_drift: drift };
    });
    return { name, description, criteria };
}

function bindCriterion(item: unknown) {
    try {
        return bindValue(item, "MatchingCriteria", criterionShape);
    } catch (cause) {
        throw new Refusal(400, "GEN_MALFORMED_REQUEST", cause instanceof Error ? cause.message : String(cause));
    }
}

function ruleInvalid(message: string): Refusal {
    return new Refusal(400, "RECON_RULE_INVALID", message);
}

function notFound(id: string): Refusal {
    return new Refusal(404, "RECON_RULE_NOT_FOUND", `Matching rule with ID '${id}' not found`);
}
