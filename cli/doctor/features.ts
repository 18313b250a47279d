import type { Connection } from "../../provider/blnk/connection";
import { ledgers } from "../../provider/blnk/ledgers";
import { type Condition, filterRecords } from "../../provider/blnk/records";
import { identifyServer } from "../../provider/blnk/server";
import { escapeLike, MARK_KEY } from "../../provider/marks/mark";
import { type Check, failed } from "./check";

/** A mark that no thing has. */
const NO_MARK = "pulumi-blnk/doctor/nothing@nobody#0000000000000000";
const FIELD = `meta_data.${MARK_KEY}`;

/** The identity of the server. */
export async function checkIdentity(connection: Connection): Promise<Check> {
    const what = "identity";
    try {
        return { what, outcome: "ok", finding: await identifyServer(connection) };
    } catch (error) {
        return failed(what, error);
    }
}

/** Whether things are found by their marks. Without that, nothing can be created exactly once. */
export async function checkMarkSearch(connection: Connection): Promise<Check> {
    const what = "search by mark";
    const ask = async (condition: Omit<Condition, "field">) =>
        (await filterRecords(connection, ledgers, [{ field: FIELD, ...condition }])).rows;
    try {
        const none = [
            ...(await ask({ operator: "in", values: [NO_MARK] })),
            ...(await ask({ operator: "like", value: `${escapeLike(NO_MARK)}%` })),
        ];
        if (none.length > 0) {
            return { what, outcome: "wrong", finding: "a filter by metadata returns things that do not match it" };
        }
        const [marked] = await ask({ operator: "like", value: "%" });
        const mark = marked?.meta_data[MARK_KEY];
        if (typeof mark !== "string") {
            return { what, outcome: "ok", finding: "the operators in and like are served; no ledger has a mark yet" };
        }
        const found = [
            await ask({ operator: "in", values: [mark] }),
            await ask({ operator: "like", value: escapeLike(mark) }),
        ].map((rows) => rows.some(({ ledger_id }) => ledger_id === marked?.ledger_id));
        return found.every(Boolean)
            ? { what, outcome: "ok", finding: "the operators in and like find marked ledgers" }
            : { what, outcome: "wrong", finding: `${marked?.ledger_id} is not found by its mark ${mark}` };
    } catch (error) {
        return failed(what, error);
    }
}

/** In which order a filter returns rows. A Core accepts an order. Cloud does not document one. */
export async function checkSorting(connection: Connection): Promise<Check> {
    const what = "sorting";
    try {
        const any = [{ field: "ledger_id", operator: "isnotnull" as const }];
        const times = (await filterRecords(connection, ledgers, any)).rows.map(({ created_at }) => created_at);
        if (times.length < 2) return { what, outcome: "ok", finding: "there are too few ledgers to check the order" };
        const isOldestFirst = times.every((time, index) => index === 0 || (times[index - 1] ?? "") <= time);
        if (isOldestFirst) return { what, outcome: "ok", finding: "oldest first" };
        return connection.settings.mode === "core"
            ? {
                  what,
                  outcome: "wrong",
                  finding: "not oldest first, although requested: this is not Blnk 0.14 or newer",
              }
            : { what, outcome: "ok", finding: "not oldest first; whole lists are read before they are used" };
    } catch (error) {
        return failed(what, error);
    }
}
