import type { MarkedRecord, Table } from "../blnk/records";
import type { CreationContext } from "./context";

/**
 * The oldest of several things with the same mark: the others carry copied metadata, or come from writes that completed late.
 * Throws if money has moved on another one, because then a person must decide.
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
            `${ids} carry the same mark. ${id} is the oldest, but money has moved on ${moved}. Find out which one belongs to this ` +
                `stack. If the others hold money of it, move that money there. Set the key "pulumi" in the metadata of the ` +
                `others to null. Then run again.`,
        );
    }
    const reason = used.length === 0 ? "no money has moved on any of them" : "no money has moved on the others";
    context.warn(`${ids} carry the same mark. This stack uses ${id}, because it is the oldest and ${reason}`);
    return oldest;
}
