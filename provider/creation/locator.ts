import { findRecord, type MarkedRecord, type Table } from "../blnk/records";
import { heldMark } from "./adoption";
import type { CreationContext } from "./context";

/** Locates a thing before it is created, and after a create with an unknown outcome. */
export interface Locator<R> {
    /** The things that exist already, oldest first. */
    existing(): Promise<readonly R[]>;
    /** The same, asked again now. */
    now(): Promise<readonly R[]>;
    /** Sends a create. `leftAlone` are ids of things with the same mark that are not this thing. */
    create(post: () => Promise<R>, leftAlone: ReadonlySet<string>): Promise<R>;
    /** How long after a busy answer a create may be sent again, in milliseconds. Undefined for never. */
    readonly repeatableAfterMs: number | undefined;
}

/** A busy server may still carry out a refused create. The wait is this many times its lag for the first thing. */
const LAGS = 3;

/**
 * Locates a thing by the mark in its metadata. Blnk does not check marks, so a second create makes a second thing. A create is
 * sent again only after the server has shown that it returns new things.
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
 * Locates a thing by an id that this stack has chosen, and that Blnk accepts only once. An existing thing belongs to this
 * stack only if it carries the mark: another writer may have used the same id.
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
    // A second create is safe: Blnk refuses the same id.
    return { existing: now, now, create: (post) => post(), repeatableAfterMs: 0 };
}

function alreadyUsed<R>({ noun }: Table<R>, id: string): string {
    return (
        `the ${noun} ${id} already exists, but does not carry the mark of this resource. Nothing was created. ` +
        `Choose another id, or set adopt: "${id}" to manage it.`
    );
}
