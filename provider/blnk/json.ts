import { isInteger, isSafeNumber, parse } from "lossless-json";
import * as v from "valibot";
import type { Json } from "../wire/json";

/** A number of so many digits may be one that a double cannot hold. */
const LONG_NUMBER = /(^|[\s:,[-])\d{16}/;

/** Parses JSON, keeping integers that a double cannot hold as bigint: amounts of money may have any size. */
export function parseExact(text: string): unknown {
    // Several times as fast, and most answers have no such number.
    if (!LONG_NUMBER.test(text)) return JSON.parse(text);
    return parse(text, undefined, (digits) =>
        isInteger(digits) && !isSafeNumber(digits) ? BigInt(digits) : Number(digits),
    );
}

/** The same value with every bigint as a number, which is how Blnk itself keeps numbers inside metadata. */
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
 * An object of any keys. valibot's own `record` leaves out `__proto__`, `prototype` and `constructor`, which are keys of
 * metadata like others. Keys are read with `Object.hasOwn`: an object is born with members that nobody has put there.
 */
export const metadataRecord: v.GenericSchema<unknown, { readonly [key: string]: unknown }> = v.pipe(
    v.unknown(),
    v.rawCheck(({ dataset, addIssue }) => {
        const { value } = dataset;
        if (value === null || typeof value !== "object" || Array.isArray(value)) addIssue({ expected: "Object" });
    }),
    v.transform((value) => value as { readonly [key: string]: unknown }),
);
