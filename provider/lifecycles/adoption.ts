import type { Json } from "../blnk/json";
import { sameJson } from "../blnk/json";
import type { Metadata } from "../blnk/metadata";
import { MARK_KEY, parseMark } from "./mark";

/** What `check` learns from Blnk about something that exists already. */
export interface Foreseen<Inputs> {
    /** The inputs, those left out filled in as they are in Blnk. */
    readonly inputs: Partial<Inputs>;
    readonly problems: readonly string[];
    /** The mark that an adopted thing carries; null where it has none, and none is put on it. */
    readonly mark?: string | null;
    /** What the preview says on the resource's row, given whether the thing's mark will be rewritten. */
    says?(isMarkRewritten: boolean): string;
}

/** How a program brings an existing thing under management. */
export interface Adoption {
    /** The id of the thing. */
    readonly id: string;
    /** The mark of another stack that it is taken from. */
    readonly from?: string;
    readonly by: Adopter;
}

/** The project, the stack and, where it is known, the owner of the resource that adopts. */
export interface Adopter {
    readonly project: string;
    readonly stack: string;
    readonly owner: string | undefined;
}

/** The sentence of a preview: what is adopted, and what would change about it. */
export function adopts(id: string, name: string | undefined, changes: readonly string[]) {
    return (isMarkRewritten: boolean): string => {
        const all = [...changes, ...(isMarkRewritten ? ["mark"] : [])];
        return `adopts ${id}${name === undefined ? "" : ` "${name}"`}; changes: ${all.join(", ") || "none"}`;
    };
}

/** Which declared keys of metadata differ from what is held. */
export function metadataChanges(declared: Metadata | undefined, held: Metadata): string[] {
    return Object.entries(declared ?? {})
        .filter(([key, value]: [string, Json]) => !sameJson(held[key] ?? null, value))
        .map(([key]) => `metadata.${key}`);
}

/** The mark in a thing's metadata, null where there is none. */
export function heldMark(held: Metadata): string | null {
    const mark = held[MARK_KEY] ?? null;
    return mark === null ? null : String(mark);
}

/** Why a thing that carries this mark cannot be adopted, if it cannot. */
export function markProblems({ id, from, by }: Adoption, mark: string | null): string[] {
    const place = parseMark(mark);
    const isOwn = place?.project === by.project && place.stack === by.stack && place.owner === by.owner;
    if (place === undefined || isOwn || from === mark) return [];
    if (from !== undefined) return [`${id} carries the mark ${mark}, not the one that adoptFrom names`];
    return [
        `${id} belongs to another stack: it carries the mark ${mark}. To take it from there, remove it from that ` +
            `stack's program and say adoptFrom: "${mark}"`,
    ];
}

/** Why a thing that this stack had marked so is to be left alone, if it is: it carries the mark of another stack now. */
export function takenAway(id: string, held: unknown, own: unknown): string | undefined {
    if (held === own) return undefined;
    const [theirs, ours] = [parseMark(held), parseMark(own)];
    if (theirs === undefined || ours === undefined || theirs.owner === ours.owner) return undefined;
    return (
        `${id} has been taken over by another stack: it carries the mark ${held}. Remove it from this program; to take it ` +
        `back, declare it anew after that, with adopt: "${id}" and adoptFrom: "${held}".`
    );
}

/** An immutable input that is declared otherwise than the thing is. */
export function differs(id: string, name: string, declared: unknown, held: unknown): string[] {
    if (declared === undefined || declared === held) return [];
    // What is declared is not told: it may be a secret.
    return [`${id} has ${name} ${JSON.stringify(held)}, which Blnk cannot change: declare that, or leave ${name} out`];
}
