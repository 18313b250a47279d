import { isInteger, isSafeNumber, parse } from "lossless-json";
import * as v from "valibot";
import type { Json } from "../wire/json";

/** A number with this many digits may not fit into a double. */
const LONG_NUMBER = /(^|[\s:,[-])\d{16}/;

/** Parses JSON. Integers that a double cannot hold become bigint: amounts may have any size. */
export function parseExact(text: string): unknown {
    // Most answers have no long number, and JSON.parse is several times as fast.
    if (!LONG_NUMBER.test(text)) return JSON.parse(text);
    return parse(text, undefined, (digits) =>
        isInteger(digits) && !isSafeNumber(digits) ? BigInt(digits) : Number(digits),
    );
}

/** The value with every bigint as a number: Blnk stores numbers in metadata as doubles. */
export function asJson(value: unknown): Json {
    if (typeof value === "bigint") return Number(value);
    if (Array.isArray(value)) return value.map(asJson);
    if (value !== null && typeof value === "object") {
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asJson(inner)]));
    }
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
    return null;
}

/**
 * An object with any keys. valibot's own `record` drops `__proto__`, `prototype` and `constructor`, which are valid metadata
 * keys. Read keys with `Object.hasOwn`, because every object inherits members such as `constructor`.
 */
export const metadataRecord: v.GenericSchema<unknown, { readonly [key: string]: unknown }> = v.pipe(
    v.unknown(),
    v.rawCheck(({ dataset, addIssue }) => {
        const { value } = dataset;
        if (value === null || typeof value !== "object" || Array.isArray(value)) addIssue({ expected: "Object" });
    }),
    v.transform((value) => value as { readonly [key: string]: unknown }),
);
