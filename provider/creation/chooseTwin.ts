import type { MarkedRecord, Table } from "../blnk/records";
import type { CreationContext } from "./context";

/**
 * Of several things with one mark the oldest: the others are copies of its metadata, or made by writes that landed late.
 * Where money has moved on another one, somebody has to say which is which.
 */
export async function chooseTwin<R extends MarkedRecord>(
    context: Pick<CreationContext, "blnk" | "warn">,
    table: Table<R>,
    records: readonly R[],
): Promise<R> {
    const [oldest, ...younger] = records;
    if (oldest === undefined) throw new Error("Internal error: there is no record to choose from. Please report it.");
    if (younger.length === 0) return oldest;
    const used: R[] = [];
    for (const record of records) if (await table.isUsed?.(context.blnk, record)) used.push(record);
    const ids = records.map(table.idOf).join(" and ");
    const id = table.idOf(oldest);
    if (used.some((record) => record !== oldest)) {
        const moved = used.map(table.idOf).join(" and ");
        throw new Error(
            `${ids} carry one mark: ${id} is the oldest, and money has moved on ${moved}. Settle it in Blnk: find out which one ` +
                `is this stack's, move the money of the others there if it belongs there, and set the key "pulumi" in the ` +
                `metadata of the others to null. Then run again.`,
        );
    }
    const reason = used.length === 0 ? "money has moved on none" : "money has moved on no other";
    context.warn(`${ids} carry one mark: ${id} is taken, as it is the oldest, and ${reason}`);
    return oldest;
}
