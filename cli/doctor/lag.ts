import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../../provider/blnk/connection";
import { createLedger, ledgers } from "../../provider/blnk/ledgers";
import { filterRecords } from "../../provider/blnk/records";
import { type Check, failed } from "./check";

/** The check's name. */
export const LAG = "read-after-write lag";
export const LAG_LEDGER = "pulumi-blnk doctor (created to measure read lag; not used)";
const LAG_KEY = "pulumi_blnk_doctor";
/** How long a run waits for its first created thing to show. After that it creates nothing more. */
const RUNS_WAIT_MS = 850;
const PATIENCE_MS = 60_000;
const INTERVAL_MS = 20;

/** Measures how long a filter takes to show a new ledger. The ledger stays. */
export async function measureLag(connection: Connection, say: (line: string) => void): Promise<Check> {
    const value = randomBytes(8).toString("hex");
    say(
        `Creating one ledger, "${LAG_LEDGER}", with the metadata ${LAG_KEY}: "${value}". It stays: Blnk cannot delete ledgers.`,
    );
    try {
        const { ledger_id } = await createLedger(connection, { name: LAG_LEDGER, meta_data: { [LAG_KEY]: value } });
        const created = Date.now();
        const filter = [{ field: `meta_data.${LAG_KEY}`, operator: "eq" as const, value }];
        while ((await filterRecords(connection, ledgers, filter)).rows.length === 0) {
            if (Date.now() - created > PATIENCE_MS) {
                const finding = `${ledger_id} did not show within ${PATIENCE_MS / 1000} s: pulumi up cannot create things here`;
                return { what: LAG, outcome: "wrong", finding };
            }
            await wait(INTERVAL_MS);
        }
        const lag = Date.now() - created;
        return lag <= RUNS_WAIT_MS
            ? { what: LAG, outcome: "ok", finding: `${ledger_id} showed after ${lag} ms` }
            : {
                  what: LAG,
                  outcome: "wrong",
                  finding:
                      `${ledger_id} showed only after ${lag} ms: a run waits ${RUNS_WAIT_MS} ms for its first created ` +
                      `thing to show, and then stops`,
              };
    } catch (error) {
        return failed(LAG, error);
    }
}
