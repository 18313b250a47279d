import * as v from "valibot";
import type { Connection } from "../blnk/connection";
import type { Metadata } from "../blnk/metadata";
import { type Condition, type Page, pagesOf, type Table } from "../blnk/records";
import { compareTimes } from "../blnk/time";
import { valueProblems } from "../metadata/metadata";
import { type Json, sameJson } from "../wire/json";
import { didYouMean } from "../wire/nearest";
import { metadataIn, type Query } from "../wire/query";

/** One thing that a search found. */
export interface Hit {
    readonly id: string;
    /** A name for people, such as a ledger's name. */
    readonly label: string;
}

/** The result of a search: the total, and some of the things (at least two if there are several). */
export interface Hits {
    readonly hits: readonly Hit[];
    readonly total: number;
}

/** How to search for one kind of thing. */
export interface Searched<R> {
    readonly table: Table<R>;
    hitOf(record: R): Hit;
}

/** Core can filter only by such keys: no dots, no hyphens, no leading underscore. */
const FILTERABLE_KEY = /^[a-zA-Z][a-zA-Z0-9_]*$/;

const text = v.optional(v.pipe(v.string(), v.nonEmpty()));
/** Not `v.record`, which drops keys such as "constructor". */
const object = v.custom<Query>((value) => typeof value === "object" && value !== null && !Array.isArray(value));
/** The arguments that the look-ups of every kind have. */
export const commonQuery = { id: text, metadata: v.optional(object) };
/** An argument that is a non-empty string. */
export const queryText = text;

/** The query, checked and typed. Throws a sentence if it is not valid. */
export function parseQuery<Entries extends v.ObjectEntries>(
    entries: Entries,
    query: Query,
    may?: "may be empty",
): v.InferOutput<v.StrictObjectSchema<Entries, undefined>> {
    const result = v.safeParse(v.strictObject(entries), query);
    if (!result.success) {
        const name = String(result.issues[0].path?.[0].key);
        const names = Object.keys(entries);
        if (!names.includes(name)) {
            throw new Error(
                `unknown argument "${name}"${didYouMean(name, names)}; known arguments: ${names.join(", ")}.`,
            );
        }
        throw new Error(`${name} must be ${name === "metadata" ? "an object" : "a non-empty string"}.`);
    }
    const { id, metadata: _metadata, ...rest } = query;
    const others = Object.keys(rest).length + Object.keys(metadataIn(query)).length;
    if (id !== undefined && others > 0) throw new Error("id cannot be combined with other arguments.");
    if (id === undefined && others === 0 && may !== "may be empty") {
        throw new Error(`no search criteria. Set at least one of ${Object.keys(entries).join(", ")}.`);
    }
    return result.output;
}

/** The thing with a known id. Whether it exists shows when it is read. */
export function knownById(id: string): Hits {
    return { hits: [{ id, label: "" }], total: 1 };
}

/** The condition that a column equals a value; none if the query does not set it. */
export function equal(field: string, value: string | undefined): Condition[] {
    return value === undefined ? [] : [{ field, operator: "eq", value }];
}

/** Records that carry metadata and a time of creation. */
interface Dated {
    readonly meta_data: Metadata;
    readonly created_at: string;
}

/** Searches for the records that meet all conditions and hold exactly these values under these metadata keys. */
export async function searchRecords<R extends Dated>(
    connection: Connection,
    { table, hitOf }: Searched<R>,
    conditions: readonly Condition[],
    metadata: Query | undefined,
): Promise<Hits> {
    const found = new Map<string, Hit>();
    let skipped = 0;
    for await (const { rows, total, isLast, isExact } of pages(connection, table, conditions, metadata)) {
        for (const row of rows) {
            const hit = hitOf(row);
            if (isExact(row)) found.set(hit.id, hit);
            else skipped++;
        }
        if (isLast || found.size > 1) {
            return { hits: [...found.values()], total: isLast ? found.size : total - skipped };
        }
    }
    return { hits: [...found.values()], total: found.size };
}

/** The longest list allowed: the state stores it whole. */
const MOST_LISTED = 1000;

/** All such records, oldest first. Throws instead of returning an incomplete list. */
export async function listRecords<R extends Dated>(
    connection: Connection,
    table: Table<R>,
    conditions: readonly Condition[],
    metadata: Query | undefined,
): Promise<R[]> {
    const found = new Map<string, R>();
    for await (const { rows, isExact } of pages(connection, table, conditions, metadata)) {
        for (const row of rows.filter(isExact)) found.set(table.idOf(row), row);
        if (found.size > MOST_LISTED) {
            throw new Error(
                `more than ${MOST_LISTED} ${table.nouns} match, too many for the stack's state. ` +
                    `Narrow the search, such as by a metadata key.`,
            );
        }
    }
    return [...found.values()].sort(
        (one, other) =>
            compareTimes(one.created_at, other.created_at) || (table.idOf(one) < table.idOf(other) ? -1 : 1),
    );
}

/** A search stops with an error after this many rows. */
const MOST_ROWS = 100_000;

/** The pages of a search, each read only when it is needed. `isExact` says whether a row really matches. */
async function* pages<R extends Dated>(
    connection: Connection,
    table: Table<R>,
    conditions: readonly Condition[],
    metadata: Query | undefined,
): AsyncGenerator<Page<R> & { readonly isLast: boolean; isExact(row: R): boolean }> {
    const wanted = Object.entries(metadata ?? {}).filter((entry): entry is [string, Json] => entry[1] !== undefined);
    const problem = wanted.flatMap(([key, value]) => keyProblems(key, value))[0];
    if (problem !== undefined) throw new Error(problem);
    const filters = [
        ...conditions,
        ...wanted.map(([key, value]): Condition => ({ field: `meta_data.${key}`, operator: "eq", value })),
    ];
    // Blnk also matches objects that hold more. Own properties only: a key may be called "constructor".
    const isExact = ({ meta_data: held }: R) =>
        wanted.every(([key, value]) => Object.hasOwn(held, key) && sameJson(held[key], value));
    let seen = 0;
    for await (const { rows, total } of pagesOf(connection, table, filters, { most: MOST_ROWS })) {
        seen += rows.length;
        yield { rows, total, isLast: seen >= total, isExact };
    }
}

function keyProblems(key: string, value: Json): string[] {
    if (!FILTERABLE_KEY.test(key)) {
        return [
            `Blnk cannot search by the metadata key "${key}": it accepts only keys of letters, digits and underscores that ` +
                `begin with a letter. Search by other keys, or by id.`,
        ];
    }
    if (value === null) return [`metadata.${key} is null, which counts as absent: search by a value that is not null.`];
    return valueProblems(value, `metadata.${key}`).map((problem) => `${problem}.`);
}
