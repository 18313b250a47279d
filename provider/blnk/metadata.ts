import type { Json } from "../wire/json";
import { balances } from "./balances";
import type { Connection } from "./connection";
import { identities } from "./identities";
import { ledgers } from "./ledgers";
import { findRecord, type Table } from "./records";
import { transactions } from "./transactions";

export type Metadata = Readonly<Record<string, Json>>;

/** The tables whose records carry metadata. */
const TABLES: readonly Table<{ readonly meta_data: Metadata }>[] = [ledgers, balances, identities, transactions];

/** The table of an id, or undefined when Blnk has no metadata for such ids. */
export function targetTable(id: string): Table<{ readonly meta_data: Metadata }> | undefined {
    return TABLES.find(({ idPrefix }) => id.startsWith(idPrefix));
}

/** All metadata of a ledger, balance, identity or transaction, or undefined when it does not exist. */
export async function readMetadata(connection: Connection, id: string): Promise<Metadata | undefined> {
    const table = targetTable(id);
    return table === undefined ? undefined : (await findRecord(connection, table, id))?.meta_data;
}

/**
 * Sets top-level keys of a thing's metadata. Other keys stay. A value replaces the whole old value, and null is stored as
 * null. The answer is ignored: it shows the merge that Blnk computed, not what it stored.
 */
export async function writeMetadata(connection: Connection, id: string, patch: Metadata): Promise<void> {
    await connection.core({
        method: "POST",
        path: `/${encodeURIComponent(id)}/metadata`,
        body: { meta_data: patch },
        effect: "repeatable",
    });
}
