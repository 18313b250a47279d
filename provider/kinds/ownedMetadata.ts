import type { Metadata } from "../blnk/metadata";
import type { MarkedRecord } from "../blnk/records";
import { foreignMark, isRoomFor, noRoomToClaim } from "../creation/adoption";
import type { BatchReader } from "../marks/batchReader";
import { MARK_KEY } from "../marks/mark";
import { mergedKeys, metadataOf, present, refuseTooLarge } from "../metadata/metadata";
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
import type { OperationContext } from "./context";
import type { Marked, MarkedState } from "./marked";
import type { Step } from "./partialFailure";

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
