import type { Connection } from "../blnk/connection";
import { BlnkError, type Fault } from "../blnk/errors";
import { allRecords, findRecord, type Table } from "../blnk/records";
import { Batcher } from "./batcher";

/** Failures of a question about many that say nothing of each: a Core's read-only key, for one, may read but not filter. */
const ABOUT_THE_QUESTION: readonly Fault[] = ["forbidden", "refused", "not found", "unreadable"];

/** Reads records of one table by their ids, many with one question; what it does not show is looked at by itself. */
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

    /** The record as it is now, or undefined where it is not there: that takes more witnesses than one answer. */
    async read(id: string): Promise<R | undefined> {
        const row = await this.questions.ask(id).catch(nothingLearnt);
        return row ?? findRecord(this.connection, this.table, id);
    }
}

/** For a question about many that failed: nothing where each is to be asked about by itself; else it throws. */
export function nothingLearnt(error: unknown): undefined {
    if (error instanceof BlnkError && ABOUT_THE_QUESTION.includes(error.fault)) return undefined;
    throw error;
}
