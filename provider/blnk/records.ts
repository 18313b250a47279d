import * as v from "valibot";
import type { Json } from "../wire/json";
import type { Connection } from "./connection";
import { BlnkError, type Fault, isNotFound } from "./errors";
import { asJson, metadataRecord } from "./json";

/** One kind of record, and its routes. */
export interface Table<R> {
    /** The word for one record in messages. */
    readonly noun: string;
    readonly nouns: string;
    readonly idField: string;
    /** The beginning of every id, such as `ldg_`. */
    readonly idPrefix: string;
    idOf(record: R): string;
    /** Core's collection route, such as `/ledgers`. */
    readonly core: string;
    /** Blnk Cloud's filter route at the root. */
    readonly cloudFilter: string;
    readonly schema: v.GenericSchema<unknown, R>;
    /** Whether money has ever moved on it, or is held. Absent for things that hold no money. */
    isUsed?(connection: Connection, record: R): Promise<boolean>;
}

/** A record that can carry a mark in its metadata. */
export interface MarkedRecord {
    readonly meta_data: { readonly [key: string]: Json };
    readonly created_at: string;
}

/** One condition of a filter. Core and Cloud use the same form. */
export interface Condition {
    readonly field: string;
    readonly operator: "eq" | "ne" | "in" | "like" | "gt" | "isnotnull";
    readonly value?: Json;
    readonly values?: readonly Json[];
}

/** One page of a filter's answer. */
export interface Page<R> {
    readonly rows: readonly R[];
    /** How many rows match on all pages. */
    readonly total: number;
}

/** The largest page: Core resets a larger limit to 20. */
export const PAGE_ROWS = 100;

/** The JSON object in a record's `meta_data`. Empty when Blnk holds none. */
export const metadataSchema = v.pipe(
    v.nullish(metadataRecord, {}),
    v.transform((record) => asJson(record) as { readonly [key: string]: Json }),
);

/** Reads one record by its id. Undefined when two different routes agree that it does not exist. */
export async function findRecord<R>(connection: Connection, table: Table<R>, id: string): Promise<R | undefined> {
    try {
        const answer =
            connection.settings.mode === "cloud"
                ? await connection.cloud("GET", `/data${table.core}/${encodeURIComponent(id)}`, {})
                : await connection.core({
                      method: "GET",
                      path: `${table.core}/${encodeURIComponent(id)}`,
                      effect: "none",
                  });
        const record = parseRecord(table, unwrapped(answer));
        if (table.idOf(record) !== id) throw notAsked(table);
        return record;
    } catch (error) {
        if (!isNotFound(error)) throw error;
    }
    // A 404 alone proves nothing: the route may not be served, or the instance may be unknown.
    const page = await filterRecords(connection, table, [{ field: table.idField, operator: "eq", value: id }]);
    return page.rows[0];
}

/** One page of at most 100 rows that meet every condition, oldest first if the server can sort. */
export async function filterRecords<R>(
    connection: Connection,
    table: Table<R>,
    filters: readonly Condition[],
    page = 1,
): Promise<Page<R>> {
    if (connection.settings.mode === "cloud") {
        const answer = await connection.cloud(
            "POST",
            table.cloudFilter,
            { page: String(page), pageSize: String(PAGE_ROWS) },
            { filters },
        );
        return pageOf(table, answer, "total", filters);
    }
    const answer = await connection.core({
        method: "POST",
        path: `${table.core}/filter`,
        effect: "none",
        body: {
            filters,
            limit: PAGE_ROWS,
            offset: (page - 1) * PAGE_ROWS,
            sort_by: "created_at",
            sort_order: "asc",
            include_count: true,
        },
    });
    return pageOf(table, answer, "total_count", filters);
}

/** How a list is read, page by page. */
export interface Listing<R> {
    /** The first page, if it was read already. */
    readonly first?: Page<R>;
    /** How many pages are requested at once. Default: one. */
    readonly ahead?: number;
    /** The most rows to read. */
    readonly most?: number;
}

/**
 * The rows that meet every condition, page by page, each row once. Throws instead of reading for ever: when a page adds
 * nothing, when there are more rows than `most`, and when it takes too long.
 */
export async function* pagesOf<R>(
    connection: Connection,
    table: Table<R>,
    filters: readonly Condition[],
    { first, ahead = 1, most = connection.policy.mostRows }: Listing<R> = {},
): AsyncGenerator<Page<R>, void> {
    const deadline = performance.now() + connection.policy.listingMs;
    const seen = new Set<string>();
    // The total of the first page counts: rows created meanwhile may shift others, but hide none.
    let page = first ?? (await filterRecords(connection, table, filters));
    const { total } = page;
    const pages = Math.ceil(total / Math.max(1, page.rows.length));
    const asked: Promise<Page<R>>[] = [];
    for (let next = 2; ; ) {
        const fresh = page.rows.filter((row) => !seen.has(table.idOf(row)));
        for (const row of fresh) seen.add(table.idOf(row));
        yield { rows: fresh, total };
        if (seen.size >= total) return;
        // Checked after the first page: a caller that finds enough there never reads on.
        if (total > most) throw unlisted(table, `has ${total} rows, but at most ${most} can be read`);
        const sum = `${seen.size} of ${total}`;
        // An empty page ends the list early. A page with known rows only would never end it.
        if (fresh.length === 0) {
            const fault = page.rows.length === 0 ? "unreadable" : "unlisted";
            throw unlisted(table, `contains only ${sum} rows`, fault);
        }
        if (performance.now() > deadline)
            throw unlisted(table, `returned only ${sum} rows in ${connection.policy.listingMs / 1000} s`);
        while (asked.length === 0 || (asked.length < ahead && next <= pages)) {
            const other = filterRecords(connection, table, filters, next++);
            // Whoever reads on sees the failure. A caller that stops early never awaits it.
            other.catch(() => undefined);
            asked.push(other);
        }
        page = await (asked.shift() as Promise<Page<R>>);
    }
}

