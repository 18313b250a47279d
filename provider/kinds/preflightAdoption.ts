import { findRecord, type MarkedRecord, type Table } from "../blnk/records";
import { type Adoption, adopts, heldMark, markProblems, metadataChanges, type Preflight } from "../creation/adoption";
import type { OperationContext } from "./context";
import type { Marked } from "./marked";

/** An existing thing beside its declaration, for what a kind has besides metadata and a mark. */
interface Compared<Inputs> {
    /** The inputs, those left out filled in as they are in Blnk. */
    readonly inputs: Partial<Inputs>;
    /** What people know the thing by. */
    readonly label: string;
    /** Which properties an update would change. */
    readonly changes: readonly string[];
    readonly problems: readonly string[];
}

/** Reads a marked thing that a program adopts, before any write; undefined if it adopts none. */
export async function preflightAdoption<R extends MarkedRecord, Inputs extends Marked>(
    { blnk, server }: Pick<OperationContext, "blnk" | "server">,
    table: Table<R>,
    inputs: Partial<Inputs>,
    adoption: Adoption | undefined,
    compare: (record: R, adoption: Adoption) => Compared<Inputs>,
): Promise<Preflight<Inputs> | undefined> {
    if (adoption === undefined) return undefined;
    const { id } = adoption;
    const record = await findRecord(blnk, table, id);
    if (record === undefined) {
        return { inputs, problems: [`cannot adopt ${table.noun} ${id}: it was not found in ${server}`] };
    }
    const held = record.meta_data;
    const mark = heldMark(held);
    const compared = compare(record, adoption);
    const changes = [...compared.changes, ...metadataChanges(inputs.metadata, held)];
    return {
        inputs: compared.inputs,
        problems: [...markProblems(adoption, mark), ...compared.problems],
        mark,
        held,
        says: adopts(id, compared.label, changes, mark),
    };
}
