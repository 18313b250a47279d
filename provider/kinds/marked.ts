import * as v from "valibot";
import { metadataRecord } from "../blnk/json";
import type { Metadata } from "../blnk/metadata";
import type { MarkedRecord } from "../blnk/records";
import { heldMark, otherMark, takenAway } from "../creation/adoption";
import type { BatchReader } from "../marks/batchReader";
import { MARK_KEY, parseMark } from "../marks/mark";
import { heldUnder, metadataOf } from "../metadata/metadata";
import { keysAt, positionsOf } from "../metadata/ownedKeys";
import { sameJson } from "../wire/json";
import type { OperationContext } from "./context";
import type { InputsOf } from "./lifecycle";
import { ON_DELETE } from "./onDelete";

/** What every thing that we create and mark has among its inputs, besides its own. */
export const markedInputs = {
    /** The mark in the thing's metadata; absent where Blnk has lost it. */
    mark: v.string(),
    /** The id of the thing, where it was adopted rather than created. */
    adopted: v.string(),
    /** What happens when it leaves the program; absent for the default. */
    onDelete: v.picklist(ON_DELETE),
    metadata: metadataRecord as v.GenericSchema<unknown, Metadata>,
    /** Whether values that somebody else put under the declared keys may be replaced. */
    replaceExisting: v.boolean(),
};

export type Marked = InputsOf<typeof markedInputs, never>;

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

/** The thing of a resource as it is now; warnings name others that carry its mark, and a stack that has taken it over. */
export async function readMarked<R extends MarkedRecord>(
    context: OperationContext,
    reader: BatchReader<R>,
    id: string,
    state: Marked & MarkedState,
): Promise<R | undefined> {
    const reading = await reader.read(id, state.mark);
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
    return `${id} is adopted with claim: false, and carries the mark ${mark} of another stack: both stacks may change it`;
}

function twinsOf(id: string, twins: readonly string[]): string {
    const others = twins.join(" and ");
    return (
        `${others} also ${twins.length === 1 ? "carries" : "carry"} the mark of ${id}, which this stack manages: a write from an interrupted run completed late, or an ` +
        `application copied the metadata. Resolve this in Blnk: move this stack's money to ${id}, and set the metadata key ` +
        `"pulumi" of ${others} to null`
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
