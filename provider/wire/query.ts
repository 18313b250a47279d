import { canonicalJson } from "./json";

/** What a look-up asks for, by the names of its arguments; what is left out does not matter. */
export type Query = Readonly<Record<string, unknown>>;

/**
 * A query in words, such as `with name "Customers" and metadata.team`. Values of metadata are left out: they may be
 * secret. So are those of arguments that are said to be secret.
 */
export function describeQuery(query: Query, secrets: ReadonlySet<string> = new Set()): string {
    if (typeof query.id === "string" && query.id !== "" && !secrets.has("id")) return query.id;
    const { metadata: _metadata, ...rest } = query;
    const isSpelt = (name: string, value: unknown) => !secrets.has(name) && typeof value !== "object";
    const parts = [
        ...Object.entries(rest).map(([name, value]) =>
            isSpelt(name, value) ? `${name} ${JSON.stringify(value)}` : `a certain ${name}`,
        ),
        ...(secrets.has("metadata")
            ? ["certain metadata"]
            : Object.keys(metadataIn(query)).map((key) => `metadata.${key}`)),
    ];
    return parts.length === 0 ? "of any kind" : `with ${parts.sort().join(" and ")}`;
}

/** A query as a text that no other query has. */
export function formatQuery(query: Query): string {
    const { metadata: _metadata, ...rest } = query;
    const parts = [
        ...Object.entries(rest).map(([name, value]) => `${name}=${canonicalJson(value)}`),
        ...Object.entries(metadataIn(query)).map(([key, value]) => `metadata.${key}=${canonicalJson(value)}`),
    ];
    return parts.sort().join(" ");
}

/** The metadata that a query asks for. */
export function metadataIn({ metadata }: Query): Query {
    return typeof metadata === "object" && metadata !== null ? (metadata as Query) : {};
}

/**
 * What a look-up found that expects any number of things. All of it is one property: in a preview an absent property
 * counts as not yet known, an absent part of one does not. For ever: states hold it.
 */
export interface Some {
    readonly some: readonly object[];
}

/** How a query is to be answered: by one thing, by one or none, or by all that there are. */
export type Expected = "one" | "one or none" | "all";
