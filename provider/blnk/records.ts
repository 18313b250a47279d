import * as v from "valibot";
import type { Json } from "../wire/json";
import type { Connection } from "./connection";
import { BlnkError, type Fault, isNotFound } from "./errors";
import { asJson, metadataRecord } from "./json";

/** How one kind of record is asked for. */
export interface Table<R> {
    /** The word for one record in sentences. */
    readonly noun: string;
    readonly nouns: string;
    readonly idField: string;
    /** What every id begins with, such as `ldg_`. */
    readonly idPrefix: string;
    idOf(record: R): string;
    /** Core's collection route, such as `/ledgers`. */
    readonly core: string;
    /** Blnk Cloud's filter route at the root. */
    readonly cloudFilter: string;
    readonly schema: v.GenericSchema<unknown, R>;
    /** Whether money has ever moved on it, or is about to; absent for things on which none moves. */
    isUsed?(connection: Connection, record: R): Promise<boolean>;
}

/** A record that can carry a mark in its metadata. */
export interface MarkedRecord {
    readonly meta_data: { readonly [key: string]: Json };
    readonly created_at: string;
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
        const record = parseRecord(table, unwrapped(answer));
        if (table.idOf(record) !== id) throw notAsked(table);
        return record;
    } catch (error) {
        if (!isNotFound(error)) throw error;
    }
    // A 404 alone proves nothing: it may be a route that is not served, or an instance that is not known.
    const page = await filterRecords(connection, table, [{ field: table.idField, operator: "eq", value: id }]);
    return page.rows[0];
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
    /** The first page, where that was read already. */
    readonly first?: Page<R>;
    /** How many pages are asked for at once; one, unless said otherwise. */
    readonly ahead?: number;
    /** The most rows that there can be. */
    readonly most?: number;
}

/**
 * The rows that meet every condition, page by page, each row once. Throws rather than go on for ever: where a page adds
 * nothing, where there are more rows than can be, and where it takes too long.
 */
export async function* pagesOf<R>(
    connection: Connection,
    table: Table<R>,
    filters: readonly Condition[],
    { first, ahead = 1, most = connection.policy.mostRows }: Listing<R> = {},
): AsyncGenerator<Page<R>, void> {
    const deadline = performance.now() + connection.policy.listingMs;
    const seen = new Set<string>();
    // As many as there were at first: others, made while the pages are read, may shift rows but hide none.
    let page = first ?? (await filterRecords(connection, table, filters));
    const { total } = page;
    const pages = Math.ceil(total / Math.max(1, page.rows.length));
    const asked: Promise<Page<R>>[] = [];
    for (let next = 2; ; ) {
        const fresh = page.rows.filter((row) => !seen.has(table.idOf(row)));
        for (const row of fresh) seen.add(table.idOf(row));
        yield { rows: fresh, total };
        if (seen.size >= total) return;
        // Who has found enough on the first page reads no other: only the rest is too much.
        if (total > most) throw unlisted(table, `has ${total}, and no more than ${most} are read`);
        const sum = `${seen.size} of ${total}`;
        // One that ends early says nothing of what it leaves out; one that goes on with what it has shown does not end.
        if (fresh.length === 0) {
            const fault = page.rows.length === 0 ? "unreadable" : "unlisted";
            throw unlisted(table, `shows only ${sum}`, fault);
        }
        if (performance.now() > deadline)
            throw unlisted(table, `has shown ${sum} in ${connection.policy.listingMs / 1000} s`);
        while (asked.length === 0 || (asked.length < ahead && next <= pages)) {
            const other = filterRecords(connection, table, filters, next++);
            // Told to whoever reads on; who has found enough does not.
            other.catch(() => undefined);
            asked.push(other);
        }
        page = await (asked.shift() as Promise<Page<R>>);
    }
}

/** All rows that meet every condition. Throws rather than answer in part, when the server says that there are more. */
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
 * Checks that an answer is a page of the table's records that meet the filters, and reads it; `totalName` is the property
 * that counts all rows.
 */
export function pageOf<R>(
    table: Table<R>,
    answer: unknown,
    totalName: string,
    filters: readonly Condition[] = [],
): Page<R> {
    const { data, [totalName]: total } = (answer ?? {}) as Record<string, unknown>;
    // Core's empty page of balances is an explicit null; a list that is simply not there is some other server's answer.
    const list = data === null ? [] : data;
    if (!Array.isArray(list)) throw unexpected(table, "a list is missing");
    if (list.length > PAGE_ROWS) throw unlisted(table, `shows ${list.length} on a page of ${PAGE_ROWS}`);
    const records = list.map((row) => parseRecord(table, row));
    if (!records.every((record) => filters.every((filter) => meets(record, table, filter)))) throw notAsked(table);
    // A row that a page shows twice is one row: counted as two, it would hide that another has not been seen.
    const rows = [...new Map(records.map((record) => [table.idOf(record), record])).values()];
    // Core leaves the count out of an empty page.
    const isCounted = total !== undefined && total !== null;
    if (isCounted ? !Number.isSafeInteger(total) || Number(total) < 0 : list.length === PAGE_ROWS) {
        throw unexpected(table, `${totalName} is no count`);
    }
    return { rows, total: Math.max(isCounted ? Number(total) : 0, rows.length) };
}

/** Whether a row meets a condition on what it is told apart by: its id, its ledger, and a mark in its metadata. */
function meets<R>(record: R, table: Table<R>, { field, operator, value, values }: Condition): boolean {
    const wanted = operator === "in" ? (values ?? []) : operator === "eq" ? [value] : undefined;
    if (wanted === undefined) return true;
    const { meta_data, [field]: held } = record as Record<string, unknown>;
    if (field === table.idField || field === "ledger_id") return wanted.some((one) => one === held);
    // `eq` on metadata leaves its own differences to whoever asks: Blnk takes 5 and "5" for equal there.
    if (operator !== "in" || !field.startsWith("meta_data.")) return true;
    const key = field.slice("meta_data.".length);
    const metadata = (meta_data ?? {}) as Record<string, unknown>;
    return Object.hasOwn(metadata, key) && wanted.some((one) => one === metadata[key]);
}

/** Checks that an answer has the shape of the table's records. */
export function parseRecord<R>(table: Table<R>, answer: unknown, mayHaveActed = false): R {
    const result = safely(() => v.safeParse(table.schema, answer));
    // Nested so deep that it cannot be read.
    if (result === undefined) throw unexpected(table, "it cannot be read", mayHaveActed);
    if (result.success) return result.output;
    const issue = result.issues[0];
    const path = v.getDotPath(issue) ?? "the record";
    const isMissing = issue.received === "undefined";
    throw unexpected(table, isMissing ? `${path} is missing` : `${path} is no ${issue.expected}`, mayHaveActed);
}

function safely<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch {
        return undefined;
    }
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

/** A record that is not what was asked for; `mayHaveActed` where it is the answer to a create. */
export function notAsked<R>(table: Table<R>, mayHaveActed = false): BlnkError {
    return new BlnkError(
        `Blnk answered with a ${table.noun} that was not asked for. Check the address, and any gateway in between.`,
        "unreadable",
        mayHaveActed,
    );
}

function unlisted<R>(table: Table<R>, detail: string, fault: Fault = "unlisted"): BlnkError {
    return new BlnkError(
        `Blnk's list of ${table.nouns} cannot be used: it ${detail}. Run again; if it stays so, check any gateway in between.`,
        fault,
        false,
    );
}
