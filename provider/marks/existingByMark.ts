import type { Connection } from "../blnk/connection";
import type { MarkedRecord, Table } from "../blnk/records";
import { Batcher } from "./batcher";
import { type ByMark, MarkQuery } from "./markQuery";

/**
 * Searches for things by their marks before they are created. An answer is valid for the whole run, because only this run
 * creates things with these marks.
 */
export class ExistingByMark<R extends MarkedRecord> {
    private readonly answers = new Map<string, Promise<readonly R[]>>();
    private readonly rows: MarkQuery<R>;
    private readonly questions = new Batcher<readonly R[]>((marks) => this.fromListOrBatch(marks));
    private readonly freshQuestions = new Batcher<readonly R[]>((marks) => this.rows.of(marks));

    constructor(connection: Connection, table: Table<R>) {
        this.rows = new MarkQuery(connection, table);
    }

    /** The things that carry a mark, oldest first. Rejects when the server does not answer, or answers only in part. */
    find(mark: string): Promise<readonly R[]> {
        const known = this.answers.get(mark);
        if (known !== undefined) return known;
        const answer = this.questions.ask(mark).then((rows = []) => rows);
        this.answers.set(mark, answer);
        // A check may start a search that nothing awaits. Its failure is reported where it is awaited.
        answer.catch(() => this.answers.delete(mark));
        return answer;
    }

    /** The same, asked again now. Several callers share a question. */
    async findNow(mark: string): Promise<readonly R[]> {
        return (await this.freshQuestions.ask(mark)) ?? [];
    }

    /** A list may be incomplete: only a question for the mark itself proves that nothing carries it. */
    private async fromListOrBatch(marks: readonly string[]): Promise<ByMark<R>> {
        const listed = await this.rows.listed(marks);
        if (listed === undefined) return this.rows.of(marks);
        const others = marks.filter((mark) => !listed.has(mark));
        return others.length === 0 ? listed : new Map([...listed, ...(await this.rows.of(others))]);
    }
}
