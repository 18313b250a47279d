import { createHash } from "node:crypto";
import type { Connection } from "./connection";
import { BlnkError, type Fault } from "./errors";
import { type LedgerRecord, ledgers } from "./ledgers";
import { findRecord, pageOf } from "./records";
import { toMicroseconds } from "./time";

/** The ledger that Blnk's first migration creates in every database. */
export const GENERAL_LEDGER_ID = "general_ledger_id";

/**
 * The identity of a Blnk server, which does not depend on its address. On Blnk Cloud it is the instance id. On a Core it is
 * a fingerprint of the database: the time of its first migration, which a restored dump and a clone keep.
 * It takes one read, which also proves that the server answers, accepts the credential and matches the settings.
 */
export async function identifyServer(connection: Connection): Promise<string> {
    const { settings } = connection;
    if (settings.mode === "cloud") {
        await readFromCloud(connection);
        return settings.instanceId;
    }
    const generalLedger: LedgerRecord | undefined = await findRecord(connection, ledgers, GENERAL_LEDGER_ID);
    if (generalLedger === undefined) {
        throw new BlnkError(
            `${settings.url} has no General Ledger, which every Blnk database has. Check ${settings.urlFrom}.`,
            "not found",
            false,
        );
    }
    const migratedAt = toMicroseconds(generalLedger.created_at);
    return `core_${createHash("sha256").update(migratedAt).digest("hex").slice(0, 12)}`;
}

/**
 * Reads a page of ledgers, which needs the scope `data:read` only. The rows do not matter: any page shows that the server is
 * Blnk Cloud and knows the instance.
 */
async function readFromCloud(connection: Connection): Promise<void> {
    const filters = [{ field: ledgers.idField, operator: "eq", value: GENERAL_LEDGER_ID }];
    const answer = await connection.cloud("POST", ledgers.cloudFilter, { page: "1", pageSize: "1" }, { filters });
    pageOf(ledgers, answer, "total");
}

/**
 * Tries a metadata write on a ledger that cannot exist: it needs every right that a write needs, and changes nothing.
 * Throws when the credential lacks a right.
 */
export async function tryWriting(connection: Connection): Promise<void> {
    try {
        await connection.core({
            method: "POST",
            path: "/ldg_00000000-0000-0000-0000-000000000000/metadata",
            body: { meta_data: {} },
            effect: "repeatable",
        });
    } catch (error) {
        // Core's own "not found" has a code. Without a code the route does not exist.
        if (!(error instanceof BlnkError && error.blnkCode !== undefined && isHarmless(error.fault))) throw error;
    }
}

function isHarmless(fault: Fault): boolean {
    return fault === "not found" || fault === "refused";
}
