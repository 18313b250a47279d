import * as v from "valibot";
import { metadataRecord } from "../blnk/json";
import type { Metadata } from "../blnk/metadata";
import type { MarkedRecord, Table } from "../blnk/records";
import { heldMark, otherMark, takenAway } from "../creation/adoption";
import { MARK_KEY, parseMark } from "../marks/mark";
import { heldUnder, metadataOf } from "../metadata/metadata";
import { keysAt, positionsOf } from "../metadata/ownedKeys";
import { sameJson } from "../wire/json";
import type { OperationContext } from "./context";
import type { InputsOf } from "./lifecycle";
import { ON_DELETE } from "./onDelete";

/** The inputs that all marked things have in common. */
export const markedInputs = {
    /** The mark in the thing's metadata; absent if Blnk no longer holds it. */
    mark: v.string(),
    /** The thing's id, if it was adopted. */
    adopted: v.string(),
    /** What happens when it leaves the program; absent for the default policy. */
    onDelete: v.picklist(ON_DELETE),
    metadata: metadataRecord as v.GenericSchema<unknown, Metadata>,
    /** Whether the declared keys may replace values of other writers. */
    replaceExisting: v.boolean(),
};

export type Marked = InputsOf<typeof markedInputs, never>;

/** What the state holds of a marked thing besides its inputs. */
export interface MarkedState {
    /** The mark of another stack, if a refresh found it on the thing. */
    readonly takenBy?: string;
    /**
     * Present if the last update failed and its write could not be confirmed. Lists the positions, among the metadata keys in
     * the state sorted by name, of those that may still hold their older values.
     */
    readonly unsettled?: readonly number[];
    /** Positions, counted in the same way, of keys whose values a refresh found: another writer wrote them. */
    readonly drifted?: readonly number[];
}

/** The name of a thing in messages: the resource's name, because its inputs may be secret. */
export function displayName(mark: string | undefined, id: string | undefined): string {
    const name = parseMark(mark)?.name;
    return name === undefined ? (id ?? "") : `"${name}"`;
}

/** The metadata keys that the inputs declare. */
export function keysOf({ metadata }: Pick<Marked, "metadata">): string[] {
    return Object.keys(metadata ?? {});
}

/** The thing itself, and each metadata key that the inputs declare. */
export function claimsOf(id: string, inputs: Marked): string[] {
    return [id, ...keysOf(inputs).map((key) => `${id}/${key}`)];
}

/** The metadata that a thing is created with. */
export function metadataWithMark({ metadata, mark }: Marked): Metadata {
    return { ...metadata, ...(mark === undefined ? {} : { [MARK_KEY]: mark }) };
}

/** Reads a resource's thing. Warns about other things with its mark, and about another stack that has taken it over. */
export async function readMarked<R extends MarkedRecord>(
    context: OperationContext,
    table: Table<R>,
    id: string,
    state: Marked & MarkedState,
): Promise<R | undefined> {
    const reading = await context.refreshReads.of(table).read(id, state.mark);
    if (reading === undefined) return undefined;
    if (reading.twins.length > 0) context.warn(twinsWarning(id, reading.twins));
    const other = otherMark(reading.record.meta_data, state);
    if (other !== undefined) context.warn(takenAway(id, other));
    const isUnclaimed = state.mark === undefined && state.adopted !== undefined;
    const claimed = isUnclaimed ? heldMark(reading.record.meta_data) : null;
    if (parseMark(claimed) !== undefined) context.warn(sharedWarning(id, String(claimed)));
    return reading.record;
}

function sharedWarning(id: string, mark: string): string {
    return `${id} is adopted with claim: false, and carries the mark ${mark} of another stack: both stacks may change it`;
}

function twinsWarning(id: string, twins: readonly string[]): string {
    const others = twins.join(" and ");
    return (
        `${others} also ${twins.length === 1 ? "carries" : "carry"} the mark of ${id}, which this stack manages: a write from an interrupted run completed late, or an ` +
        `application copied the metadata. Resolve this in Blnk: move this stack's money to ${id}, and set the metadata key ` +
        `"pulumi" of ${others} to null`
    );
}

/** The part of a thing's metadata that a resource owns: its mark, and the keys that it declares. */
export function ownedOf(held: Metadata, declared: Marked): { mark?: string; metadata?: Metadata } {
    const mark = held[MARK_KEY];
    return {
        // Undefined where absent, so that these replace the values in the state.
        metadata: undefined,
        mark: undefined,
        ...metadataOf(Object.fromEntries(keysOf(declared).map((key) => [key, heldUnder(held, key)]))),
        ...(typeof mark === "string" ? { mark } : {}),
    } as { mark?: string; metadata?: Metadata };
}

/** The same for a refresh, which never takes another stack's mark for its own. */
export function refreshedOf(
    held: Metadata,
    state: Marked & MarkedState,
): MarkedState & { mark?: string; metadata?: Metadata } {
    const other = otherMark(held, state);
    const mark = heldMark(held);
    // A failed update was writing this mark. The next update decides which mark stays.
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

/** The owned keys that hold another writer's value: such a value stays when its key leaves the program. */
function driftOf(held: Metadata, { metadata = {}, drifted }: Marked & MarkedState): number[] | undefined {
    const known = keysAt(drifted, metadata);
    const present = metadataOf(Object.fromEntries(Object.keys(metadata).map((key) => [key, heldUnder(held, key)])));
    const others = Object.entries(present.metadata ?? {})
        .filter(([key, value]) => known?.has(key) || !sameJson(metadata[key], value))
        .map(([key]) => key);
    return others.length === 0 ? undefined : positionsOf(others, present.metadata ?? {});
}

/** All metadata of a thing, without the mark. */
export function visibleMetadata(held: Metadata): { metadata?: Metadata } {
    const { [MARK_KEY]: _mark, ...visible } = held;
    return metadataOf(visible);
}
