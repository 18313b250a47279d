import type { Metadata } from "../blnk/metadata";
import type { MarkedRecord, Table } from "../blnk/records";
import { foreignMark, isRoomFor, noRoomToClaim } from "../creation/adoption";
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
 * Writes the difference between two declarations: changed keys whole, dropped keys as null, and a changed mark. Throws before
 * any write if a key holds another writer's value, or if the thing carries another mark.
 */
async function changeOwned(
    context: OperationContext,
    id: string,
    before: Marked & MarkedState,
    now: Marked,
    changesMore: boolean,
): Promise<void> {
    const isSame = before.mark === now.mark && sameJson(before.metadata ?? {}, now.metadata ?? {});
    // Other changes check the mark too: the thing may belong to another stack by now.
    if (isSame && !before.unsettled && !changesMore) return;
    await context.metadata.change(context, id, (held) => {
        const there = present(id, held);
        const { patch, taken, left } = compareOwned(id, there, before, now);
        if (taken.length > 0) throw new Error(takenKeys(id, taken));
        // If another resource of this run declares a key, that resource writes it.
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
 * The step of an update that writes the metadata that a resource owns. It first checks that the thing still belongs to this
 * stack, so it comes before all other steps, even if the metadata does not change.
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
    // The state keeps the new value of a key that may hold either one, and keeps a key that may or may not be cleared.
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

/** Checks, before any write, that a changed declaration overwrites no other writer's value. Throws if it would. */
export async function preflightOwned<R extends MarkedRecord>(
    context: OperationContext,
    table: Table<R>,
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
    const reading = await context.refreshReads.of(table).read(id, before.mark);
    // If the thing is gone, the update reports it.
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
