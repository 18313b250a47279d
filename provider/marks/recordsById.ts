import type { Connection } from "../blnk/connection";
import { BlnkError, type Fault } from "../blnk/errors";
import { allRecords, findRecord, type Table } from "../blnk/records";
import { Batcher } from "./batcher";

/** Failures of a batch that say nothing of its single records. For example, a Core's read-only key may read but not filter. */
const ABOUT_THE_BATCH: readonly Fault[] = ["forbidden", "refused", "not found", "unreadable"];

/** Reads records of one table by their ids, many with one question. It reads missing ones again, one by one. */
export class RecordsById<R> {
    private readonly questions: Batcher<R>;

    constructor(
        private readonly connection: Connection,
        private readonly table: Table<R>,
    ) {
        this.questions = new Batcher(async (ids) => {
            const filter = [{ field: table.idField, operator: "in" as const, values: ids }];
            const rows = await allRecords(connection, table, filter, { most: ids.length });
            return new Map(rows.map((row) => [table.idOf(row), row]));
        });
    }

    /** The record as it is now. Undefined when it does not exist, which needs more proof than one answer. */
    async read(id: string): Promise<R | undefined> {
        const row = await this.questions.ask(id).catch(undefinedIfRefused);
        return row ?? findRecord(this.connection, this.table, id);
    }
}

/** Handles a failed batch: undefined if each record must be read alone, otherwise it throws the error. */
export function undefinedIfRefused(error: unknown): undefined {
    if (error instanceof BlnkError && ABOUT_THE_BATCH.includes(error.fault)) return undefined;
    throw error;
}
