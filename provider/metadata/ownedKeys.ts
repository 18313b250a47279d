import type { Metadata } from "../blnk/metadata";
import { type Json, sameJson } from "../wire/json";
import { heldUnder } from "./metadata";

/** One resource's declaration of metadata keys, before and now, and what its thing holds. */
export interface OwnedKeys {
    /** What was declared before, as Blnk was last seen to hold it. */
    readonly before: Metadata;
    readonly now: Metadata;
    readonly held: Metadata;
    /** Whether values that somebody else put there may be replaced. */
    readonly replaceExisting?: boolean | undefined;
    /** Where an earlier write was not seen to last: the keys that may still hold what they held before that. */
    readonly unsettled?: ReadonlySet<string> | undefined;
    /** Keys whose values a refresh has found, and that this stack did not write. */
    readonly drifted?: ReadonlySet<string> | undefined;
}

/** What a changed declaration comes to. */
export interface OwnedChange {
    /** What to write. */
    readonly patch: Metadata;
    /** Keys that hold what somebody else put there: nothing may be written. */
    readonly taken: readonly string[];
    /** Keys of which a value of somebody else is replaced, as the program says that it may be. */
    readonly replaced: readonly string[];
    /** Keys that are no longer declared, and hold what somebody else put there since: they stay. */
    readonly left: readonly string[];
}

/**
 * The rule of owned keys, which is the same for all kinds: a key that is declared for the first time must hold nothing or
 * the declared value, a key whose value changes must hold the old value or the new one, and a key that is dropped is
 * set to null only where it still holds what was written.
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
 * Where keys stand among all keys of some metadata, by name. A state remembers keys in this way: metadata that is secret as a
 * whole has secret keys too.
 */
export function positionsOf(keys: Iterable<string>, metadata: Metadata): number[] {
    const all = Object.keys(metadata).sort();
    return [...keys].map((key) => all.indexOf(key)).filter((position) => position >= 0);
}

/** The keys that stand at these positions. */
export function keysAt(positions: readonly number[] | undefined, metadata: Metadata): ReadonlySet<string> | undefined {
    const all = Object.keys(metadata).sort();
    return positions && new Set(positions.flatMap((position) => all[position] ?? []));
}

/** Whether a declaration changes in a way that must be compared with what is held before anything is written. */
export function mustCompareKeys({ before, now }: Pick<OwnedKeys, "before" | "now">): boolean {
    return Object.entries(now).some(([key, value]) => !Object.hasOwn(before, key) || !sameJson(before[key], value));
}

/** Why keys that hold what somebody else put there are not written. */
export function takenKeys(id: string, keys: readonly string[]): string {
    const names = keys.map((key) => `"${key}"`).join(", ");
    return (
        `${id} already holds a value of somebody else under ${names}. Nothing was written. Choose another key, or set ` +
        `replaceExisting: true to replace what is there.`
    );
}

/** What a preview says of keys of which a value of somebody else is replaced. */
export function replacedKeys(id: string, keys: readonly string[]): string {
    return `replaces what ${id} holds under ${keys.map((key) => `"${key}"`).join(", ")}`;
}

/** What is said of keys that leave the program and hold what somebody else put there since. */
export function leftKeys(id: string, keys: readonly string[]): string {
    const names = keys.map((key) => `"${key}"`).join(", ");
    return `${id} holds a value that this stack did not write under ${names}; it was left as it is`;
}
