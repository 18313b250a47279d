import type { Json } from "../json";
import type { Filter } from "./filters";

const reserved = new Set(
    "page pageSize per_page limit offset sort order order_by order_dir sort_by sort_order instance_id org_id include_count with_queued include strict_total".split(
        " ",
    ),
);
const aliases: Record<string, string> = { neq: "ne", gteq: "gte", lteq: "lte" };
const suffix = /^(.+)_(eq|neq|ne|gteq|gte|gt|lteq|lte|lt|in|between|ilike|like|isnull|isnotnull|exists|notexists)$/;

/** Reads `{field}_{operator}=value` filters from a query. */
export function queryFilters(query: URLSearchParams): Filter[] {
    const filters: Filter[] = [];
    for (const [name, text] of query) {
        const [, field, word] = suffix.exec(name) ?? [];
        if (reserved.has(name) || field === undefined || word === undefined) {
            continue;
        }
        const operator = aliases[word] ?? word;
        if (operator === "in") {
            filters.push({ field, operator, values: text.split(",").map(guess) });
        } else if (operator === "between") {
            filters.push({ field, operator, values: text.split("|").map(guess) });
        } else {
            filters.push({ field, operator, value: operator.endsWith("like") ? text : guess(text) });
        }
    }
    return filters;
}

/** A query carries no types, so whole numbers, decimals and booleans are guessed; leading zeros are lost by that. */
function guess(text: string): Json {
    if (/^-?\d+$/.test(text)) {
        const whole = Number(text);
        return Number.isSafeInteger(whole) ? whole : BigInt(text);
    }
    if (/^-?\d+\.\d+$/.test(text)) {
        return Number(text);
    }
    return text === "true" || text === "false" ? text === "true" : text;
}
