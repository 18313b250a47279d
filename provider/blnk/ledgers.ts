import * as v from "valibot";
import type { Json } from "../wire/json";
import { hasMoneyMovedIn } from "./balances";
import type { Connection } from "./connection";
import { metadataSchema, parseRecord, type Table } from "./records";

const schema = v.object({
    ledger_id: v.pipe(v.string(), v.nonEmpty()),
    name: v.string(),
    created_at: v.string(),
    meta_data: metadataSchema,
});

/** A ledger as Blnk holds it. */
export type LedgerRecord = v.InferOutput<typeof schema>;

export const ledgers: Table<LedgerRecord> = {
    noun: "ledger",
    nouns: "ledgers",
    idField: "ledger_id",
    idPrefix: "ldg_",
    idOf: (record) => record.ledger_id,
    core: "/ledgers",
    cloudFilter: "/ledger/filter",
    schema,
    isUsed: (connection, { ledger_id }) => hasMoneyMovedIn(connection, ledger_id),
};

/** Creates a ledger. Not idempotent: names are not unique, and every call creates another one. */
export async function createLedger(
    connection: Connection,
    ledger: { name: string; meta_data: Readonly<Record<string, Json>> },
): Promise<LedgerRecord> {
    return parseRecord(
        ledgers,
        await connection.core({ method: "POST", path: "/ledgers", body: ledger, effect: "creates" }),
        true,
    );
}

/** Renames a ledger. */
export async function renameLedger(connection: Connection, id: string, name: string): Promise<LedgerRecord> {
    return parseRecord(
        ledgers,
        await connection.core({
            method: "PUT",
            path: `/ledgers/${encodeURIComponent(id)}`,
            body: { name },
            effect: "repeatable",
        }),
        true,
    );
}
