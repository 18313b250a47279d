import { isObject } from "../json";

/** The text PostgreSQL gives for a jsonb value inside another: a space after colon and comma, short keys first. */
export function pgText(value: unknown): string {
    if (Array.isArray(value)) {
        return `[${value.map(pgText).join(", ")}]`;
    }
    if (isObject(value)) {
        const keys = Object.keys(value).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
        return `{${keys.map((key) => `${JSON.stringify(key)}: ${pgText(value[key])}`).join(", ")}}`;
    }
    return typeof value === "bigint" ? value.toString() : JSON.stringify(value ?? null);
}

/** The text the ->> operator gives: a string bare, null as nothing. */
export function pgArrowText(value: unknown): string | undefined {
    if (value === null || value === undefined) {
        return undefined;
    }
    return typeof value === "string" ? value : pgText(value);
}

/** The @> operator: every pair of `part` is in `whole`, at every depth. */
export function contains(whole: unknown, part: unknown): boolean {
    if (Array.isArray(part)) {
        return Array.isArray(whole) && part.every((item) => whole.some((other) => contains(other, item)));
    }
    if (isObject(part)) {
        return (
            isObject(whole) &&
            Object.entries(part).every(([key, item]) => Object.hasOwn(whole, key) && contains(whole[key], item))
        );
    }
    if (typeof whole === "bigint" || typeof part === "bigint") {
        return String(whole) === String(part) && typeof whole !== "string" && typeof part !== "string";
    }
    return whole === part;
}
