import type { Metadata } from "../blnk/metadata";
import { type Json, sameJson } from "../wire/json";
import { heldUnder } from "./metadata";

/** The metadata keys of one resource: declared before, declared now, and held in Blnk. */
export interface OwnedKeys {
    /** The keys declared before, with their last known values in Blnk. */
    readonly before: Metadata;
    readonly now: Metadata;
    readonly held: Metadata;
    /** Whether values of another writer may be replaced. */
    readonly replaceExisting?: boolean | undefined;
    /** After a write that was not verified: the keys that may still have their older values. */
    readonly unsettled?: ReadonlySet<string> | undefined;
    /** Keys for which a refresh found values that this stack did not write. */
    readonly drifted?: ReadonlySet<string> | undefined;
}

/** The result of a changed declaration. */
export interface OwnedChange {
    /** The keys to write. */
    readonly patch: Metadata;
    /** Keys that hold a value of another writer. If there are any, nothing may be written. */
    readonly taken: readonly string[];
    /** Keys whose value of another writer is replaced, because of `replaceExisting`. */
    readonly replaced: readonly string[];
    /** Keys that are no longer declared and hold a value of another writer. They stay. */
    readonly left: readonly string[];
}

/**
 * The rule of owned keys, the same for all kinds. A key declared for the first time must be empty or hold the declared value.
 * A key whose value changes must hold the old value or the new one. A key that is no longer declared is set to null only if
 * it still holds the value that this stack wrote.
 */
export function changeOfKeys({ before, now, held, replaceExisting, unsettled, drifted }: OwnedKeys): OwnedChange {
    const patch: [string, Json][] = [];
    const taken: string[] = [];
    const replaced: string[] = [];
    const left: string[] = [];
    for (const [key, value] of Object.entries(now)) {
        const there = heldUnder(held, key);
        const isOwned = Object.hasOwn(before, key);
        const isChanged = !isOwned || unsettled || !sameJson(before[key], value);
        if (!isChanged || sameJson(there, value)) continue;
        const isFree = there === null || unsettled?.has(key) || (isOwned && sameJson(there, before[key]));
        if (isFree || replaceExisting) patch.push([key, value]);
        if (!isFree) (replaceExisting ? replaced : taken).push(key);
    }
    for (const [key, value] of Object.entries(before)) {
        const there = heldUnder(held, key);
        if (Object.hasOwn(now, key) || there === null) continue;
        if (sameJson(there, value) && !drifted?.has(key)) patch.push([key, null]);
        else left.push(key);
    }
    return { patch: Object.fromEntries(patch), taken, replaced, left };
}

/**
 * The positions of keys in the sorted keys of some metadata. States hold positions instead of names, because the names are
 * secret when the whole metadata is.
 */
export function positionsOf(keys: Iterable<string>, metadata: Metadata): number[] {
    const all = Object.keys(metadata).sort();
    return [...keys].map((key) => all.indexOf(key)).filter((position) => position >= 0);
}

/** The keys at these positions. */
export function keysAt(positions: readonly number[] | undefined, metadata: Metadata): ReadonlySet<string> | undefined {
    const all = Object.keys(metadata).sort();
    return positions && new Set(positions.flatMap((position) => all[position] ?? []));
}

/** Whether a changed declaration must be compared with Blnk before anything is written. */
export function mustCompareKeys({ before, now }: Pick<OwnedKeys, "before" | "now">): boolean {
    return Object.entries(now).some(([key, value]) => !Object.hasOwn(before, key) || !sameJson(before[key], value));
}

/** The error for keys that hold a value of another writer. */
export function takenKeys(id: string, keys: readonly string[]): string {
    const names = keys.map((key) => `"${key}"`).join(", ");
    return (
        `${id} already holds a value of another writer under ${names}. Nothing was written. Choose another key, or set ` +
        `replaceExisting: true to replace the existing value.`
    );
}

/** The text of a preview for keys whose existing value is replaced. */
export function replacedKeys(id: string, keys: readonly string[]): string {
    return `replaces what ${id} holds under ${keys.map((key) => `"${key}"`).join(", ")}`;
}

/** The warning for keys that leave the program and hold a value of another writer. */
export function leftKeys(id: string, keys: readonly string[]): string {
    const names = keys.map((key) => `"${key}"`).join(", ");
    return `${id} holds a value that this stack did not write under ${names}; it was left unchanged`;
}
