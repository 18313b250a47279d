import * as v from "valibot";
import type { Connection } from "./connection";
import { BlnkError, isNotFound } from "./errors";
import { asJson, type Json, metadataRecord } from "./json";

/** How one kind of record is asked for. */
export interface Table<R> {
    /** The word for one record in sentences. */
    readonly noun: string;
    readonly nouns: string;
    readonly idField: string;
    idOf(record: R): string;
    /** Core's collection route, such as `/ledgers`. */
    readonly core: string;
    /** Blnk Cloud's filter route at the root. */
    readonly cloudFilter: string;
    readonly schema: v.GenericSchema<unknown, R>;
}

/** One condition of a filter, in the words that Core and Cloud share. */
export interface Condition {
    readonly field: string;
    readonly operator: "eq" | "ne" | "in" | "like" | "gt" | "isnotnull";
    readonly value?: Json;
    readonly values?: readonly Json[];
}

/** One page of a filter's answer. */
export interface Page<R> {
    readonly rows: readonly R[];
    /** How many rows match in all. */
    readonly total: number;
}

/** The most rows that one page may have: Core resets a larger limit to 20. */
export const PAGE_ROWS = 100;

/** The JSON object in a record's `meta_data`, empty where Blnk holds none. */
export const metadataSchema = v.pipe(
    v.nullish(metadataRecord, {}),
    v.transform((record) => asJson(record) as { readonly [key: string]: Json }),
);

/** Reads one record by its id, or undefined when two different routes agree that it is not there. */
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
        return parseRecord(table, unwrapped(answer));
    } catch (error) {
        if (!isNotFound(error)) throw error;
    }
    // A 404 alone proves nothing: it may be a route that is not served, or an instance that is not known.
    const page = await filterRecords(connection, table, [{ field: table.idField, operator: "eq", value: id }]);
    return page.rows.find((row) => table.idOf(row) === id);
}

/** Rows that meet every condition, oldest first where the server can sort, one page of at most 100. */
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
        return pageOf(table, answer, "total");
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
    return pageOf(table, answer, "total_count");
}

/**
 * All rows that meet every condition, going on from the first page where that was read already. Throws rather than answer
 * in part, when the server says that there are more.
 */
export async function allRecords<R>(
    connection: Connection,
    table: Table<R>,
    filters: readonly Condition[],
    first?: Page<R>,
): Promise<R[]> {
    // As many as there were at first: others, made while the pages are read, may shift rows but hide none.
    const { rows, total } = first ?? (await filterRecords(connection, table, filters));
    const pages = rows.length === 0 ? 1 : Math.ceil(total / rows.length);
    const numbers = Array.from({ length: pages - 1 }, (_, index) => index + 2);
    const others = await Promise.all(numbers.map((page) => filterRecords(connection, table, filters, page)));
    const found = new Map([{ rows }, ...others].flatMap((page) => page.rows.map((row) => [table.idOf(row), row])));
    for (let page = pages + 1; found.size < total; page++) {
        const more = await filterRecords(connection, table, filters, page);
        for (const row of more.rows) found.set(table.idOf(row), row);
        if (more.rows.length === 0) {
            throw new BlnkError(
                `Blnk answered only ${found.size} of ${total} ${table.nouns}. Run again.`,
                "unreadable",
                false,
            );
        }
    }
    return [...found.values()];
}

/** Checks that an answer is a page of the table's records, and reads it; `totalName` is the property that counts all rows. */
export function pageOf<R>(table: Table<R>, answer: unknown, totalName: string): Page<R> {
    const { data, [totalName]: total } = (answer ?? {}) as Record<string, unknown>;
    // Core's empty page of balances is an explicit null; a list that is simply not there is some other server's answer.
    const list = data === null ? [] : data;
    if (!Array.isArray(list)) throw unexpected(table, "a list is missing");
    const records = list.map((row) => parseRecord(table, row));
    // A row that a page shows twice is one row: counted as two, it would hide that another has not been seen.
    const rows = [...new Map(records.map((record) => [table.idOf(record), record])).values()];
    // Core leaves the count out of an empty page.
    return { rows, total: typeof total === "number" ? total : rows.length };
}

/** Checks that an answer has the shape of the table's records. */
export function parseRecord<R>(table: Table<R>, answer: unknown, mayHaveActed = false): R {
    const result = v.safeParse(table.schema, answer);
    if (result.success) return result.output;
    const issue = result.issues[0];
    const path = v.getDotPath(issue) ?? "the record";
    const isMissing = issue.received === "undefined";
    throw unexpected(table, isMissing ? `${path} is missing` : `${path} is no ${issue.expected}`, mayHaveActed);
}

/** The documentation does not say whether Cloud's detail answers are bare or under `data`: both are read. */
function unwrapped(answer: unknown): unknown {
    const { data } = (answer ?? {}) as Record<string, unknown>;
    return data !== null && typeof data === "object" && !Array.isArray(data) ? data : answer;
}

function unexpected<R>(table: Table<R>, detail: string, mayHaveActed = false): BlnkError {
    return new BlnkError(
        `Blnk's answer is not a ${table.noun} as this version knows it (${detail}). ` +
            `Check the address, and that the server is Blnk 0.14 or newer.`,
        "unreadable",
        mayHaveActed,
    );
}