/** All rows that meet every condition. Throws when the server says that there are more than it returns. */
export async function allRecords<R>(
    connection: Connection,
    table: Table<R>,
    filters: readonly Condition[],
    listing: Listing<R> = {},
): Promise<R[]> {
    const found: R[] = [];
    const ahead = connection.policy.concurrency;
    for await (const { rows } of pagesOf(connection, table, filters, { ahead, ...listing })) found.push(...rows);
    return found;
}

/**
 * Reads a page, and checks that its records belong to the table and meet the filters. `totalName` is the property that
 * counts all rows.
 */
export function pageOf<R>(
    table: Table<R>,
    answer: unknown,
    totalName: string,
    filters: readonly Condition[] = [],
): Page<R> {
    const { data, [totalName]: total } = (answer ?? {}) as Record<string, unknown>;
    // Core sends null for an empty page of balances. A missing list comes from another kind of server.
    const list = data === null ? [] : data;
    if (!Array.isArray(list)) throw unexpected(table, "the list is missing");
    if (list.length > PAGE_ROWS) throw unlisted(table, `returned ${list.length} rows for a page of ${PAGE_ROWS}`);
    const records = list.map((row) => parseRecord(table, row));
    if (!records.every((record) => filters.every((filter) => meets(record, table, filter)))) throw notAsked(table);
    // A repeated row counts once. Counted twice, it would hide a missing row.
    const rows = [...new Map(records.map((record) => [table.idOf(record), record])).values()];
    // Core sends no count with an empty page.
    const isCounted = total !== undefined && total !== null;
    if (isCounted ? !Number.isSafeInteger(total) || Number(total) < 0 : list.length === PAGE_ROWS) {
        throw unexpected(table, `${totalName} is not a count`);
    }
    return { rows, total: Math.max(isCounted ? Number(total) : 0, rows.length) };
}

/** Whether a row meets a condition. Checks only what identifies a row: its id, its ledger, and values in its metadata. */
function meets<R>(record: R, table: Table<R>, { field, operator, value, values }: Condition): boolean {
    const wanted = operator === "in" ? (values ?? []) : operator === "eq" ? [value] : undefined;
    if (wanted === undefined) return true;
    const { meta_data, [field]: held } = record as Record<string, unknown>;
    if (field === table.idField || field === "ledger_id") return wanted.some((one) => one === held);
    // `eq` on metadata is not checked here: Blnk treats 5 and "5" as equal, and the caller compares.
    if (operator !== "in" || !field.startsWith("meta_data.")) return true;
    const key = field.slice("meta_data.".length);
    const metadata = (meta_data ?? {}) as Record<string, unknown>;
    return Object.hasOwn(metadata, key) && wanted.some((one) => one === metadata[key]);
}

/** Checks that an answer has the shape of the table's records. */
export function parseRecord<R>(table: Table<R>, answer: unknown, mayHaveActed = false): R {
    const result = safely(() => v.safeParse(table.schema, answer));
    // Nested too deep for the parser.
    if (result === undefined) throw unexpected(table, "it cannot be read", mayHaveActed);
    if (result.success) return result.output;
    const issue = result.issues[0];
    const path = v.getDotPath(issue) ?? "the record";
    const isMissing = issue.received === "undefined";
    throw unexpected(
        table,
        isMissing ? `${path} is missing` : `${path} is not of the type ${issue.expected}`,
        mayHaveActed,
    );
}

function safely<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch {
        return undefined;
    }
}

/** Cloud does not document whether it sends one record bare or under `data`. Both are read. */
function unwrapped(answer: unknown): unknown {
    const { data } = (answer ?? {}) as Record<string, unknown>;
    return data !== null && typeof data === "object" && !Array.isArray(data) ? data : answer;
}

function unexpected<R>(table: Table<R>, detail: string, mayHaveActed = false): BlnkError {
    return new BlnkError(
        `Blnk's answer is not a valid ${table.noun} (${detail}). ` +
            `Check the address, and that the server is Blnk 0.14 or newer.`,
        "unreadable",
        mayHaveActed,
    );
}

/** The error for a record that was not requested. `mayHaveActed` when it is the answer to a create. */
export function notAsked<R>(table: Table<R>, mayHaveActed = false): BlnkError {
    return new BlnkError(
        `Blnk answered with the wrong ${table.noun}. Check the address and any gateway in between.`,
        "unreadable",
        mayHaveActed,
    );
}

function unlisted<R>(table: Table<R>, detail: string, fault: Fault = "unlisted"): BlnkError {
    return new BlnkError(
        `Blnk's list of ${table.nouns} cannot be used: it ${detail}. Run again. If it fails again, check any gateway in between.`,
        fault,
        false,
    );
}
