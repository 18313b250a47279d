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

/** The table that an id belongs to, or undefined where Blnk keeps no metadata for ids like it. */
export function targetTable(id: string): Table<{ readonly meta_data: Metadata }> | undefined {
    return TABLES.find(({ idPrefix }) => id.startsWith(idPrefix));
}

/** All metadata of a ledger, balance, identity or transaction, or undefined when the thing is not there. */
export async function readMetadata(connection: Connection, id: string): Promise<Metadata | undefined> {
    const table = targetTable(id);
    return table === undefined ? undefined : (await findRecord(connection, table, id))?.meta_data;
}

/**
 * Sets top-level keys of a thing's metadata; other keys stay. A value replaces the old one whole, null stays as null.
 * The answer is not worth reading: it shows the merge that was computed, not what came to be stored.
 */
export async function writeMetadata(connection: Connection, id: string, patch: Metadata): Promise<void> {
    await connection.core({
        method: "POST",
        path: `/${encodeURIComponent(id)}/metadata`,
        body: { meta_data: patch },
        effect: "repeatable",
    });
}
