import { canonicalJson } from "./json";

/** The arguments of a look-up. An absent argument matches everything. */
export type Query = Readonly<Record<string, unknown>>;

/**
 * A query in words, such as `with name "Customers" and metadata.team`. It shows no values of metadata, which may be
 * secret, and no values of arguments in `secrets`. Look-ups use it as their id in states: never change its form.
 */
export function describeQuery(query: Query, secrets: ReadonlySet<string> = new Set()): string {
    if (typeof query.id === "string" && query.id !== "" && !secrets.has("id")) return query.id;
    const { metadata: _metadata, ...rest } = query;
    const isShown = (name: string, value: unknown) => !secrets.has(name) && typeof value !== "object";
    const parts = [
        ...Object.entries(rest).map(([name, value]) =>
            isShown(name, value) ? `${name} ${JSON.stringify(value)}` : `a certain ${name}`,
        ),
        ...(secrets.has("metadata")
            ? ["certain metadata"]
            : Object.keys(metadataIn(query)).map((key) => `metadata.${key}`)),
    ];
    return parts.length === 0 ? "of any kind" : `with ${parts.sort().join(" and ")}`;
}

/** A query as text. Different queries have different texts. */
export function formatQuery(query: Query): string {
    const { metadata: _metadata, ...rest } = query;
    const parts = [
        ...Object.entries(rest).map(([name, value]) => `${name}=${canonicalJson(value)}`),
        ...Object.entries(metadataIn(query)).map(([key, value]) => `metadata.${key}=${canonicalJson(value)}`),
    ];
    return parts.sort().join(" ");
}

/** The metadata conditions of a query. */
export function metadataIn({ metadata }: Query): Query {
    return typeof metadata === "object" && metadata !== null ? (metadata as Query) : {};
}

/**
 * The result of a look-up that accepts any number of things. It is one property, because a preview treats an absent
 * property as unknown. Never change its form: states hold it.
 */
export interface Some {
    readonly some: readonly object[];
}

/** How many things a query may find. */
export type Expected = "one" | "one or none" | "all";
