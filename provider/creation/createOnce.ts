import type { Table } from "../blnk/records";
import { findRecord } from "../blnk/records";
import type { Created, OperationContext } from "../kinds/lifecycle";
import type { ExistingByMark } from "../marks/existingByMark";
import type { MarkIndex } from "../marks/markIndex";
import type { MarkedRecord } from "../marks/markQuery";
import { heldMark } from "./adoption";
import { postOrFind } from "./postOrFind";

/** What making a kind of marked thing takes. */
export interface MarkedKind<R extends MarkedRecord, Inputs, State> {
    readonly table: Table<R>;
    finder(marks: MarkIndex): ExistingByMark<R>;
    /** Sends the one POST. */
    post(context: OperationContext, inputs: Inputs): Promise<R>;
    /** The state of a thing that was made, or found. */
    stateOf(record: R, inputs: Inputs): State;
    /** Whether a thing is what is declared, in what Blnk cannot change; absent where it can change everything. */
    matches?(context: OperationContext, record: R, inputs: Inputs): Promise<boolean>;
    /** Names of what an update would change about a thing that was found. */
    changes(record: R, inputs: Inputs): readonly string[];
    /** Whether money has ever moved on it. */
    isUsed(context: OperationContext, record: R): Promise<boolean>;
    update(context: OperationContext, id: string, state: State, inputs: Inputs): Promise<State>;
}

/** What can be made once: by its mark, or not at all where it is adopted. */
interface OnceInputs {
    readonly mark?: string;
    readonly adopted?: string;
}

/**
 * Makes a marked thing, or takes back the one that carries its mark already, or brings an existing one under management.
 * Sends a second POST only where the first did nothing as far as can be told.
 */
export async function createOnce<R extends MarkedRecord, Inputs extends OnceInputs, State>(
    context: OperationContext,
    kind: MarkedKind<R, Inputs, State>,
    inputs: Inputs,
): Promise<Created<State>> {
    const { mark, adopted } = inputs;
    if (adopted !== undefined) {
        const record = await findRecord(context.blnk, kind.table, adopted);
        if (record === undefined) {
            // What has no mark is called by its id already.
            const what = mark === undefined ? "it" : adopted;
            throw new Error(`${what} is not in ${context.server}, and cannot be adopted.`);
        }
        refuseClaimed(context, adopted, record, mark);
        return { id: adopted, state: await kind.update(context, adopted, kind.stateOf(record, inputs), inputs) };
    }
    if (mark === undefined) throw new Error("it has no mark. Report this: nothing is made without one.");
    const finder = kind.finder(context.markIndex);
    const existing = await context.markIndex.there(finder, mark);
    const own = await ownOf(context, kind, inputs, existing);
    if (own.length > 0) {
        const record = await chooseTwin(context, kind, own);
        const id = kind.table.idOf(record);
        const there = kind.stateOf(record, inputs);
        const changes = kind.changes(record, inputs).join(", ") || "none";
        context.inform(`takes back ${id}, which carries the mark of this ${kind.table.noun}; changes: ${changes}`);
        return { id, state: await kind.update(context, id, there, inputs) };
    }
    const others = new Set(existing.map(kind.table.idOf));
    const search = {
        /** What the server shows now, without what was left alone before. */
        look: async () =>
            ownOf(
                context,
                kind,
                inputs,
                (await finder.findNow(mark)).filter((row) => !others.has(kind.table.idOf(row))),
            ),
        choose: (records: readonly R[]) => chooseTwin(context, kind, records),
    };
    const post = () => postOrFind(context, kind, inputs, mark, search);
    const made = await context.markIndex.make(finder, mark, { post, others });
    context.declarations.noteMade(kind.table.idOf(made));
    return { id: kind.table.idOf(made), state: kind.stateOf(made, inputs) };
}

/** Throws where a thing has got the mark of another stack since the preview of its adoption looked. */
function refuseClaimed(
    context: OperationContext,
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
async function ownOf<R extends MarkedRecord, Inputs, State>(
    context: OperationContext,
    kind: MarkedKind<R, Inputs, State>,
    inputs: Inputs,
    records: readonly R[],
): Promise<readonly R[]> {
    const free = records.filter((record) => isFree(context, kind.table.idOf(record)));
    const strange: string[] = [];
    for (const record of free) {
        if (!((await kind.matches?.(context, record, inputs)) ?? true)) strange.push(kind.table.idOf(record));
    }
    if (strange.length > 0) {
        context.warn(
            `${strange.join(" and ")} ${strange.length === 1 ? "carries" : "carry"} the mark of this ${kind.table.noun} and ` +
                `differs from it in what Blnk cannot change, as where somebody has copied metadata: it is left alone. ` +
                `Set the key "pulumi" in its metadata to null`,
        );
    }
    return free.filter((record) => !strange.includes(kind.table.idOf(record)));
}

/**
 * Whether a thing is there to be taken: not under another resource of this program. Under this one it is, as the engine may
 * replace a thing for reasons of its own, and its successor is then the thing itself.
 */
function isFree(context: OperationContext, id: string): boolean {
    return (context.declarations.ownerOf(id) ?? context.urn) === context.urn;
}

/**
 * Of several things with one mark the oldest: the others are copies of its metadata, or made by writes that landed late.
 * Where money has moved on another one, somebody has to say which is which.
 */
async function chooseTwin<R extends MarkedRecord, Inputs, State>(
    context: OperationContext,
    kind: MarkedKind<R, Inputs, State>,
    records: readonly R[],
): Promise<R> {
    const [oldest, ...younger] = records;
    if (oldest === undefined) throw new Error("there is none to choose from");
    if (younger.length === 0) return oldest;
    const used: R[] = [];
    for (const record of records) if (await kind.isUsed(context, record)) used.push(record);
    const ids = records.map(kind.table.idOf).join(" and ");
    const id = kind.table.idOf(oldest);
    if (used.some((record) => record !== oldest)) {
        const moved = used.map(kind.table.idOf).join(" and ");
        throw new Error(
            `${ids} carry one mark: ${id} is the oldest, and money has moved on ${moved}. Settle it in Blnk: find out which one ` +
                `is this stack's, move the money of the others there if it belongs there, and set the key "pulumi" in the ` +
                `metadata of the others to null. Then run again.`,
        );
    }
    const reason = used.length === 0 ? "money has moved on none" : "money has moved on no other";
    context.warn(`${ids} carry one mark: ${id} is taken, as it is the oldest, and ${reason}`);
    return oldest;
}
