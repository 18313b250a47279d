import type { Connection } from "../blnk/connection";
import { allRecords, filterRecords, type MarkedRecord, PAGE_ROWS, type Table } from "../blnk/records";
import { compareTimes } from "../blnk/time";
import { MARK_KEY, marksOfOwner, parseMark } from "./mark";

/** After this many partly filled questions, listing all marks of the stack becomes an option. */
const QUESTIONS_BEFORE_LISTING = 2;
/** A list may have this many pages, and some more for each partly filled question already asked. */
const PAGES_LISTED_AT_ONCE = 20;
const PAGES_PER_QUESTION = 2;

/** The most rows to expect for some marks. A server that returns more did not answer the question. */
const MOST_TWINS = 1_000;
const MOST_TWINS_EACH = 10;

const FIELD = `meta_data.${MARK_KEY}`;

/** Rows by mark, the oldest first. */
export type ByMark<R> = Map<string, readonly R[]>;

/**
 * Asks a table for rows by mark: for some marks, or for all marks of a stack. It is not known beforehand how many marks a run
 * will need. So it lists only after the questions have cost about as much as the list: the total is at most about twice the
 * lowest cost, for few marks in a large stack as well as for all of them.
 */
export class MarkQuery<R extends MarkedRecord> {
    private partialQuestions = 0;
    /** The number of pages of the last list that was tried. */
    private pages = 0;
    private listing: Promise<ByMark<R> | undefined> | undefined;

    constructor(
        private readonly connection: Connection,
        private readonly table: Table<R>,
        /** Called with the rows of the list. */
        private readonly onListed: (rows: readonly R[]) => void = () => undefined,
    ) {}

    /** The rows that carry these marks, at most as many marks as a page has rows. */
    async of(marks: readonly string[]): Promise<ByMark<R>> {
        if (isPartial(marks)) this.partialQuestions++;
        const filter = [{ field: FIELD, operator: "in" as const, values: marks }];
        const most = MOST_TWINS + MOST_TWINS_EACH * marks.length;
        return this.byMark(await allRecords(this.connection, this.table, filter, { most }));
    }

    /**
     * All rows of the stack and owner of these marks, listed once. Every call returns the same map. Undefined when asking for
     * the marks costs less, or when listing failed.
     */
    async listed(marks: readonly string[]): Promise<ByMark<R> | undefined> {
        if (this.listing === undefined && this.isWorthListing(marks)) this.listing = this.list(marks);
        return this.listing;
    }

    private isWorthListing(marks: readonly string[]): boolean {
        // A full question returns as much as a page of the list.
        return isPartial(marks) && this.partialQuestions >= QUESTIONS_BEFORE_LISTING && this.pages <= this.mostPages();
    }

    private mostPages(): number {
        return PAGES_LISTED_AT_ONCE + PAGES_PER_QUESTION * this.partialQuestions;
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

/** Orders by age, the oldest first. Things of the same moment are ordered by id. */
export function compareAge<R extends MarkedRecord>(table: Table<R>): (a: R, b: R) => number {
    return (a, b) => compareTimes(a.created_at, b.created_at) || (table.idOf(a) < table.idOf(b) ? -1 : 1);
}

function isPartial(marks: readonly string[]): boolean {
    return marks.length < PAGE_ROWS;
}
