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

/** Whether several things carry the same mark of a stack. `stack` is `<project>/<stack>`. */
export async function checkTwins(connection: Connection, stack: string): Promise<readonly Check[]> {
    const what = `marks of ${stack}`;
    try {
        const marked = await markedThings(connection, stack);
        const byMark = new Map<string, Marked[]>();
        for (const thing of marked) byMark.set(thing.mark, [...(byMark.get(thing.mark) ?? []), thing]);
        const twins = [...byMark].filter(([, things]) => things.length > 1);
        const finding = marked.length === 1 ? "1 thing" : `${marked.length} things`;
        if (twins.length === 0) return [{ what, outcome: "ok", finding: `${finding}, no shared marks` }];
        return [
            {
                what,
                outcome: "wrong",
                finding: `${finding}; ${twins.length === 1 ? "1 mark is" : `${twins.length} marks are`} on several things`,
            },
            ...(await Promise.all(twins.map(describeTwins))),
        ];
    } catch (error) {
        return [failed(what, error)];
    }
}

async function describeTwins([mark, things]: [string, Marked[]]): Promise<Check> {
    const descriptions: string[] = [];
    for (const thing of things)
        descriptions.push(`${thing.id} (${(await thing.isUsed()) ? "money has moved" : "no money has moved"})`);
    return {
        what: `  ${mark}`,
        outcome: "wrong",
        finding:
            `${descriptions.join(", ")}. Keep the one in the stack's state, which "pulumi refresh" names. Set the key ` +
            `"${MARK_KEY}" in the metadata of the others to null.`,
    };
}

/** All things with a mark of the stack, in the tables of all kinds. */
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
