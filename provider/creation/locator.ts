import { findRecord, type MarkedRecord, type Table } from "../blnk/records";
import { heldMark } from "./adoption";
import type { CreationContext } from "./context";

/** How a thing is located: before it is created, and after a create whose outcome is not known. */
export interface Locator<R> {
    /** The things that are there already, oldest first. */
    existing(): Promise<readonly R[]>;
    /** The same, asked now, whatever was answered before. */
    now(): Promise<readonly R[]>;
    /** Sends a create. `leftAlone` are ids of things that are located by the same, and are not this one. */
    create(post: () => Promise<R>, leftAlone: ReadonlySet<string>): Promise<R>;
    /** How long after a busy server's answer a create may be sent again, in milliseconds; undefined for never. */
    readonly repeatableAfterMs: number | undefined;
}

/** A busy server may act on what it has refused: it is waited for so many times as long as it took to show the first thing. */
const LAGS = 3;

/**
 * Locates a thing by the mark in its metadata. Blnk does not look at it: a second create makes a second thing, so that the
 * server must be known to show what it creates before anything is sent again.
 */
export function byMark<R extends MarkedRecord>(
    { markIndex, blnk }: Pick<CreationContext, "markIndex" | "blnk">,
    table: Table<R>,
    mark: string,
): Locator<R> {
    return {
        existing: () => markIndex.there(table, mark),
        now: () => markIndex.of(table).findNow(mark),
        create: (post, others) => markIndex.make(table, mark, { post, others }),
        get repeatableAfterMs() {
            const { lagMs } = markIndex;
            return lagMs === undefined ? undefined : Math.max(blnk.policy.landingMs, LAGS * lagMs);
        },
    };
}

/**
 * Locates a thing by an id that this stack has chosen, which Blnk takes once. What is there already is this stack's only if
 * it carries the mark: an id that somebody else has used is no consent.
 */
export function byNaturalKey<R extends MarkedRecord>(
    { blnk }: Pick<CreationContext, "blnk">,
    table: Table<R>,
    id: string,
    mark: string,
): Locator<R> {
    const now = async (): Promise<readonly R[]> => {
        const record = await findRecord(blnk, table, id);
        if (record === undefined) return [];
        if (heldMark(record.meta_data) !== mark) throw new Error(alreadyUsed(table, id));
        return [record];
    };
    // Sent again it meets itself.
    return { existing: now, now, create: (post) => post(), repeatableAfterMs: 0 };
}

function alreadyUsed<R>({ noun }: Table<R>, id: string): string {
    return (
        `the ${noun} ${id} already exists, and does not carry the mark of this resource. Nothing was created. ` +
        `Choose another id, or set adopt: "${id}" to manage it.`
    );
}
