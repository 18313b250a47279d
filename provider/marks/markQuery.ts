import type { Connection } from "../blnk/connection";
import { allRecords, filterRecords, type MarkedRecord, PAGE_ROWS, type Table } from "../blnk/records";
import { compareTimes } from "../blnk/time";
import { MARK_KEY, marksOfOwner, parseMark } from "./mark";

/** After so many short questions, one who goes on asking may list all marks of the stack instead. */
const QUESTIONS_BEFORE_LISTING = 2;
/** So many pages are listed without much thought; each short question that had to be asked makes some more worth it. */
const PAGES_LISTED_AT_ONCE = 20;
const PAGES_PER_QUESTION = 2;

/** More things than these cannot carry so many marks: whoever shows more answers another question. */
const MOST_TWINS = 1_000;
const MOST_TWINS_EACH = 10;

const FIELD = `meta_data.${MARK_KEY}`;

/** Rows by the mark that they carry, of each mark the oldest first. */
export type ByMark<R> = Map<string, readonly R[]>;

/**
 * Asks a table for rows by their marks: for those of some marks, or for all of a stack's. How many will be asked for is not
 * known beforehand, so that listing waits until the questions asked have cost about as much: nobody pays much more than
 * one who knew, be they few in a stack of many or all of them.
 */
export class MarkQuery<R extends MarkedRecord> {
    private shortQuestions = 0;
    /** How many pages there were when last looked at. */
    private pages = 0;
    private listing: Promise<ByMark<R> | undefined> | undefined;

    constructor(
        private readonly connection: Connection,
        private readonly table: Table<R>,
        /** Told of the rows that are listed. */
        private readonly onListed: (rows: readonly R[]) => void = () => undefined,
    ) {}

    /** The rows that carry these marks, a page's worth of marks at most. */
    async of(marks: readonly string[]): Promise<ByMark<R>> {
        if (isShort(marks)) this.shortQuestions++;
        const filter = [{ field: FIELD, operator: "in" as const, values: marks }];
        const most = MOST_TWINS + MOST_TWINS_EACH * marks.length;
        return this.byMark(await allRecords(this.connection, this.table, filter, { most }));
    }

    /**
     * All rows of the stack and owner whose marks these are, listed once, where that is worth it; each time the same map.
     * Undefined where asking for the marks costs less, or no list is to be had.
     */
    async listed(marks: readonly string[]): Promise<ByMark<R> | undefined> {
        if (this.listing === undefined && this.isWorthListing(marks)) this.listing = this.list(marks);
        return this.listing;
    }

    private isWorthListing(marks: readonly string[]): boolean {
        // A full question brings as much as a page does.
        return isShort(marks) && this.shortQuestions >= QUESTIONS_BEFORE_LISTING && this.pages <= this.mostPages();
    }

    private mostPages(): number {
        return PAGES_LISTED_AT_ONCE + PAGES_PER_QUESTION * this.shortQuestions;
    }

    private async list(marks: readonly string[]): Promise<ByMark<R> | undefined> {
        const place = marks.map(parseMark).find((mark) => mark !== undefined);
        if (place === undefined) return undefined;
        const filter = [{ field: FIELD, operator: "like" as const, value: marksOfOwner(place) }];
        try {
            const first = await filterRecords(this.connection, this.table, filter);
            this.pages = Math.ceil(first.total / PAGE_ROWS);
            if (this.pages > this.mostPages()) {
                this.listing = undefined;
                return undefined;
            }
            const rows = await allRecords(this.connection, this.table, filter, { first });
            this.onListed(rows);
            return this.byMark(rows);
        } catch {
            return undefined;
        }
    }

    private byMark(rows: readonly R[]): ByMark<R> {
        const found = new Map<string, R[]>();
        for (const row of rows) {
            const mark = row.meta_data[MARK_KEY];
            if (typeof mark !== "string") continue;
            const others = found.get(mark);
            if (others === undefined) found.set(mark, [row]);
            else others.push(row);
        }
        for (const twins of found.values()) twins.sort(compareAge(this.table));
        return found;
    }
}

/** The order of age, the oldest first; of two of one moment always the same one. */
export function compareAge<R extends MarkedRecord>(table: Table<R>): (a: R, b: R) => number {
    return (a, b) => compareTimes(a.created_at, b.created_at) || (table.idOf(a) < table.idOf(b) ? -1 : 1);
}

function isShort(marks: readonly string[]): boolean {
    return marks.length < PAGE_ROWS;
}
