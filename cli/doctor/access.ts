import type { Connection } from "../../provider/blnk/connection";
import { BlnkError } from "../../provider/blnk/errors";
import { withoutAnswer } from "../../provider/blnk/failures";
import { HttpFailure, send } from "../../provider/blnk/http";
import { ledgers } from "../../provider/blnk/ledgers";
import { filterRecords } from "../../provider/blnk/records";
import { GENERAL_LEDGER_ID, tryWriting } from "../../provider/blnk/server";
import { type Check, failed, sentence } from "./check";

/** Whether anything answers at the address, whatever it says. */
export async function checkAddress({ settings }: Connection): Promise<Check> {
    const what = "address";
    try {
        await send({ method: "GET", url: `${settings.url}/`, headers: {}, timeoutMs: settings.timeoutMs });
        return { what, outcome: "ok", said: `${settings.url} answers` };
    } catch (error) {
        const told = error instanceof HttpFailure ? withoutAnswer(settings, error, "none") : error;
        return { what, outcome: "wrong", said: sentence(told) };
    }
}

/** Whether the credential is accepted, and may read. Nothing else can be asked where it is not. */
export async function checkReading(connection: Connection): Promise<readonly Check[]> {
    const { settings } = connection;
    const isCloud = settings.mode === "cloud";
    const what = isCloud ? "access token" : "key";
    const scope = isCloud ? "scope data:read" : "right to read";
    const accepted = settings.credential === undefined ? "none is set, and none is asked for" : "accepted";
    try {
        await filterRecords(connection, ledgers, [{ field: "ledger_id", operator: "eq", value: GENERAL_LEDGER_ID }]);
    } catch (error) {
        if (!(error instanceof BlnkError) || error.fault !== "forbidden") return [failed(what, error)];
        return [
            { what, outcome: "ok", said: accepted },
            { what: scope, outcome: "wrong", said: sentence(error) },
        ];
    }
    return [
        { what, outcome: "ok", said: accepted },
        { what: scope, outcome: "ok", said: "a filter is answered" },
    ];
}

/** Whether the credential may write, by a write that changes nothing. */
export async function checkWriting(connection: Connection): Promise<Check> {
    const isCloud = connection.settings.mode === "cloud";
    const what = isCloud ? "scope proxy:write" : "right to write metadata";
    try {
        await tryWriting(connection);
        return { what, outcome: "ok", said: isCloud ? "there" : "there: this is the master key, or none is needed" };
    } catch (error) {
        if (!(error instanceof BlnkError) || error.fault !== "forbidden") return failed(what, error);
        if (isCloud) {
            const said = "read-only: this token is for previews and refreshes, and cannot run pulumi up";
            return { what, outcome: "note", said };
        }
        return {
            what,
            outcome: "wrong",
            said:
                `this is a scoped key, to which Core refuses metadata writes, and it adds a key of its own to all that it makes. ` +
                `Give the master key to ${connection.settings.credentialFrom}.`,
        };
    }
}
