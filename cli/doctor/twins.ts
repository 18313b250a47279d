import type { Connection } from "../../provider/blnk/connection";
import { allRecords } from "../../provider/blnk/records";
import { MARKED_TABLES } from "../../provider/kinds";
import { MARK_KEY } from "../../provider/marks/mark";
import { allMarksOf } from "../../provider/marks/owners";
import { type Check, failed } from "./check";

/** A thing that carries a mark, and whether money has moved on it. */
interface Marked {
    readonly id: string;
    readonly mark: string;
    isUsed(): Promise<boolean>;
}

/** Whether several things carry one and the same mark of a stack, which is `<project>/<stack>`. */
export async function checkTwins(connection: Connection, stack: string): Promise<readonly Check[]> {
    const what = `marks of ${stack}`;
    try {
        const marked = await markedThings(connection, stack);
        const byMark = new Map<string, Marked[]>();
        for (const thing of marked) byMark.set(thing.mark, [...(byMark.get(thing.mark) ?? []), thing]);
        const twins = [...byMark].filter(([, things]) => things.length > 1);
        const said = marked.length === 1 ? "1 thing" : `${marked.length} things`;
        if (twins.length === 0) return [{ what, outcome: "ok", said: `${said}, each mark once` }];
        return [
            {
                what,
                outcome: "wrong",
                said: `${said}; ${twins.length === 1 ? "1 mark" : `${twins.length} marks`} more than once`,
            },
            ...(await Promise.all(twins.map(describeTwins))),
        ];
    } catch (error) {
        return [failed(what, error)];
    }
}

async function describeTwins([mark, things]: [string, Marked[]]): Promise<Check> {
    const told: string[] = [];
    for (const thing of things)
        told.push(`${thing.id} (${(await thing.isUsed()) ? "money has moved" : "no money has moved"})`);
    return {
        what: `  ${mark}`,
        outcome: "wrong",
        said:
            `${told.join(", ")}. Keep the one in the stack's state, which "pulumi refresh" names, and set the key ` +
            `"${MARK_KEY}" in the metadata of all others to null.`,
    };
}

/** What carries a mark of the stack, in the tables of all kinds. */
async function markedThings(connection: Connection, stack: string): Promise<Marked[]> {
    const filter = allMarksOf(stack);
    const found = await Promise.all(
        MARKED_TABLES.map(async (table) => {
            const records = await allRecords(connection, table, filter);
            return records.map(
                (record): Marked => ({
                    id: table.idOf(record),
                    mark: String(record.meta_data[MARK_KEY]),
                    isUsed: async () => (await table.isUsed?.(connection, record)) ?? false,
                }),
            );
        }),
    );
    return found.flat();
}
