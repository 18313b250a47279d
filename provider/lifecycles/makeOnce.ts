import { setTimeout as wait } from "node:timers/promises";
import { BlnkError } from "../blnk/errors";
import { findRecord, type Table } from "../blnk/records";
import type { Created, Run } from "./lifecycle";
import type { MarkedRecord } from "./markedRows";
import type { MarkFinder } from "./markFinder";
import type { Marks } from "./marks";

/** After a POST whose outcome is unknown its mark is asked for so often; waits in units of the policy's first wait. */
const SEARCH_WAITS = [1, 2, 4, 8, 16];

/** What making a kind of marked thing takes. */
export interface MarkedKind<R extends MarkedRecord, Inputs, State> {
    readonly table: Table<R>;
    finder(marks: Marks): MarkFinder<R>;
    /** Sends the one POST. */
    post(run: Run, inputs: Inputs): Promise<R>;
    /** The state of a thing that was made, or found. */
    stateOf(record: R, inputs: Inputs): State;
    /** Whether money has ever moved on it. */
    isUsed(run: Run, record: R): Promise<boolean>;
    update(run: Run, id: string, state: State, inputs: Inputs): Promise<State>;
}

/**
 * Makes a marked thing, or takes back the one that carries its mark already, or brings an existing one under management.
 * Never sends a second POST.
 */
export async function makeOnce<
    R extends MarkedRecord,
    Inputs extends { readonly mark?: string; readonly adopted?: string },
    State,
>(run: Run, kind: MarkedKind<R, Inputs, State>, inputs: Inputs): Promise<Created<State>> {
    const { mark, adopted } = inputs;
    if (adopted !== undefined) {
        const record = await findRecord(run.blnk, kind.table, adopted);
        if (record === undefined) {
            // What has no mark is called by its id already.
            const what = mark === undefined ? "it" : adopted;
            throw new Error(`${what} is not in ${run.server}, and cannot be adopted.`);
        }
        return { id: adopted, state: await kind.update(run, adopted, kind.stateOf(record, inputs), inputs) };
    }
    if (mark === undefined) throw new Error("it has no mark. Report this: nothing is made without one.");
    const finder = kind.finder(run.marks);
    const existing = await run.marks.there(finder, mark);
    const free = existing.filter((record) => isFree(run, kind.table.idOf(record)));
    if (free.length > 0) {
        const record = await theOne(run, kind, free);
        const id = kind.table.idOf(record);
        run.inform(`takes back ${id}, which carries the mark of this ${kind.table.noun}`);
        return { id, state: await kind.update(run, id, kind.stateOf(record, inputs), inputs) };
    }
    const made = await run.marks.make(finder, mark, () => postOrFind(run, kind, inputs, mark));
    run.alive.noteMade(kind.table.idOf(made));
    return { id: kind.table.idOf(made), state: kind.stateOf(made, inputs) };
}

async function postOrFind<R extends MarkedRecord, Inputs, State>(
    run: Run,
    kind: MarkedKind<R, Inputs, State>,
    inputs: Inputs,
    mark: string,
): Promise<R> {
    try {
        return await kind.post(run, inputs);
    } catch (error) {
        if (!(error instanceof BlnkError) || !error.mayHaveActed) throw error;
        for (const units of SEARCH_WAITS) {
            await wait(units * run.blnk.policy.firstWaitMs);
            const found = await kind
                .finder(run.marks)
                .findNow(mark)
                .catch(() => []);
            const made = found.find((record) => isFree(run, kind.table.idOf(record)));
            if (made !== undefined) return made;
        }
        throw new Error(
            `${error.message} It was looked for since, and not found; it may still come to be. ` +
                `Run again: what has been made is found by its mark, nothing is lost and nothing is made twice.`,
            { cause: error },
        );
    }
}

/**
 * Whether a thing is there to be taken: not under another resource of this program. Under this one it is, as the engine may
 * replace a thing for reasons of its own, and its successor is then the thing itself.
 */
function isFree(run: Run, id: string): boolean {
    return (run.alive.ownerOf(id) ?? run.urn) === run.urn;
}

/**
 * Of several things with one mark, which only a write that landed after a dead run's question can make: the one that money
 * has moved on, else the oldest.
 */
async function theOne<R extends MarkedRecord, Inputs, State>(
    run: Run,
    kind: MarkedKind<R, Inputs, State>,
    records: readonly R[],
): Promise<R> {
    const [oldest] = records;
    if (oldest === undefined) throw new Error("there is none to choose from");
    if (records.length === 1) return oldest;
    const used: R[] = [];
    for (const record of records) if (await kind.isUsed(run, record)) used.push(record);
    const ids = records.map(kind.table.idOf).join(" and ");
    if (used.length > 1) {
        throw new Error(
            `${ids} carry one mark, and money has moved on ${used.map(kind.table.idOf).join(" and ")}. ` +
                `Settle it in Blnk: move the money of one to the other, and set the key "pulumi" in the metadata of the ` +
                `emptied one to null. Then run again.`,
        );
    }
    const chosen = used[0] ?? oldest;
    const reason = used.length === 1 ? "money has moved on it" : "it is the oldest, and money has moved on none";
    run.warn(`${ids} carry one mark: ${kind.table.idOf(chosen)} is taken, as ${reason}`);
    return chosen;
}
