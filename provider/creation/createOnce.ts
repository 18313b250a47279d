import { findRecord, type MarkedRecord } from "../blnk/records";
import { heldMark } from "./adoption";
import { chooseTwin } from "./chooseTwin";
import type { CreationContext } from "./context";
import type { Creatable, Created } from "./creatable";
import { postOrFind } from "./postOrFind";

/** What can be created once: it carries a mark, or is adopted. */
export interface OnceInputs {
    readonly mark?: string;
    readonly adopted?: string;
}

/**
 * Creates a thing, or takes back the one that is located already, or brings an existing one under management. Sends a
 * second POST only where the first did nothing as far as can be told.
 */
export async function createOnce<
    Context extends CreationContext,
    R extends MarkedRecord,
    Inputs extends OnceInputs,
    State,
>(context: Context, kind: Creatable<Context, R, Inputs, State>, inputs: Inputs): Promise<Created<State>> {
    const { mark, adopted } = inputs;
    if (adopted !== undefined) return adopt(context, kind, inputs, adopted);
    if (mark === undefined) throw new Error("Internal error: the mark is missing. Please report it.");
    const { table } = kind;
    const locator = kind.locate(context, inputs, mark);
    const existing = await locator.existing();
    const own = await ownOf(context, kind, inputs, existing);
    if (own.length > 0) {
        const record = await chooseTwin(context, table, own);
        const id = table.idOf(record);
        const there = kind.stateOf(record, inputs);
        const changes = kind.changes(record, inputs).join(", ") || "none";
        context.inform(`takes back ${id}, which carries the mark of this ${table.noun}; changes: ${changes}`);
        return { id, state: await kind.update(context, id, there, inputs) };
    }
    const leftAlone = new Set(existing.map(table.idOf));
    const search = {
        locator,
        /** What the server shows now, without what was left alone before. */
        async look() {
            const shown = await locator.now();
            return ownOf(
                context,
                kind,
                inputs,
                shown.filter((row) => !leftAlone.has(table.idOf(row))),
            );
        },
    };
    const made = await locator.create(() => postOrFind(context, kind, inputs, mark, search), leftAlone);
    context.declarations.noteMade(table.idOf(made));
    return { id: table.idOf(made), state: kind.stateOf(made, inputs) };
}

async function adopt<Context extends CreationContext, R extends MarkedRecord, Inputs extends OnceInputs, State>(
    context: Context,
    kind: Creatable<Context, R, Inputs, State>,
    inputs: Inputs,
    id: string,
): Promise<Created<State>> {
    const record = await findRecord(context.blnk, kind.table, id);
    if (record === undefined) {
        // What has no mark is called by its id already.
        const what = inputs.mark === undefined ? "it" : id;
        throw new Error(`${what} is not in ${context.server}, and cannot be adopted.`);
    }
    refuseClaimed(context, id, record, inputs.mark);
    return { id, state: await kind.update(context, id, kind.stateOf(record, inputs), inputs) };
}

/** Throws where a thing has got the mark of another stack since the preview of its adoption looked. */
function refuseClaimed(
    context: CreationContext,
    id: string,
    { meta_data }: MarkedRecord,
    mark: string | undefined,
): void {
    const [seen, held] = [context.seenMarks.get(id), heldMark(meta_data)];
    if (seen === undefined || held === seen || held === null || held === mark) return;
    throw new Error(
        `${id} has got the mark ${held} since this run looked at it, and was not adopted. Run "pulumi preview" again.`,
    );
}

/**
 * Those of the things with a mark that are there to be taken. A mark can be copied: what is not as declared, in what cannot
 * be changed, is left alone and named.
 */
async function ownOf<Context extends CreationContext, R extends MarkedRecord, Inputs, State>(
    context: Context,
    kind: Creatable<Context, R, Inputs, State>,
    inputs: Inputs,
    records: readonly R[],
): Promise<readonly R[]> {
    const { idOf, noun } = kind.table;
    const free = records.filter((record) => isFree(context, idOf(record)));
    const strange: string[] = [];
    for (const record of free) {
        if (!((await kind.matches?.(context, record, inputs)) ?? true)) strange.push(idOf(record));
    }
    if (strange.length > 0) {
        context.warn(
            `${strange.join(" and ")} ${strange.length === 1 ? "carries" : "carry"} the mark of this ${noun} and ` +
                `differs from it in what Blnk cannot change, as where somebody has copied metadata: it is left alone. ` +
                `Set the key "pulumi" in its metadata to null`,
        );
    }
    return free.filter((record) => !strange.includes(idOf(record)));
}

/**
 * Whether a thing is there to be taken: not under another resource of this program. Under this one it is, as the engine may
 * replace a thing for reasons of its own, and its successor is then the thing itself.
 */
function isFree({ declarations, urn }: CreationContext, id: string): boolean {
    return (declarations.ownerOf(id) ?? urn) === urn;
}
