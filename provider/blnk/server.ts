import { createHash } from "node:crypto";
import type { Connection } from "./connection";
import { BlnkError, type Fault } from "./errors";
import { type LedgerRecord, ledgers } from "./ledgers";
import { findRecord, pageOf } from "./records";
import { toMicroseconds } from "./time";

/** The ledger that Blnk's first migration makes in every database. */
export const GENERAL_LEDGER_ID = "general_ledger_id";

/**
 * What tells one Blnk server from another, whatever its address: the instance id on Blnk Cloud; for a Core a
 * fingerprint of its database, the time of its first migration. A restored dump keeps it, and so does a clone.
 * One read, by which the server shows that it is there, takes the credential, and is what the settings say.
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
    const madeAt = toMicroseconds(generalLedger.created_at);
    return `core_${createHash("sha256").update(madeAt).digest("hex").slice(0, 12)}`;
}

/**
 * Reads something that needs the scope `data:read` alone. What is found does not matter: any page of ledgers shows that the
 * server is Blnk Cloud and knows the instance.
 */
async function readFromCloud(connection: Connection): Promise<void> {
    const filters = [{ field: ledgers.idField, operator: "eq", value: GENERAL_LEDGER_ID }];
    const answer = await connection.cloud("POST", ledgers.cloudFilter, { page: "1", pageSize: "1" }, { filters });
    pageOf(ledgers, answer, "total");
}

/**
 * Asks for a metadata write on a ledger that cannot exist: it needs every right that a write needs, and changes nothing.
 * Throws where the credential lacks the right.
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
        // Core's own "not found" has a code; without one it is the route that is not there.
        if (!(error instanceof BlnkError && error.blnkCode !== undefined && isHarmless(error.fault))) throw error;
    }
}

function isHarmless(fault: Fault): boolean {
    return fault === "not found" || fault === "refused";
}
