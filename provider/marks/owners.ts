import type { Connection } from "../blnk/connection";
import { allRecords, type Condition, type MarkedRecord, type Table } from "../blnk/records";
import { compareTimes } from "../blnk/time";
import { MARK_KEY, marksOfStack, parseMark } from "./mark";

/** What one owner has made under the name of a stack. */
export interface Owned {
    readonly ids: Set<string>;
    /** When the first of its things was made, and its id. */
    first: { readonly at: string; readonly id: string };
}

/** The question for everything that carries a mark of a stack, whoever owns it. */
export function allMarksOf(projectAndStack: string): readonly Condition[] {
    return [{ field: `meta_data.${MARK_KEY}`, operator: "like", value: marksOfStack(projectAndStack) }];
}

/** The owners of a stack's things in Blnk, which are in these tables. */
export async function ownersOf(
    connection: Connection,
    tables: readonly Table<MarkedRecord>[],
    projectAndStack: string,
): Promise<Map<string, Owned>> {
    const filter = allMarksOf(projectAndStack);
    const found = await Promise.all(
        tables.map(async (table) => {
            const rows = await allRecords(connection, table, filter);
            return rows.map((row) => ({
                at: row.created_at,
                id: table.idOf(row),
                mark: parseMark(row.meta_data[MARK_KEY]),
            }));
        }),
    );
    const owners = new Map<string, Owned>();
    for (const { mark, ...thing } of found.flat()) {
        // A mark of another stack was not asked for, and tells nothing.
        if (mark === undefined || `${mark.project}/${mark.stack}` !== projectAndStack) continue;
        const owned = owners.get(mark.owner);
        if (owned === undefined) owners.set(mark.owner, { ids: new Set([thing.id]), first: thing });
        else owned.ids.add(thing.id);
        if (owned !== undefined && isBefore(thing, owned.first)) owned.first = thing;
    }
    return owners;
}

/** Why the one of these owners must make nothing more: another made its first thing before. Undefined where none did. */
export function olderRival(owners: ReadonlyMap<string, Owned>, owner: string): string | undefined {
    const own = owners.get(owner);
    const [oldest] = [...owners].sort(([, a], [, b]) => (isBefore(a.first, b.first) ? -1 : 1));
    if (oldest === undefined || oldest[0] === owner) return undefined;
    const [other, { first }] = oldest;
    const made =
        own === undefined ? "Nothing is made here" : `Nothing more is made here than ${[...own.ids].join(" and ")}`;
    return (
        `another stack of this project and name made things at the same time, as owner ${other}, and was first (${first.id}). ` +
        `${made}. If both are one stack, run "pulumi destroy" here, which leaves in Blnk what was made, and go on with the ` +
        `state of the other. If they are two, run "pulumi config set blnk:owner ${owner}" here, and "pulumi up" again.`
    );
}

function isBefore(a: Owned["first"], b: Owned["first"]): boolean {
    return (compareTimes(a.at, b.at) || (a.id < b.id ? -1 : 1)) < 0;
}
