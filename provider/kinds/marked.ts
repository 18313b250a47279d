import * as v from "valibot";
import { metadataRecord } from "../blnk/json";
import type { Metadata } from "../blnk/metadata";
import { foreignMark, heldMark, isRoomFor, noRoomToClaim, otherMark, takenAway } from "../creation/adoption";
import type { BatchReader } from "../marks/batchReader";
import type { ExistingByMark } from "../marks/existingByMark";
import { MARK_KEY, parseMark } from "../marks/mark";
import type { MarkIndex } from "../marks/markIndex";
import type { MarkedRecord } from "../marks/markQuery";
import { heldUnder, mergedKeys, metadataOf, present, refuseTooLarge } from "../metadata/metadata";
import {
    changeOfKeys,
    keysAt,
    leftKeys,
    mustCompareKeys,
    type OwnedChange,
    positionsOf,
    replacedKeys,
    takenKeys,
} from "../metadata/ownedKeys";
import { sameJson } from "../wire/json";
import type { OperationContext } from "./lifecycle";
import { ON_DELETE, type OnDelete } from "./onDelete";
import type { Step } from "./partialFailure";

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
    /** Whether values that somebody else put under the declared keys may be replaced. */
    readonly replaceExisting?: boolean;
}

/** What a stack remembers of a marked thing besides its inputs. */
export interface MarkedState {
    /** The mark of another stack, where a refresh found that one on the thing. */
    readonly takenBy?: string;
    /**
     * There where the last update failed, and what it wrote was not seen to last. Positions, among the remembered keys of
     * metadata by name, of those that may still hold what they held before.
     */
    readonly unsettled?: readonly number[];
    /** Positions, in the same way, of keys whose values a refresh has found: somebody else wrote them. */
    readonly drifted?: readonly number[];
}

