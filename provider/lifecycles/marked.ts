import * as v from "valibot";
import { type Json, sameJson } from "../blnk/json";
import type { Metadata } from "../blnk/metadata";
import { takenAway } from "./adoption";
import { ON_DELETE, type OnDelete } from "./letGo";
import type { Run } from "./lifecycle";
import { MARK_KEY, parseMark } from "./mark";
import type { MarkedRecord } from "./markedRows";
import type { MarkFinder } from "./markFinder";
import type { Marks } from "./marks";
import { metadataOf, present } from "./metadata";
import type { Reader } from "./reader";

/** What every thing that we make and mark has among its inputs, besides its own. */
export interface Marked {
    /** `<identity of the server>/<owner>`: where the thing lives, and whose it is. */
    readonly instance: string;
    /** The mark in the thing's metadata; absent where Blnk has lost it. */
    readonly mark?: string;
    /** The types of the components around the resource, where there are any: its URN can be told from this and the mark. */
    readonly under?: string;
    /** The id of the thing, where it was adopted rather than made. */
    readonly adopted?: string;
    /** What happens when it leaves the program; absent for the default. */
    readonly onDelete?: OnDelete;
    readonly metadata?: Metadata;
}

export const markedInputs = {
    instance: v.string(),
    mark: v.string(),
    under: v.string(),
    adopted: v.string(),
    onDelete: v.picklist(ON_DELETE),
    metadata: v.record(v.string(), v.unknown()),
};

/** What to call a thing in sentences: by the resource's name, as what the program says of it may be secret. */
export function calledBy(mark: string | undefined, id: string | undefined): string {
    const name = parseMark(mark)?.name;
    return name === undefined ? (id ?? "") : `"${name}"`;
}

/** The keys of its metadata that the inputs declare. */
export function keysOf({ metadata }: Pick<Marked, "metadata">): string[] {
    return Object.keys(metadata ?? {});
}

/** The thing itself, and each key of its metadata that the inputs declare. */
export function claimsOf(id: string, inputs: Marked): string[] {
    return [id, ...keysOf(inputs).map((key) => `${id}/${key}`)];
}

/** The metadata that a thing is made with. */
export function metadataWithMark({ metadata, mark }: Marked): Metadata {
    return { ...metadata, ...(mark === undefined ? {} : { [MARK_KEY]: mark }) };
}

/** Begins to ask whether a thing that is to be made is there already. */
export function lookAhead<R extends MarkedRecord>(marks: Marks, finder: MarkFinder<R>, mark: string | undefined): void {
    if (mark !== undefined && marks.mayExist(mark)) void finder.find(mark);
}

/** The thing of a resource as it is now; warnings name others that carry its mark, and a stack that has taken it over. */
export async function readMarked<R extends MarkedRecord>(
    run: Run,
    reader: Reader<R>,
    id: string,
    { mark }: Marked,
): Promise<R | undefined> {
    const reading = await reader.read(id, mark);
    if (reading === undefined) return undefined;
    if (reading.twins.length > 0) run.warn(twinsOf(id, reading.twins));
    const taken = takenAway(id, reading.record.meta_data[MARK_KEY], mark);
    if (taken !== undefined) run.warn(taken);
    return reading.record;
}

function twinsOf(id: string, twins: readonly string[]): string {
    const others = twins.join(" and ");
    return (
        `the mark of ${id}, with which this stack goes on, is also on ${others}: a write of a run that was cut off came to be ` +
        `after all. Settle it in Blnk: move what money is there to ${id}, and set the key "pulumi" in the metadata of ` +
        `${others} to null`
    );
}

/** What a resource owns of all the metadata that a thing holds: its mark, and the keys that it declares. */
export function ownedOf(held: Metadata, declared: Marked): { mark?: string; metadata?: Metadata } {
    const mark = held[MARK_KEY];
    const keys = Object.keys(declared.metadata ?? {});
    return {
        // Spelled out as undefined where absent, to take the place of what the state remembered.
        metadata: undefined,
        mark: undefined,
        ...metadataOf(Object.fromEntries(keys.map((key) => [key, held[key] ?? null]))),
        ...(typeof mark === "string" ? { mark } : {}),
    } as { mark?: string; metadata?: Metadata };
}

/** All metadata that a thing holds, without the mark. */
export function visibleMetadata(held: Metadata): { metadata?: Metadata } {
    const { [MARK_KEY]: _mark, ...visible } = held;
    return metadataOf(visible);
}

/** Writes what differs between two declarations: changed keys whole, dropped keys as null, and a changed mark. */
export async function changeOwned(run: Run, id: string, before: Marked, now: Marked): Promise<void> {
    const old = metadataWithMark(before);
    const wanted = metadataWithMark(now);
    const changed = [...new Set([...Object.keys(old), ...Object.keys(wanted)])].filter(
        (key) => !sameJson(old[key], wanted[key]),
    );
    if (changed.length === 0) return;
    const patch = Object.fromEntries(changed.map((key): [string, Json] => [key, wanted[key] ?? null]));
    await run.metadata.change(run, id, (held) => {
        const mark = present(id, held)[MARK_KEY];
        // What is adopted from another stack is known by that stack's mark.
        const taken = mark === before.mark ? undefined : takenAway(id, mark, now.mark);
        if (taken !== undefined) throw new Error(taken);
        return patch;
    });
}
