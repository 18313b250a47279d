import type { Metadata } from "../blnk/metadata";
import { MARK_KEY } from "../marks/mark";
import type { Json } from "../wire/json";

/** The most that one resource may declare. Blnk accepts more, and then refuses the balance's transactions. */
const MOST_OWN_BYTES = 4 * 1024;
/** The most that a thing may hold when ours is merged with what others put there. */
export const MOST_MERGED_BYTES = 6 * 1024;

/** Keys that Blnk or this package gives a meaning of their own; some of them change balances when written. */
const RESERVED = /^(pulumi|BLNK_.*|tokenized_fields|QUEUED_PARENT_TRANSACTION)$/;

/**
 * What a thing holds under a key, null where it holds nothing. Only own keys count: a key may be called like what every
 * object has, such as "constructor".
 */
export function heldUnder(held: Metadata | undefined, key: string): Json {
    return (held !== undefined && Object.hasOwn(held, key) ? held[key] : undefined) ?? null;
}

/** Objects of metadata as one, the later ones winning. Not by assignment: that would lose the key "__proto__". */
export function mergedKeys(...all: readonly Metadata[]): Metadata {
    return Object.fromEntries(all.flatMap((metadata) => Object.entries(metadata)));
}

/** The same inputs, their metadata without what is absent in Blnk's eyes, and absent when nothing is left of it. */
export function normaliseMetadata<T extends { readonly metadata?: Metadata }>(inputs: T): T {
    const { metadata, ...rest } = inputs;
    return { ...rest, ...metadataOf(metadata) } as T;
}

/** An object with the property `metadata`, or without it when it would be empty. Null means absent in Blnk. */
export function metadataOf(metadata: Metadata | undefined): { metadata?: Metadata } {
    const present = Object.entries(metadata ?? {}).filter(([, value]) => value !== null && value !== undefined);
    return present.length === 0 ? {} : { metadata: Object.fromEntries(present) };
}

/** What is wrong with declared metadata. Reasons never quote a value: it may be a secret. */
export function metadataProblems(metadata: Metadata | undefined): string[] {
    if (metadata === undefined) return [];
    const problems = Object.keys(metadata).flatMap(keyProblems);
    problems.push(...Object.entries(metadata).flatMap(([key, value]) => valueProblems(value, `metadata.${key}`)));
    const bytes = bytesOf(metadata);
    if (bytes > MOST_OWN_BYTES) problems.push(tooLarge("metadata", bytes));
    return problems;
}

/** What is wrong with one key of metadata. */
export function keyProblems(key: string): string[] {
    if (key === "") return ["a metadata key must not be empty"];
    if (key.includes("\u0000")) return ["a metadata key holds a NUL character, which Blnk cannot store"];
    // JavaScript gives it a meaning of its own, and Pulumi's SDK loses it on the way.
    if (key === "__proto__") return ['the metadata key "__proto__" is not allowed; choose another key'];
    if (!RESERVED.test(key)) return [];
    return [`the metadata key "${key}" is reserved: ${reservedFor(key)}; choose another key`];
}

function reservedFor(key: string): string {
    if (key === MARK_KEY) return "it carries the mark by which this stack finds what it made";
    if (key === "BLNK_RUN_RECONCILIATION") return "writing it makes Blnk recompute the balance";
    return "Blnk gives it a meaning of its own";
}

/** What is wrong with a value of metadata, at any depth. `path` names it. */
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

/** What is wrong with the size of a tag's value. */
export function valueSizeProblems(value: unknown): string[] {
    const bytes = bytesOf(value);
    return bytes > MOST_OWN_BYTES ? [tooLarge("value", bytes)] : [];
}

function tooLarge(what: string, bytes: number): string {
    return (
        `${what} takes ${bytes} bytes, more than the ${MOST_OWN_BYTES} that are safe: ` +
        `a balance whose metadata nears 7 KB stops accepting transactions; declare less, and keep the rest elsewhere`
    );
}

/** How many bytes a value takes as JSON. */
export function bytesOf(value: unknown): number {
    return Buffer.byteLength(JSON.stringify(value) ?? "");
}

/** What a thing holds; throws where it is not there. */
export function present(id: string, held: Metadata | undefined): Metadata {
    if (held !== undefined) return held;
    throw new Error(`${id} is not in Blnk. Run "pulumi refresh" to see what else is gone.`);
}

/** Refuses a write after which a thing would hold more than is safe; `patch` is what the write changes. */
export function refuseTooLarge(id: string, held: Metadata, patch: Metadata): void {
    const merged = bytesOf(mergedKeys(held, patch));
    if (merged <= MOST_MERGED_BYTES || merged <= bytesOf(held)) return;
    throw new Error(
        `the metadata of ${id} would take ${merged} bytes, more than the ${MOST_MERGED_BYTES} that are safe: ` +
            `${bytesOf(patch)} bytes are ours, ${bytesOf(held)} are there already. ` +
            `A balance whose metadata nears 7 KB stops accepting transactions: declare less.`,
    );
}
