import type { Connection } from "../blnk/connection";
import type { MarkedRecord, Table } from "../blnk/records";
import { Batcher } from "./batcher";
import { type ByMark, MarkQuery } from "./markQuery";
import { RecordsById, undefinedIfRefused } from "./recordsById";

/** A thing as it is now. */
export interface Reading<R> {
    readonly record: R;
    /** Ids of other things with the same mark. */
    readonly twins: readonly string[];
}

/**
 * Reads things of one table that a stack knows, many with one question. It reads by mark first: marks can be listed in pages,
 * and they show twins. It reads by id what the marks do not show. Each answer is used once: a second read asks again.
 */
export class BatchReader<R extends MarkedRecord> {
    private readonly rows: MarkQuery<R>;
    /** Marks that were read before the list. Their rows in the list are dropped, because the first answer was used. */
    private readonly asked = new Set<string>();
    private readonly byMark = new Batcher<readonly R[]>((marks) => this.withMarks(marks));

    constructor(
        connection: Connection,
        private readonly table: Table<R>,
        /** Called with the rows of the list. */
        onListed?: (rows: readonly R[]) => void,
        private readonly byId = new RecordsById(connection, table),
    ) {
        this.rows = new MarkQuery(connection, table, onListed);
    }

    /** The thing with this id, which should carry the mark (if one is given). Undefined when it is gone. */
    async read(id: string, mark?: string): Promise<Reading<R> | undefined> {
        const rows = mark === undefined ? [] : await this.byMark.ask(mark).catch(undefinedIfRefused);
        const own = rows?.find((row) => this.table.idOf(row) === id);
        const record = own ?? (await this.byId.read(id));
        const twins = (rows ?? []).map(this.table.idOf).filter((other) => other !== id);
        return record && { record, twins };
    }

    private async withMarks(marks: readonly string[]): Promise<ByMark<R>> {
        const ahead: ByMark<R> = (await this.rows.listed(marks)) ?? new Map();
        const found: ByMark<R> = new Map();
        if (ahead.size > 0) {
            for (const mark of this.asked) ahead.delete(mark);
            this.asked.clear();
        }
        for (const mark of marks) {
            const rows = ahead.get(mark);
            if (rows !== undefined) found.set(mark, rows);
            ahead.delete(mark);
        }
        const others = marks.filter((mark) => !found.has(mark));
        if (others.length === 0) return found;
        for (const mark of others) this.asked.add(mark);
        return new Map([...found, ...(await this.rows.of(others))]);
    }
}
