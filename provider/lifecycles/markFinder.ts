import type { Connection } from "../blnk/connection";
import type { Metadata } from "../blnk/metadata";
import { allRecords, filterRecords, PAGE_ROWS, type Table } from "../blnk/records";
import { compareTimes } from "../blnk/time";
import { MARK_KEY, marksOfOwner, parseMark } from "./mark";

/** After so many questions of its own, a run that goes on asking lists all marks of its stack instead. */
const QUESTIONS_BEFORE_LISTING = 2;
/** A stack of more things than this many pages is not listed: asking for what is wanted costs less. */
const MOST_LISTED_PAGES = 20;

const FIELD = `meta_data.${MARK_KEY}`;

/** A record that can carry a mark. */
export interface MarkedRecord {
    readonly meta_data: Metadata;
    readonly created_at: string;
}

/**
 * Looks for things by their marks: what has queued while one question was out is asked in the next, and a run that asks for
 * many lists the marks of its stack. An answer is used for the whole run, in which nobody else makes things of these marks.
 */
export class MarkFinder<R extends MarkedRecord> {
    private readonly answers = new Map<string, Promise<readonly R[]>>();
    private queue: { mark: string; resolve: (rows: readonly R[]) => void; reject: (error: unknown) => void }[] = [];
    private isAsking = false;
    private questions = 0;
    private listed: ReadonlyMap<string, readonly R[]> | undefined;
    private isTooLongToList = false;

    constructor(
        private readonly connection: Connection,
        private readonly table: Table<R>,
    ) {}

    /** The things that carry a mark, oldest first. Rejects where the server does not answer, or only in part. */
    find(mark: string): Promise<readonly R[]> {
        const known = this.answers.get(mark);
        if (known !== undefined) return known;
        const answer = new Promise<readonly R[]>((resolve, reject) => {
            this.queue.push({ mark, resolve, reject });
        });
        this.answers.set(mark, answer);
        // A question that a check began may never be waited for: its failure is told by whoever waits.
        answer.catch(() => this.answers.delete(mark));
        void this.ask();
        return answer;
    }

    /** The same, asked now, whatever was answered before. */
    async findNow(mark: string): Promise<readonly R[]> {
        return (await this.rowsOf([mark])).get(mark) ?? [];
    }

    /** Whether the server shows that a thing carries its mark. */
    async shows(mark: string, record: R): Promise<boolean> {
        const id = this.table.idOf(record);
        return (await this.findNow(mark)).some((row) => this.table.idOf(row) === id);
    }

    private async ask(): Promise<void> {
        if (this.isAsking) return;
        this.isAsking = true;
        while (this.queue.length > 0) {
            const [first] = this.queue;
            if (first && this.listed === undefined && this.questions >= QUESTIONS_BEFORE_LISTING) {
                await this.list(first.mark).catch(() => {
                    this.isTooLongToList = true;
                });
            }
            const batch = this.queue.splice(0, PAGE_ROWS);
            try {
                const found = this.listed ?? (await this.rowsOf(batch.map(({ mark }) => mark)));
                for (const { mark, resolve } of batch) resolve(found.get(mark) ?? []);
            } catch (error) {
                for (const { reject } of batch) reject(error);
            }
        }
        this.isAsking = false;
    }

    private async rowsOf(marks: readonly string[]): Promise<ReadonlyMap<string, readonly R[]>> {
        this.questions++;
        return this.byMark(
            await allRecords(this.connection, this.table, [{ field: FIELD, operator: "in", values: marks }]),
        );
    }

    private async list(mark: string): Promise<void> {
        const place = parseMark(mark);
        if (place === undefined || this.isTooLongToList) return;
        const filter = [{ field: FIELD, operator: "like" as const, value: marksOfOwner(place) }];
        const first = await filterRecords(this.connection, this.table, filter);
        this.isTooLongToList = first.total > MOST_LISTED_PAGES * PAGE_ROWS;
        if (this.isTooLongToList) return;
        const isWhole = first.rows.length >= first.total;
        const rows = isWhole ? first.rows : await allRecords(this.connection, this.table, filter);
        this.listed = this.byMark(rows);
    }

    private byMark(rows: readonly R[]): ReadonlyMap<string, readonly R[]> {
        const byMark = new Map<string, R[]>();
        for (const row of [...rows].sort((a, b) => compareTimes(a.created_at, b.created_at))) {
            const mark = row.meta_data[MARK_KEY];
            if (typeof mark === "string") byMark.set(mark, [...(byMark.get(mark) ?? []), row]);
        }
        return byMark;
    }
}
