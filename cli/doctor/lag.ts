import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../../provider/blnk/connection";
import { createLedger, ledgers } from "../../provider/blnk/ledgers";
import { filterRecords } from "../../provider/blnk/records";
import { type Check, failed } from "./check";

/** The check's name. */
export const LAG = "read-after-write lag";
export const LAG_LEDGER = "pulumi-blnk doctor (made to measure how late reads are; means nothing)";
const LAG_KEY = "pulumi_blnk_doctor";
/** What is made in a run is looked for this long; where it does not show, nothing more is made. */
const RUNS_WAIT_MS = 850;
const PATIENCE_MS = 60_000;
const INTERVAL_MS = 20;

/** How long it takes until a filter shows what was made. Makes one ledger, which stays. */
export async function measureLag(connection: Connection, say: (line: string) => void): Promise<Check> {
    const value = randomBytes(8).toString("hex");
    say(
        `Making one ledger, "${LAG_LEDGER}", with the metadata ${LAG_KEY}: "${value}". It stays: Blnk deletes nothing.`,
    );
    try {
        const { ledger_id } = await createLedger(connection, { name: LAG_LEDGER, meta_data: { [LAG_KEY]: value } });
        const made = Date.now();
        const filter = [{ field: `meta_data.${LAG_KEY}`, operator: "eq" as const, value }];
        while ((await filterRecords(connection, ledgers, filter)).rows.length === 0) {
            if (Date.now() - made > PATIENCE_MS) {
                const said = `${ledger_id} does not show after ${PATIENCE_MS / 1000} s: pulumi up cannot make things here`;
                return { what: LAG, outcome: "wrong", said };
            }
            await wait(INTERVAL_MS);
        }
        const lag = Date.now() - made;
        return lag <= RUNS_WAIT_MS
            ? { what: LAG, outcome: "ok", said: `${ledger_id} showed after ${lag} ms` }
            : {
                  what: LAG,
                  outcome: "wrong",
                  said:
                      `${ledger_id} showed only after ${lag} ms: a run that makes things waits ${RUNS_WAIT_MS} ms for the first of them ` +
                      `to show, and makes no more where it does not`,
              };
    } catch (error) {
        return failed(LAG, error);
    }
}
