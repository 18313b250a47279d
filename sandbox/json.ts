import { isLosslessNumber, parse, stringify } from "lossless-json";

/** A JSON value; whole numbers that a double would round are bigints. */
export type Json = null | boolean | number | bigint | string | Json[] | { [key: string]: Json };

/** A metadata object as Core stores it. */
export type Metadata = { [key: string]: Json };

/** True for a JSON object, which an array or a number literal is not. */
export function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}

/** Parses JSON and keeps each number as the literal that was sent. The last of two equal keys wins, as in Go. */
export function parseLiteral(text: string): unknown {
    return parse(text, undefined, { onDuplicateKey: ({ newValue }) => newValue });
}

/** Turns number literals into numbers, or into bigints where a number would lose digits of a whole number. */
export function toExact(value: unknown): Json {
    return convert(value, (literal) => {
        const whole = /^-?\d+$/.test(literal);
        return whole && !Number.isSafeInteger(Number(literal)) ? BigInt(literal) : Number(literal);
    });
}

/** Turns number literals into doubles and sorts the keys: what Go's map[string]interface{} does to metadata. */
export function toGoMap(value: unknown): Json {
    return convert(value, Number, true);
}

/** Parses JSON to exact values. */
export function parseExact(text: string): Json {
    return toExact(parseLiteral(text));
}

/** JSON text; bigints become integer literals. */
export function toJson(value: unknown): string {
    return stringify(value) ?? "null";
}

/** JSON text as Go writes it: the characters HTML cares about are escaped. */
export function toGoJson(value: unknown): string {
    return toJson(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function convert(value: unknown, number: (literal: string) => Json, sorted = false): Json {
    if (isLosslessNumber(value)) {
        return number(value.value);
    }
    if (Array.isArray(value)) {
        return value.map((item) => convert(item, number, sorted));
    }
    if (typeof value === "object" && value !== null) {
        const entries = Object.entries(value).map(([key, item]): [string, Json] => [
            key,
            convert(item, number, sorted),
        ]);
        if (sorted) {
            entries.sort(([a], [b]) => (a < b ? -1 : 1));
        }
        return Object.fromEntries(entries);
    }
    if (value === undefined) {
        return null;
    }
    return value as Json;
}
