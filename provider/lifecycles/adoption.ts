import type { Json } from "../blnk/json";
import { sameJson } from "../blnk/json";
import type { Metadata } from "../blnk/metadata";
import { MARK_KEY, parseMark } from "./mark";

/** What `check` learns from Blnk about something that exists already. */
export interface Foreseen<Inputs> {
    /** The inputs, those left out filled in as they are in Blnk. */
    readonly inputs: Partial<Inputs>;
    readonly problems: readonly string[];
    /** What the preview says on the resource's row. */
    readonly says?: string;
    /** Whether the thing has no mark, and none is put on it. */
    readonly isUnmarked?: boolean;
}

/** How a program brings an existing thing under management. */
export interface Adoption {
    /** The id of the thing. */
    readonly id: string;
    /** The mark of another stack that it is taken from. */
    readonly from?: string;
    /** The beginning of this stack's own marks, `<project>/<stack>/`. */
    readonly stack: string;
}

/** The sentence of a preview: what is adopted, and what would change about it. */
export function adopts(id: string, name: string | undefined, changes: readonly string[]): string {
    return `adopts ${id}${name === undefined ? "" : ` "${name}"`}; changes: ${changes.join(", ") || "none"}`;
}

/** Which declared keys of metadata differ from what is held. */
export function metadataChanges(declared: Metadata | undefined, held: Metadata): string[] {
    return Object.entries(declared ?? {})
        .filter(([key, value]: [string, Json]) => !sameJson(held[key] ?? null, value))
        .map(([key]) => `metadata.${key}`);
}

/** Why a thing that carries this mark cannot be adopted, if it cannot. */
export function markProblem({ id, from, stack }: Adoption, held: Metadata): string | undefined {
    const mark = held[MARK_KEY];
    if (parseMark(mark) === undefined || String(mark).startsWith(stack)) return undefined;
    if (from === undefined) {
        return (
            `${id} belongs to another stack: it carries the mark ${String(mark)}. To take it from there, remove it from that ` +
            `stack's program and say adoptFrom: "${String(mark)}"`
        );
    }
    if (from !== mark) return `${id} carries the mark ${String(mark)}, not the one that adoptFrom names`;
    return undefined;
}

/** An immutable input that is declared otherwise than the thing is. */
export function differs(id: string, name: string, declared: unknown, held: unknown): string[] {
    if (declared === undefined || declared === held) return [];
    // What is declared is not told: it may be a secret.
    return [`${id} has ${name} ${JSON.stringify(held)}, which Blnk cannot change: declare that, or leave ${name} out`];
}
