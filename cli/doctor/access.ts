import type { Connection } from "../../provider/blnk/connection";
import { BlnkError } from "../../provider/blnk/errors";
import { withoutAnswer } from "../../provider/blnk/failures";
import { HttpFailure, send } from "../../provider/blnk/http";
import { ledgers } from "../../provider/blnk/ledgers";
import { filterRecords } from "../../provider/blnk/records";
import { GENERAL_LEDGER_ID, tryWriting } from "../../provider/blnk/server";
import { type Check, failed, messageOf } from "./check";

/** Whether a server answers at the address, with any answer. */
export async function checkAddress({ settings }: Connection): Promise<Check> {
    const what = "address";
    try {
        await send({ method: "GET", url: `${settings.url}/`, headers: {}, timeoutMs: settings.timeoutMs });
        return { what, outcome: "ok", finding: `${settings.url} answers` };
    } catch (error) {
        const cause = error instanceof HttpFailure ? withoutAnswer(settings, error, "none") : error;
        return { what, outcome: "wrong", finding: messageOf(cause) };
    }
}

/** Whether the credential is accepted and may read. If not, no other check is possible. */
export async function checkReading(connection: Connection): Promise<readonly Check[]> {
    const { settings } = connection;
    const isCloud = settings.mode === "cloud";
    const what = isCloud ? "access token" : "key";
    const scope = isCloud ? "scope data:read" : "right to read";
    const accepted = settings.credential === undefined ? "not set, and not needed" : "accepted";
    try {
        await filterRecords(connection, ledgers, [{ field: "ledger_id", operator: "eq", value: GENERAL_LEDGER_ID }]);
    } catch (error) {
        if (!(error instanceof BlnkError) || error.fault !== "forbidden") return [failed(what, error)];
        return [
            { what, outcome: "ok", finding: accepted },
            { what: scope, outcome: "wrong", finding: messageOf(error) },
        ];
    }
    return [
        { what, outcome: "ok", finding: accepted },
        { what: scope, outcome: "ok", finding: "granted" },
    ];
}

/** Whether the credential may write. Tries a write that changes nothing. */
export async function checkWriting(connection: Connection): Promise<Check> {
    const isCloud = connection.settings.mode === "cloud";
    const what = isCloud ? "scope proxy:write" : "right to write metadata";
    try {
        await tryWriting(connection);
        return {
            what,
            outcome: "ok",
            finding: isCloud ? "granted" : "granted: this is the master key, or no key is needed",
        };
    } catch (error) {
        if (!(error instanceof BlnkError) || error.fault !== "forbidden") return failed(what, error);
        if (isCloud) {
            const finding = "not granted: this token can run previews and refreshes, but not pulumi up";
            return { what, outcome: "note", finding };
        }
        return {
            what,
            outcome: "wrong",
            finding:
                `not granted: this is a scoped key. Core refuses its metadata writes, and adds a metadata key to everything ` +
                `that it creates. Use the master key. Check ${connection.settings.credentialFrom}.`,
        };
    }
}
