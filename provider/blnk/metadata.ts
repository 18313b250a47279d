import * as v from "valibot";
import type { Json } from "../wire/json";
import { balances } from "./balances";
import type { Connection } from "./connection";
import { ledgers } from "./ledgers";
import { findRecord, metadataSchema, type Table } from "./records";

export type Metadata = Readonly<Record<string, Json>>;

const identities: Table<{ identity_id: string; meta_data: Metadata }> = {
    noun: "identity",
    nouns: "identities",
    idField: "identity_id",
    idOf: (record) => record.identity_id,
    core: "/identities",
    cloudFilter: "/identities/filter",
    schema: v.object({ identity_id: v.string(), meta_data: metadataSchema }),
};

const transactions: Table<{ transaction_id: string; meta_data: Metadata }> = {
    noun: "transaction",
    nouns: "transactions",
    idField: "transaction_id",
    idOf: (record) => record.transaction_id,
    core: "/transactions",
    cloudFilter: "/transactions/filter",
    schema: v.object({ transaction_id: v.string(), meta_data: metadataSchema }),
};

/** The kinds of thing that can carry metadata, by the prefix of their ids. */
const TARGETS: Readonly<Record<string, Table<{ meta_data: Metadata }>>> = {
    ldg_: ledgers,
    bln_: balances,
    idt_: identities,
    txn_: transactions,
};

/** The table that an id belongs to, or undefined where Blnk keeps no metadata for ids like it. */
export function targetTable(id: string): Table<{ meta_data: Metadata }> | undefined {
    return TARGETS[id.slice(0, 4)];
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
