import type { Connection } from "../blnk/connection";
import { allRecords, type Condition, type MarkedRecord, type Table } from "../blnk/records";
import { compareTimes } from "../blnk/time";
import { MARK_KEY, marksOfStack, parseMark } from "./mark";

/** The things of one owner in a stack. */
export interface Owned {
    readonly ids: Set<string>;
    /** The time and the id of its first thing. */
    first: { readonly at: string; readonly id: string };
}

/** The filter for everything that carries a mark of a stack, of any owner. */
export function allMarksOf(projectAndStack: string): readonly Condition[] {
    return [{ field: `meta_data.${MARK_KEY}`, operator: "like", value: marksOfStack(projectAndStack) }];
}

/** The owners of a stack's things in these tables. */
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
        // Ignore marks of other stacks, which the filter did not ask for.
        if (mark === undefined || `${mark.project}/${mark.stack}` !== projectAndStack) continue;
        const owned = owners.get(mark.owner);
        if (owned === undefined) owners.set(mark.owner, { ids: new Set([thing.id]), first: thing });
        else owned.ids.add(thing.id);
        if (owned !== undefined && isBefore(thing, owned.first)) owned.first = thing;
    }
    return owners;
}

/** The error that stops this owner, because another owner created its first thing earlier. Undefined if none did. */
export function olderRival(owners: ReadonlyMap<string, Owned>, owner: string): string | undefined {
    const own = owners.get(owner);
    const [oldest] = [...owners].sort(([, a], [, b]) => (isBefore(a.first, b.first) ? -1 : 1));
    if (oldest === undefined || oldest[0] === owner) return undefined;
    const [other, { first }] = oldest;
    const stopped =
        own === undefined
            ? "Nothing is created here"
            : `After ${[...own.ids].join(" and ")} nothing more is created here`;
    return (
        `another stack with this project and stack name created things at the same time, as owner ${other}, and was first ` +
        `(${first.id}). ${stopped}. If both are the same stack, run "pulumi destroy" here, which leaves the created things in ` +
        `Blnk, and continue with the state of the other. If they are different stacks, run ` +
        `"pulumi config set blnk:owner ${owner}" here, and "pulumi up" again.`
    );
}

function isBefore(a: Owned["first"], b: Owned["first"]): boolean {
    return (compareTimes(a.at, b.at) || (a.id < b.id ? -1 : 1)) < 0;
}