export const markedInputs = {
    instance: v.string(),
    mark: v.string(),
    under: v.string(),
    adopted: v.string(),
    onDelete: v.picklist(ON_DELETE),
    metadata: metadataRecord,
    replaceExisting: v.boolean(),
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
export function lookAhead<R extends MarkedRecord>(
    marks: MarkIndex,
    finder: ExistingByMark<R>,
    mark: string | undefined,
): void {
    if (mark !== undefined && marks.mayExist(mark)) void finder.find(mark);
}

/** The thing of a resource as it is now; warnings name others that carry its mark, and a stack that has taken it over. */
export async function readMarked<R extends MarkedRecord>(
    context: OperationContext,
    reader: BatchReader<R>,
    id: string,
    state: Marked & MarkedState,
): Promise<R | undefined> {
    const reading = await context.gone.around(() => reader.read(id, state.mark));
    if (reading === undefined) return undefined;
    if (reading.twins.length > 0) context.warn(twinsOf(id, reading.twins));
    const other = otherMark(reading.record.meta_data, state);
    if (other !== undefined) context.warn(takenAway(id, other));
    const isUnclaimed = state.mark === undefined && state.adopted !== undefined;
    const claimed = isUnclaimed ? heldMark(reading.record.meta_data) : null;
    if (parseMark(claimed) !== undefined) context.warn(sharedWith(id, String(claimed)));
    return reading.record;
}

function sharedWith(id: string, mark: string): string {
    return `${id} is adopted here without a claim, and carries the mark ${mark} of another stack: both may change it`;
}

function twinsOf(id: string, twins: readonly string[]): string {
    const others = twins.join(" and ");
    return (
        `${others} also ${twins.length === 1 ? "carries" : "carry"} the mark of ${id}, which this stack manages: a write from an interrupted run completed late, or an ` +
        `application has copied the metadata. Settle it in Blnk: move money of this stack to ${id}, and set the key "pulumi" in ` +
        `the metadata of ${others} to null`
    );
}

/** What a resource owns of all the metadata that a thing holds: its mark, and the keys that it declares. */
export function ownedOf(held: Metadata, declared: Marked): { mark?: string; metadata?: Metadata } {
    const mark = held[MARK_KEY];
    return {
        // Spelled out as undefined where absent, to take the place of what the state remembered.
        metadata: undefined,
        mark: undefined,
        ...metadataOf(Object.fromEntries(keysOf(declared).map((key) => [key, heldUnder(held, key)]))),
        ...(typeof mark === "string" ? { mark } : {}),
    } as { mark?: string; metadata?: Metadata };
}

/** The same as a refresh sees it: another stack's mark never becomes this one's own. */
export function refreshedOf(
    held: Metadata,
    state: Marked & MarkedState,
): MarkedState & { mark?: string; metadata?: Metadata } {
    const other = otherMark(held, state);
    const mark = heldMark(held);
    // It carries a mark that an update was writing when it failed: which one it is to be, the next update tells.
    const isOpen = state.unsettled && other === undefined && mark !== state.mark && parseMark(mark) !== undefined;
    const isKept = isOpen || other !== undefined || mark === state.mark;
    const seen: object = {
        mark: isKept ? state.mark : undefined,
        takenBy: other,
        unsettled: isOpen ? [] : undefined,
        drifted: driftOf(held, state),
    };
    return { ...ownedOf(held, state), ...seen };
}

/** Which of the keys that a resource owns hold what somebody else wrote: it stays when the key leaves the program. */
function driftOf(held: Metadata, { metadata = {}, drifted }: Marked & MarkedState): number[] | undefined {
    const known = keysAt(drifted, metadata);
    const present = metadataOf(Object.fromEntries(Object.keys(metadata).map((key) => [key, heldUnder(held, key)])));
    const others = Object.entries(present.metadata ?? {})
        .filter(([key, value]) => known?.has(key) || !sameJson(metadata[key], value))
        .map(([key]) => key);
    return others.length === 0 ? undefined : positionsOf(others, present.metadata ?? {});
}

/** All metadata that a thing holds, without the mark. */
export function visibleMetadata(held: Metadata): { metadata?: Metadata } {
    const { [MARK_KEY]: _mark, ...visible } = held;
    return metadataOf(visible);
}

/**
 * Writes what differs between two declarations: changed keys whole, dropped keys as null, and a changed mark. Throws before
 * anything is written where a key holds what somebody else put there, or where the thing carries another mark.
 */
async function changeOwned(
    context: OperationContext,
    id: string,
    before: Marked & MarkedState,
    now: Marked,
    changesMore: boolean,
): Promise<void> {
    const isSame = before.mark === now.mark && sameJson(before.metadata ?? {}, now.metadata ?? {});
    // Whose the thing is counts for every change.
    if (isSame && !before.unsettled && !changesMore) return;
    await context.metadata.change(context, id, (held) => {
        const there = present(id, held);
        const { patch, taken, left } = compareOwned(id, there, before, now);
        if (taken.length > 0) throw new Error(takenKeys(id, taken));
        // A key that another resource of this run declares is that one's to write.
        const isElsewhere = (key: string) =>
            ![undefined, context.urn].includes(context.declarations.ownerOf(`${id}/${key}`));
        const own = Object.entries(patch).filter(
            ([key]) => Object.hasOwn(now.metadata ?? {}, key) || !isElsewhere(key),
        );
        const notOwn = left.filter((key) => !isElsewhere(key));
        if (notOwn.length > 0) context.warn(leftKeys(id, notOwn));
        return mergedKeys(Object.fromEntries(own), markChange(before, now));
    });
}

/**
 * The step of an update that changes what a resource owns of a thing's metadata, and sees first whose the thing is. It is the
 * first one, also where only something else changes.
 */
export function metadataStep<State extends Marked & MarkedState>(
    context: OperationContext,
    id: string,
    before: State,
    now: Marked,
    changesMore: boolean,
): Step<Marked & MarkedState> {
    const { mark, metadata } = now;
    const settled: object = { drifted: undefined };
    // A key that may hold either value is remembered with the new one; one that may be cleared stays remembered.
    const either = mergedKeys(before.metadata ?? {}, metadata ?? {});
    const oldMark = before.mark ?? mark;
    const dropped: object = { metadata: undefined };
    const older = new Set([...Object.keys(before.metadata ?? {}), ...(unsettledKeys(before) ?? [])]);
    return {
        act: () => changeOwned(context, id, before, now, changesMore),
        done: { ...(mark === undefined ? {} : { mark }), ...dropped, ...settled, ...metadataOf(metadata) },
        attempted: {
            ...(oldMark === undefined ? {} : { mark: oldMark }),
            ...metadataOf(either),
            unsettled: positionsOf(older, either),
        },
    };
}

/** Looks, before anything is done, whether a changed declaration meets what somebody else put there. Throws where it does. */
export async function preflightOwned<R extends MarkedRecord>(
    context: OperationContext,
    reader: BatchReader<R>,
    id: string,
    before: Marked & MarkedState,
    now: Partial<Marked>,
    changesMore: boolean,
): Promise<void> {
    const mustLook =
        changesMore ||
        before.unsettled !== undefined ||
        before.mark !== now.mark ||
        mustCompareKeys({ before: before.metadata ?? {}, now: now.metadata ?? {} });
    if (!mustLook) return;
    const reading = await reader.read(id, before.mark);
    // Of what is gone the update tells.
    if (reading === undefined) return;
    const held = reading.record.meta_data;
    const { patch, taken, replaced } = compareOwned(id, held, before, now);
    if (taken.length > 0) throw new Error(takenKeys(id, taken));
    if (replaced.length > 0) context.inform(replacedKeys(id, replaced));
    refuseTooLarge(id, held, mergedKeys(patch, markChange(before, now)));
}

function compareOwned(id: string, held: Metadata, before: Marked & MarkedState, now: Partial<Marked>): OwnedChange {
    const foreign = foreignMark(id, held, before, now);
    if (foreign !== undefined) throw new Error(foreign);
    const marked = markChange(before, now);
    if (before.mark === undefined && now.adopted !== undefined && !isRoomFor(held, marked)) {
        throw new Error(`${noRoomToClaim(id, held, marked)}.`);
    }
    return changeOfKeys({
        before: before.metadata ?? {},
        now: now.metadata ?? {},
        held,
        replaceExisting: now.replaceExisting,
        unsettled: unsettledKeys(before),
        drifted: keysAt(before.drifted, before.metadata ?? {}),
    });
}

function unsettledKeys({ unsettled, metadata }: Marked & MarkedState): ReadonlySet<string> | undefined {
    return keysAt(unsettled, metadata ?? {});
}

function markChange({ mark: old, unsettled }: Marked & MarkedState, { mark }: Partial<Marked>): Metadata {
    return mark === undefined || (mark === old && !unsettled) ? {} : { [MARK_KEY]: mark };
}
