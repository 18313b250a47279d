import { findRecord, type MarkedRecord } from "../blnk/records";
import { heldMark } from "./adoption";
import { chooseTwin } from "./chooseTwin";
import type { CreationContext } from "./context";
import type { Creatable, Created } from "./creatable";
import { postOrFind } from "./postOrFind";

/** The inputs of a thing that is created once. It has a mark or is adopted. */
export interface OnceInputs {
    readonly mark?: string;
    readonly adopted?: string;
}

/**
 * Creates a thing, takes back an existing one with its mark, or adopts one by its id. Sends a second POST only if the first
 * one seems to have done nothing.
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
        /** What the server shows now, without things that were refused before. */
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
    const created = await locator.create(() => postOrFind(context, kind, inputs, mark, search), leftAlone);
    context.declarations.noteMade(table.idOf(created));
    return { id: table.idOf(created), state: kind.stateOf(created, inputs) };
}

async function adopt<Context extends CreationContext, R extends MarkedRecord, Inputs extends OnceInputs, State>(
    context: Context,
    kind: Creatable<Context, R, Inputs, State>,
    inputs: Inputs,
    id: string,
): Promise<Created<State>> {
    const record = await findRecord(context.blnk, kind.table, id);
    if (record === undefined) {
        // Without a mark the error already names the resource by its id.
        const what = inputs.mark === undefined ? "it" : id;
        throw new Error(`${what} does not exist in ${context.server}, so it cannot be adopted. Check the id.`);
    }
    refuseClaimed(context, id, record, inputs.mark);
    return { id, state: await kind.update(context, id, kind.stateOf(record, inputs), inputs) };
}

/** Throws if the mark of a thing has changed since its check read it: another stack may be adopting it. */
function refuseClaimed(
    context: CreationContext,
    id: string,
    { meta_data }: MarkedRecord,
    mark: string | undefined,
): void {
    const [seen, held] = [context.seenMarks.get(id), heldMark(meta_data)];
    if (seen === undefined || held === seen || held === null || held === mark) return;
    throw new Error(
        `${id} was not adopted: its mark has changed to ${held} since this run first read it. Run "pulumi preview" again.`,
    );
}

/**
 * The things with a mark that this resource may take. A mark can be copied: things whose immutable values differ are left
 * alone, and a warning names them.
 */
async function ownOf<Context extends CreationContext, R extends MarkedRecord, Inputs, State>(
    context: Context,
    kind: Creatable<Context, R, Inputs, State>,
    inputs: Inputs,
    records: readonly R[],
): Promise<readonly R[]> {
    const { idOf, noun } = kind.table;
    const free = records.filter((record) => isFree(context, idOf(record)));
    const different: string[] = [];
    for (const record of free) {
        if (!((await kind.matches?.(context, record, inputs)) ?? true)) different.push(idOf(record));
    }
    if (different.length > 0) {
        context.warn(
            `the mark of this ${noun} is on ${different.join(" and ")}, but values there that Blnk cannot change differ from ` +
                `the declared ones: the metadata was probably copied. Nothing was changed there. ` +
                `Set the key "pulumi" in that metadata to null`,
        );
    }
    return free.filter((record) => !different.includes(idOf(record)));
}

/**
 * Whether a thing is free: no other resource of this program has it. This resource may have it already, when the engine
 * replaces the resource for reasons of its own: the replacement then takes the same thing.
 */
function isFree({ declarations, urn }: CreationContext, id: string): boolean {
    return (declarations.ownerOf(id) ?? urn) === urn;
}
