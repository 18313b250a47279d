import type { Metadata } from "../blnk/metadata";
import { MARK_KEY } from "../marks/mark";
import type { Json } from "../wire/json";

/** The limit for the metadata of one resource. Blnk accepts more, but then refuses the balance's transactions. */
const MOST_OWN_BYTES = 4 * 1024;
/** The limit for all metadata of a thing, with the keys of other writers. */
export const MOST_MERGED_BYTES = 6 * 1024;

/** Keys that Blnk or this package uses itself. Writing some of them changes balances. */
const RESERVED = /^(pulumi|BLNK_.*|tokenized_fields|QUEUED_PARENT_TRANSACTION)$/;

/**
 * The value of a key, null when there is none. Only own keys count: a key may be named like an inherited member, such as
 * "constructor".
 */
export function heldUnder(held: Metadata | undefined, key: string): Json {
    return (held !== undefined && Object.hasOwn(held, key) ? held[key] : undefined) ?? null;
}

/** Merges metadata; later values win. Not by assignment, which would lose the key "__proto__". */
export function mergedKeys(...all: readonly Metadata[]): Metadata {
    return Object.fromEntries(all.flatMap((metadata) => Object.entries(metadata)));
}

/** The inputs with metadata in its normal form: without null values, and absent when it is empty. */
export function normaliseMetadata<T extends { readonly metadata?: Metadata }>(inputs: T): T {
    const { metadata, ...rest } = inputs;
    return { ...rest, ...metadataOf(metadata) } as T;
}

/** An object with the property `metadata`, or without it when it is empty. Null means absent in Blnk. */
export function metadataOf(metadata: Metadata | undefined): { metadata?: Metadata } {
    const present = Object.entries(metadata ?? {}).filter(([, value]) => value !== null && value !== undefined);
    return present.length === 0 ? {} : { metadata: Object.fromEntries(present) };
}

/** The problems of declared metadata. They never quote a value, which may be secret. */
export function metadataProblems(metadata: Metadata | undefined): string[] {
    if (metadata === undefined) return [];
    const problems = Object.keys(metadata).flatMap(keyProblems);
    problems.push(...Object.entries(metadata).flatMap(([key, value]) => valueProblems(value, `metadata.${key}`)));
    const bytes = bytesOf(metadata);
    if (bytes > MOST_OWN_BYTES) problems.push(tooLarge("metadata", bytes));
    return problems;
}

/** The problems of one metadata key. */
export function keyProblems(key: string): string[] {
    if (key === "") return ["a metadata key must not be empty"];
    if (key.includes("\u0000")) return ["a metadata key holds a NUL character, which Blnk cannot store"];
    // It is special in JavaScript, and Pulumi's SDK loses it.
    if (key === "__proto__") return ['the metadata key "__proto__" is not allowed; choose another key'];
    if (!RESERVED.test(key)) return [];
    return [`the metadata key "${key}" is reserved: ${reservedFor(key)}; choose another key`];
}

function reservedFor(key: string): string {
    if (key === MARK_KEY) return "it holds the mark by which this stack finds its own things";
    if (key === "BLNK_RUN_RECONCILIATION") return "writing it makes Blnk recompute the balance";
    return "Blnk uses it internally";
}

/** The problems of a metadata value, at any depth. `path` names the value. */
export function valueProblems(value: unknown, path: string): string[] {
    if (typeof value === "number") return numberProblems(value, path);
    if (typeof value === "string") {
        return value.includes("\u0000") ? [`${path} holds a NUL character, which Blnk cannot store`] : [];
    }
    if (Array.isArray(value)) return value.flatMap((inner, index) => valueProblems(inner, `${path}[${index}]`));
    if (value !== null && typeof value === "object") {
        return Object.entries(value).flatMap(([key, inner]) =>
            key.includes("\u0000") || key === "__proto__" ? keyProblems(key) : valueProblems(inner, `${path}.${key}`),
        );
    }
    return [];
}

function numberProblems(value: number, path: string): string[] {
    if (!Number.isFinite(value)) return [`${path} is not a finite number, which JSON cannot hold`];
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        return [`${path} is an integer beyond 2^53, which Blnk would round: give it as a string`];
    }
    return [];
}

/** The problem of a tag's value that is too large. */
export function valueSizeProblems(value: unknown): string[] {
    const bytes = bytesOf(value);
    return bytes > MOST_OWN_BYTES ? [tooLarge("value", bytes)] : [];
}

function tooLarge(what: string, bytes: number): string {
    return (
        `${what} takes ${bytes} bytes; the limit is ${MOST_OWN_BYTES} bytes, because a balance stops accepting transactions ` +
        `when its metadata approaches 7 KB. Declare less, and store the rest elsewhere`
    );
}

/** The size of a value as JSON, in bytes. */
export function bytesOf(value: unknown): number {
    return Buffer.byteLength(JSON.stringify(value) ?? "");
}

/** The metadata of a thing. Throws when the thing does not exist. */
export function present(id: string, held: Metadata | undefined): Metadata {
    if (held !== undefined) return held;
    throw new Error(`${id} does not exist in Blnk. Run "pulumi refresh" to see what else is missing.`);
}

/** Refuses a write that would make the metadata too large. `patch` is the change. */
export function refuseTooLarge(id: string, held: Metadata, patch: Metadata): void {
    const merged = bytesOf(mergedKeys(held, patch));
    if (merged <= MOST_MERGED_BYTES || merged <= bytesOf(held)) return;
    throw new Error(
        `the metadata of ${id} would take ${merged} bytes; the safe limit is ${MOST_MERGED_BYTES} bytes. ` +
            `This change has ${bytesOf(patch)} bytes, and ${bytesOf(held)} bytes are there already. ` +
            `A balance stops accepting transactions when its metadata approaches 7 KB. Declare less.`,
    );
}
