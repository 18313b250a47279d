import type { Table } from "../blnk/records";
import { findRecord } from "../blnk/records";
import { heldMark } from "./adoption";
import type { Created, Run } from "./lifecycle";
import type { MarkedRecord } from "./markedRows";
import type { MarkFinder } from "./markFinder";
import type { Marks } from "./marks";
import { postOrFind } from "./postOrFind";

/** What making a kind of marked thing takes. */
export interface MarkedKind<R extends MarkedRecord, Inputs, State> {
    readonly table: Table<R>;
    finder(marks: Marks): MarkFinder<R>;
    /** Sends the one POST. */
    post(run: Run, inputs: Inputs): Promise<R>;
    /** The state of a thing that was made, or found. */
    stateOf(record: R, inputs: Inputs): State;
    /** Whether a thing is what is declared, in what Blnk cannot change; absent where it can change everything. */
    matches?(run: Run, record: R, inputs: Inputs): Promise<boolean>;
    /** Names of what an update would change about a thing that was found. */
    changes(record: R, inputs: Inputs): readonly string[];
    /** Whether money has ever moved on it. */
    isUsed(run: Run, record: R): Promise<boolean>;
    update(run: Run, id: string, state: State, inputs: Inputs): Promise<State>;
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
export async function makeOnce<R extends MarkedRecord, Inputs extends OnceInputs, State>(
    run: Run,
    kind: MarkedKind<R, Inputs, State>,
    inputs: Inputs,
): Promise<Created<State>> {
    const { mark, adopted } = inputs;
    if (adopted !== undefined) {
        const record = await findRecord(run.blnk, kind.table, adopted);
        if (record === undefined) {
            // What has no mark is called by its id already.
            const what = mark === undefined ? "it" : adopted;
            throw new Error(`${what} is not in ${run.server}, and cannot be adopted.`);
        }
        refuseClaimed(run, adopted, record, mark);
        return { id: adopted, state: await kind.update(run, adopted, kind.stateOf(record, inputs), inputs) };
    }
    if (mark === undefined) throw new Error("it has no mark. Report this: nothing is made without one.");
    const finder = kind.finder(run.marks);
    const existing = await run.marks.there(finder, mark);
    const own = await ownOf(run, kind, inputs, existing);
    if (own.length > 0) {
        const record = await theOne(run, kind, own);
        const id = kind.table.idOf(record);
        const there = kind.stateOf(record, inputs);
        const changes = kind.changes(record, inputs).join(", ") || "none";
        run.inform(`takes back ${id}, which carries the mark of this ${kind.table.noun}; changes: ${changes}`);
        return { id, state: await kind.update(run, id, there, inputs) };
    }
    const others = new Set(existing.map(kind.table.idOf));
    const search = {
        /** What the server shows now, without what was left alone before. */
        look: async () =>
            ownOf(
                run,
                kind,
                inputs,
                (await finder.findNow(mark)).filter((row) => !others.has(kind.table.idOf(row))),
            ),
        choose: (records: readonly R[]) => theOne(run, kind, records),
    };
    const post = () => postOrFind(run, kind, inputs, mark, search);
    const made = await run.marks.make(finder, mark, { post, others });
    run.alive.noteMade(kind.table.idOf(made));
    return { id: kind.table.idOf(made), state: kind.stateOf(made, inputs) };
}

/** Throws where a thing has got the mark of another stack since the preview of its adoption looked. */
function refuseClaimed(run: Run, id: string, { meta_data }: MarkedRecord, mark: string | undefined): void {
    const [seen, held] = [run.seenMarks.get(id), heldMark(meta_data)];
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
    run: Run,
    kind: MarkedKind<R, Inputs, State>,
    inputs: Inputs,
    records: readonly R[],
): Promise<readonly R[]> {
    const free = records.filter((record) => isFree(run, kind.table.idOf(record)));
    const strange: string[] = [];
    for (const record of free) {
        if (!((await kind.matches?.(run, record, inputs)) ?? true)) strange.push(kind.table.idOf(record));
    }
    if (strange.length > 0) {
        run.warn(
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
function isFree(run: Run, id: string): boolean {
    return (run.alive.ownerOf(id) ?? run.urn) === run.urn;
}

/**
 * Of several things with one mark the oldest: the others are copies of its metadata, or made by writes that landed late.
 * Where money has moved on another one, somebody has to say which is which.
 */
async function theOne<R extends MarkedRecord, Inputs, State>(
    run: Run,
    kind: MarkedKind<R, Inputs, State>,
    records: readonly R[],
): Promise<R> {
    const [oldest, ...younger] = records;
    if (oldest === undefined) throw new Error("there is none to choose from");
    if (younger.length === 0) return oldest;
    const used: R[] = [];
    for (const record of records) if (await kind.isUsed(run, record)) used.push(record);
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
    run.warn(`${ids} carry one mark: ${id} is taken, as it is the oldest, and ${reason}`);
    return oldest;
}
