import type { Hono } from "hono";
import { isObject, toExact } from "../json";
import { answer, Refusal } from "./answers";
import { bind, bindValue } from "./body";
import type { Entity } from "./fields";
import { complaint, coreDialect, type Filter } from "./filters";
import { queryFilters } from "./queryFilters";
import { select } from "./selection";
import { listed } from "./shapes";
import type { CoreState } from "./state";

const entities: Entity[] = ["ledgers", "balances", "transactions", "identities"];
const filterShape = {
    filters: "list",
    logical_operator: "string",
    limit: "number",
    offset: "number",
    sort_by: "string",
    sort_order: "string",
    include_count: "bool",
} as const;

/** The list and filter routes of the four kinds. */
export function listRoutes(app: Hono, state: CoreState): void {
    for (const entity of entities) {
        app.post(`/${entity}/filter`, async (c) => {
            const body = await bind(c.req.raw, "FilterRequest", filterShape);
            const filters = readFilters(body.filters ?? []);
            check(filters, entity);
            const rows = select(state, entity, {
                filters,
                any: body.logical_operator === "or",
                sortBy: body.sort_by ?? "",
                ascending: body.sort_order === "asc",
            });
            const limit = Number(body.limit ?? 20);
            const page = cut(rows, Math.max(0, Number(body.offset ?? 0)), limit >= 1 && limit <= 100 ? limit : 20);
            const data = pageBody(entity, page);
            if (body.include_count !== true) {
                return answer(200, data);
            }
            // The count comes with the rows, so a page without rows has none.
            return answer(200, page.length === 0 ? { data } : { data, total_count: rows.length });
        });
        app.get(`/${entity}`, (c) => {
            const query = new URL(c.req.url).searchParams;
            const filters = queryFilters(query);
            check(filters, entity);
            if (filters.length > 20) {
                throw new Refusal(400, "GEN_BAD_REQUEST", "too many filters: at most 20", {});
            }
            const rows = select(state, entity, { filters });
            if (entity === "identities" && filters.length === 0) {
                return answer(200, pageBody(entity, rows));
            }
            const offset = Math.max(0, Number(query.get("offset") ?? 0) || 0);
            return answer(200, pageBody(entity, cut(rows, offset, listLimit(entity, query, filters.length > 0))));
        });
    }
}

/** Reads the conditions of a filter body. */
export function readFilters(list: unknown[]): Filter[] {
    return list.map((item) => {
        const { field, operator } = bindValue(item, "QueryFilter", { field: "string", operator: "string" });
        const sent = isObject(item) ? item : {};
        const filter: Filter = { field: field ?? "", operator: operator ?? "" };
        if (sent.value !== undefined) {
            filter.value = toExact(sent.value);
        }
        if (Array.isArray(sent.values)) {
            filter.values = sent.values.map(toExact);
        }
        return filter;
    });
}

function check(filters: Filter[], entity: Entity): void {
    for (const filter of filters) {
        const wrong = complaint(filter, entity, coreDialect);
        if (wrong !== undefined) {
            throw new Refusal(400, "GEN_BAD_REQUEST", `Invalid filter: ${wrong}`, {});
        }
    }
}

/** Balances and identities answer an empty page with null. */
function pageBody(entity: Entity, rows: readonly object[]): object[] | null {
    const nothing = entity === "balances" || entity === "identities" ? null : [];
    return rows.length === 0 ? nothing : rows.map((row) => listed(entity, row));
}

function cut<Row>(rows: Row[], offset: number, limit: number): Row[] {
    return rows.slice(offset, offset + limit);
}

function listLimit(entity: Entity, query: URLSearchParams, filtered: boolean): number {
    const fallback = entity === "ledgers" || entity === "balances" ? 10 : 20;
    const text = query.get("limit");
    const limit = text === null ? fallback : /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (entity === "identities") {
        return limit >= 1 && limit <= 100 ? limit : 20;
    }
    if (entity === "transactions" && !(limit >= 1)) {
        return 20;
    }
    if (!(limit >= 1)) {
        throw new Refusal(400, "GEN_BAD_REQUEST", "Invalid limit value", {});
    }
    if (entity === "ledgers") {
        return limit <= 100 ? limit : 20;
    }
    return filtered ? Math.min(limit, 1000) : limit;
}
