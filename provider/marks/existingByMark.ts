import type { Connection } from "../blnk/connection";
import type { MarkedRecord, Table } from "../blnk/records";
import { Batcher } from "./batcher";
import { type ByMark, MarkQuery } from "./markQuery";

/**
 * Looks for things by their marks before they are made. An answer is used for the whole run, in which nobody else makes
 * things of these marks.
 */
export class ExistingByMark<R extends MarkedRecord> {
    private readonly answers = new Map<string, Promise<readonly R[]>>();
    private readonly rows: MarkQuery<R>;
    private readonly questions = new Batcher<readonly R[]>((marks) => this.listedOrAsked(marks));
    private readonly freshQuestions = new Batcher<readonly R[]>((marks) => this.rows.of(marks));

    constructor(connection: Connection, table: Table<R>) {
        this.rows = new MarkQuery(connection, table);
    }

    /** The things that carry a mark, oldest first. Rejects where the server does not answer, or only in part. */
    find(mark: string): Promise<readonly R[]> {
        const known = this.answers.get(mark);
        if (known !== undefined) return known;
        const answer = this.questions.ask(mark).then((rows = []) => rows);
        this.answers.set(mark, answer);
        // A question that a check began may never be waited for: its failure is told by whoever waits.
        answer.catch(() => this.answers.delete(mark));
        return answer;
    }

    /** The same, asked now, whatever was answered before; many who ask meanwhile are answered together. */
    async findNow(mark: string): Promise<readonly R[]> {
        return (await this.freshQuestions.ask(mark)) ?? [];
    }

    /** A list may be short: only the question for a mark itself says that nothing carries it. */
    private async listedOrAsked(marks: readonly string[]): Promise<ByMark<R>> {
        const listed = await this.rows.listed(marks);
        if (listed === undefined) return this.rows.of(marks);
        const others = marks.filter((mark) => !listed.has(mark));
        return others.length === 0 ? listed : new Map([...listed, ...(await this.rows.of(others))]);
    }
}
