import * as v from "valibot";
import type { Connection } from "../blnk/connection";
import { canonicalJson, type Json, sameJson } from "../blnk/json";
import type { Metadata } from "../blnk/metadata";
import { type Condition, filterRecords, type Table } from "../blnk/records";
import { valueProblems } from "./metadata";

/** What a look-up asks for, by the names of its arguments; what is left out does not matter. */
export type Query = Readonly<Record<string, unknown>>;

/** One thing that a search found. */
export interface Hit {
    readonly id: string;
    /** What people know it by, such as a ledger's name. */
    readonly label: string;
}

/** What a search found: some of the things, two at least where there are several, and how many there are in all. */
export interface Hits {
    readonly hits: readonly Hit[];
    readonly total: number;
}

/** How one kind of thing is searched for. */
export interface Searched<R> {
    readonly table: Table<R>;
    hitOf(record: R): Hit;
}

/** Core filters by no other keys: no dots, no hyphens, no underscore in front. */
const FILTERABLE_KEY = /^[a-zA-Z][a-zA-Z0-9_]*$/;

const text = v.optional(v.pipe(v.string(), v.nonEmpty()));
/** The arguments that the look-ups of every kind have. */
export const commonQuery = { id: text, metadata: v.optional(v.record(v.string(), v.unknown())) };
/** An argument that is a text, not an empty one. */
export const queryText = text;

/** The query as one of its kind, or a sentence. */
export function parseQuery<Entries extends v.ObjectEntries>(
    entries: Entries,
    query: Query,
): v.InferOutput<v.StrictObjectSchema<Entries, undefined>> {
    const result = v.safeParse(v.strictObject(entries), query);
    if (!result.success) {
        const [name = ""] = (v.getDotPath(result.issues[0]) ?? "").split(".");
        if (!(name in entries)) {
            throw new Error(`a look-up has no ${name}; it has ${Object.keys(entries).join(", ")}.`);
        }
        throw new Error(`${name} must be ${name === "metadata" ? "an object" : "a text that is not empty"}.`);
    }
    const { id, metadata: _metadata, ...rest } = query;
    const others = Object.keys(rest).length + Object.keys(metadataIn(query)).length;
    if (id !== undefined && others > 0) throw new Error("an id says all: leave out the rest.");
    if (id === undefined && others === 0) {
        throw new Error(`nothing says which. Give ${Object.keys(entries).join(", or ")}.`);
    }
    return result.output;
}

/** The one thing of a known id: whether it is there shows when it is read. */
export function knownById(id: string): Hits {
    return { hits: [{ id, label: "" }], total: 1 };
}

/** The condition that a column holds just this, where this is asked for. */
export function equal(field: string, value: string | undefined): Condition[] {
    return value === undefined ? [] : [{ field, operator: "eq", value }];
}

/** Searches for the records that meet all conditions, and whose metadata holds just these values under these keys. */
export async function searchRecords<R extends { readonly meta_data: Metadata }>(
    connection: Connection,
    { table, hitOf }: Searched<R>,
    conditions: readonly Condition[],
    metadata: Query | undefined,
): Promise<Hits> {
    const wanted = Object.entries(metadata ?? {}).filter((entry): entry is [string, Json] => entry[1] !== undefined);
    const problem = wanted.flatMap(([key, value]) => keyProblems(key, value))[0];
    if (problem !== undefined) throw new Error(problem);
    const filters = [
        ...conditions,
        ...wanted.map(([key, value]): Condition => ({ field: `meta_data.${key}`, operator: "eq", value })),
    ];
    const found = new Map<string, Hit>();
    let passedOver = 0;
    for (let page = 1, seen = 0; ; page++) {
        const { rows, total } = await filterRecords(connection, table, filters, page);
        seen += rows.length;
        for (const row of rows) {
            // Blnk takes an object for equal to one that holds more.
            const isExact = wanted.every(([key, value]) => sameJson(row.meta_data[key], value));
            const hit = hitOf(row);
            if (isExact) found.set(hit.id, hit);
            else passedOver++;
        }
        const isLast = rows.length === 0 || seen >= total;
        if (isLast || found.size > 1) {
            return { hits: [...found.values()], total: isLast ? found.size : total - passedOver };
        }
    }
}

/**
 * A query in words, such as `with name "Customers" and metadata.team`. Values of metadata are left out: they may be
 * secret.
 */
export function describeQuery(query: Query): string {
    if (typeof query.id === "string" && query.id !== "") return query.id;
    const { metadata: _metadata, ...rest } = query;
    const parts = [
        ...Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
        ...Object.keys(metadataIn(query)).map((key) => `metadata.${key}`),
    ];
    return parts.length === 0 ? "of any kind" : `with ${parts.sort().join(" and ")}`;
}

/** A query as a text that no other query has. */
export function spellQuery(query: Query): string {
    const { metadata: _metadata, ...rest } = query;
    const parts = [
        ...Object.entries(rest).map(([name, value]) => `${name}=${canonicalJson(value)}`),
        ...Object.entries(metadataIn(query)).map(([key, value]) => `metadata.${key}=${canonicalJson(value)}`),
    ];
    return parts.sort().join(" ");
}

function metadataIn({ metadata }: Query): Query {
    return typeof metadata === "object" && metadata !== null ? (metadata as Query) : {};
}

function keyProblems(key: string, value: Json): string[] {
    if (!FILTERABLE_KEY.test(key)) {
        return [
            `Blnk cannot search by the metadata key "${key}": it knows only keys of letters, digits and underscores that ` +
                `begin with a letter. Look it up by other keys, or by its id.`,
        ];
    }
    if (value === null) return [`metadata.${key} is null, which counts as absent: look it up by a value that it has.`];
    return valueProblems(value, `metadata.${key}`).map((problem) => `${problem}.`);
}
