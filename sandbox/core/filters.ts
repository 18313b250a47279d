import { isObject, type Json } from "../json";
import { databaseError } from "./answers";
import { parseMicros } from "./clock";
import { columnValues, type Entity, filterable, tableNames } from "./fields";
import { contains, pgArrowText, pgText } from "./jsonb";

/** One condition of a filter. */
export interface Filter {
    field: string;
    operator: string;
    value?: Json;
    values?: Json[];
}

/** What sets the Cloud's filters apart from Core's. */
export interface Dialect {
    /** `meta_data.a.b` is allowed. */
    nested: boolean;
    /** `exists` and `notexists` are allowed. */
    exists: boolean;
}

/** Core's own filters. */
export const coreDialect: Dialect = { nested: false, exists: false };

const operators = "eq ne gt gte lt lte in between like ilike isnull isnotnull".split(" ");
const keyPattern = /^[a-zA-Z][a-zA-Z0-9_]*$/;

type Row = Readonly<Record<string, unknown>>;

/** What is wrong with a filter, in Core's words; undefined if nothing is. */
export function complaint(filter: Filter, entity: Entity, dialect: Dialect): string | undefined {
    const { field, operator } = filter;
    const allowed = dialect.exists ? [...operators, "exists", "notexists"] : operators;
    if (field.startsWith("meta_data.")) {
        const key = field.slice("meta_data.".length);
        const keys = dialect.nested ? key.split(".") : [key];
        if (!keys.every((part) => keyPattern.test(part))) {
            return `invalid JSON key '${key}' in field '${field}': must match pattern ${keyPattern.source}`;
        }
    } else if (field !== "meta_data" && !filterable[entity].has(field)) {
        return `invalid field '${field}' for table '${tableNames[entity]}'`;
    }
    if (!allowed.includes(operator)) {
        return `invalid operator '${operator}' for field '${field}': must be one of ${allowed.join(", ")}`;
    }
    if (operator === "in" && (filter.values ?? []).length === 0) {
        return `operator 'in' for field '${field}' requires at least one value in 'values'`;
    }
    const many = filter.values?.length ?? 0;
    if (operator === "between" && many !== 2) {
        return `operator 'between' for field '${field}' requires exactly two values in 'values', got ${many}`;
    }
    return undefined;
}

/** True if the row passes the condition. */
export function passes(filter: Filter, entity: Entity, row: Row): boolean {
    if (filter.field === "meta_data") {
        // The column holds JSON null rather than SQL NULL for rows made over the API.
        return filter.operator === "isnotnull" || metadataPasses({ ...filter, field: "meta_data." }, [], row);
    }
    if (filter.field.startsWith("meta_data.")) {
        return metadataPasses(filter, filter.field.slice("meta_data.".length).split("."), row);
    }
    const kind = filterable[entity].get(filter.field) ?? "text";
    const values = columnValues(entity, filter.field, row);
    if (filter.operator === "ne") {
        return values.every((value) => columnPasses(filter, kind, value));
    }
    return values.some((value) => columnPasses(filter, kind, value));
}

function columnPasses(filter: Filter, kind: "text" | "number" | "time", value: unknown): boolean {
    const { operator } = filter;
    if (operator === "isnull") {
        return value === null;
    }
    if (value === null) {
        return false;
    }
    if (operator === "like" || operator === "ilike") {
        return likePattern(filter.value, operator).test(String(value));
    }
    const order = (other: Json | undefined) => compare(comparable(value, kind), comparable(other, kind));
    return operator === "isnotnull" || inOrder(filter, order);
}

function metadataPasses(filter: Filter, path: string[], row: Row): boolean {
    let found: unknown = row.meta_data;
    let present = true;
    for (const key of path) {
        present = isObject(found) && Object.hasOwn(found, key);
        found = isObject(found) && present ? found[key] : undefined;
    }
    const text = pgArrowText(found);
    switch (filter.operator) {
        case "exists":
            return present;
        case "notexists":
            return !present;
        case "isnull":
            return path.length > 0 && text === undefined;
        case "isnotnull":
            return text !== undefined;
        case "eq":
            return present && contains(found, filter.value ?? null);
        case "ne":
            return text !== undefined && text !== pgArrowText(filter.value);
        case "in":
            return text !== undefined && (filter.values ?? []).some((value) => pgArrowText(value) === text);
        case "like":
        case "ilike":
            return text !== undefined && likePattern(filter.value, filter.operator).test(text);
    }
    if (text === undefined) {
        return false;
    }
    // The text is cast to numeric; one row where that fails makes the whole query fail.
    const number = numeric(text);
    return inOrder(filter, (other) => compare(number, numeric(pgText(other))));
}

function numeric(text: string): number | bigint {
    if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) {
        throw databaseError();
    }
    return /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
}

function inOrder(filter: Filter, order: (other: Json | undefined) => number): boolean {
    const { operator, value, values = [] } = filter;
    switch (operator) {
        case "eq":
            return order(value) === 0;
        case "ne":
            return order(value) !== 0;
        case "gt":
            return order(value) > 0;
        case "gte":
            return order(value) >= 0;
        case "lt":
            return order(value) < 0;
        case "lte":
            return order(value) <= 0;
        case "in":
            return values.some((other) => order(other) === 0);
        case "between":
            return order(values[0]) >= 0 && order(values[1]) <= 0;
        default:
            return false;
    }
}

type Comparable = string | number | bigint;

function comparable(value: unknown, kind: "text" | "number" | "time"): Comparable {
    const text = typeof value === "string" ? value : pgText(value);
    if (kind === "number") {
        return numeric(text);
    }
    if (kind === "time") {
        const micros = parseMicros(text);
        if (micros === undefined) {
            throw databaseError();
        }
        return micros;
    }
    return text;
}

/** Orders two comparable values; numbers and big integers mix. */
export function compare(a: Comparable, b: Comparable): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

function likePattern(pattern: unknown, operator: string): RegExp {
    const text = typeof pattern === "string" ? pattern : pgText(pattern);
    if (/(^|[^\\])(\\\\)*\\$/.test(text)) {
        throw databaseError(); // LIKE pattern must not end with escape character
    }
    const source = text.replace(/\\([\s\S])|[\s\S]/g, (char, escaped: string | undefined) => {
        if (escaped === undefined && (char === "%" || char === "_")) {
            return char === "%" ? ".*" : ".";
        }
        return (escaped ?? char).replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");
    });
    return new RegExp(`^${source}$`, operator === "ilike" ? "is" : "s");
}
