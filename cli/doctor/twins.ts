import { balances, isUsed } from "../../provider/blnk/balances";
import type { Connection } from "../../provider/blnk/connection";
import { ledgers } from "../../provider/blnk/ledgers";
import type { Metadata } from "../../provider/blnk/metadata";
import { allRecords, pagesOf } from "../../provider/blnk/records";
import { MARK_KEY, marksOfStack } from "../../provider/marks/mark";
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

async function markedThings(connection: Connection, stack: string): Promise<Marked[]> {
    const filter = [{ field: `meta_data.${MARK_KEY}`, operator: "like" as const, value: marksOfStack(stack) }];
    const foundLedgers = await allRecords(connection, ledgers, filter);
    const foundBalances = await allRecords(connection, balances, filter);
    return [
        ...foundLedgers.map(({ ledger_id: id, meta_data }) => ({
            id,
            mark: markIn(meta_data),
            isUsed: () => holdsMoney(connection, id),
        })),
        ...foundBalances.map((record) => ({
            id: record.balance_id,
            mark: markIn(record.meta_data),
            isUsed: async () => isUsed(record),
        })),
    ];
}

function markIn(metadata: Metadata): string {
    return String(metadata[MARK_KEY]);
}

/** Whether money has moved on any balance of a ledger. */
async function holdsMoney(connection: Connection, ledgerId: string): Promise<boolean> {
    const filter = [{ field: "ledger_id", operator: "eq" as const, value: ledgerId }];
    for await (const { rows } of pagesOf(connection, balances, filter)) if (rows.some(isUsed)) return true;
    return false;
}
