import type { ApiRequest, Connection } from "../../provider/blnk/connection";
import { BlnkError } from "../../provider/blnk/errors";
import { targetTable } from "../../provider/blnk/metadata";
import { filterRecords } from "../../provider/blnk/records";
import { GENERAL_LEDGER_ID } from "../../provider/blnk/server";
import { type Check, failed } from "./check";

/** Ids that no thing can have. */
const NO_LEDGER = "ldg_00000000-0000-0000-0000-000000000000";
const NO_BALANCE = "bln_00000000-0000-0000-0000-000000000000";

/** A request that shows whether a route is served, and changes nothing. */
interface Probe {
    readonly route: string;
    /** What does not work without the route. Absent when nothing needs it. */
    readonly without?: string;
    /** Whether the provider works without the route otherwise. */
    readonly isMinor?: boolean;
    ask(connection: Connection): Promise<unknown>;
}

/** Which routes the server serves. */
export async function checkRoutes(connection: Connection): Promise<readonly Check[]> {
    const isCloud = connection.settings.mode === "cloud";
    const core = isCloud
        ? CORE.map((probe) => ({ ...probe, route: probe.route.replace(" ", " /proxy") }))
        : OF_CORE_ONLY;
    const probes = [...(isCloud ? DATA : []), ...filters(isCloud), ...core];
    const checks = await Promise.all(probes.map((probe) => check(connection, probe)));
    const known = checks.filter((it) => it !== undefined);
    const hidden = probes.filter((_, index) => checks[index] === undefined).map(({ route }) => route);
    return hidden.length === 0 ? known : [...known, hiddenRoutes(hidden)];
}

/** The one line for all routes that the credential may not use. */
function hiddenRoutes(routes: readonly string[]): Check {
    return {
        what: "other routes",
        outcome: "note",
        finding: `not checked, because this credential may not use them: ${routes.join(", ")}`,
    };
}

/** Whether one route is served. Undefined when the credential may not use it. */
async function check(connection: Connection, { route, ask, without, isMinor }: Probe): Promise<Check | undefined> {
    try {
        await ask(connection);
        return { what: route, outcome: "ok", finding: "served" };
    } catch (error) {
        if (!(error instanceof BlnkError)) return failed(route, error);
        // Core's own refusal of the request proves that the route is served.
        if (error.fault === "refused" || (error.fault === "not found" && error.blnkCode !== undefined)) {
            return { what: route, outcome: "ok", finding: "served" };
        }
        if (error.fault === "forbidden") return undefined;
        if (error.fault !== "not found") return failed(route, error);
        if (without === undefined) return { what: route, outcome: "note", finding: "not forwarded, and not needed" };
        return { what: route, outcome: isMinor ? "note" : "wrong", finding: `not forwarded: ${without}` };
    }
}

const DATA: readonly Probe[] = [
    {
        route: "GET /data/ledgers/:id",
        without: "things cannot be read",
        // A row of every database. For a missing row, Cloud's answer would look like a missing route.
        ask: (connection) => connection.cloud("GET", `/data/ledgers/${GENERAL_LEDGER_ID}`, {}),
    },
];

/** The filters of everything that can carry metadata. Cloud serves its own at the root. */
function filters(isCloud: boolean): Probe[] {
    return ["ldg_", "bln_", "idt_", "txn_"].flatMap((prefix) => {
        const table = targetTable(prefix);
        if (table === undefined) return [];
        const nothing = [{ field: table.idField, operator: "eq" as const, value: `${prefix}0` }];
        return {
            route: `POST ${isCloud ? table.cloudFilter : `${table.core}/filter`}`,
            without: `${table.nouns} cannot be searched`,
            ask: (connection) => filterRecords(connection, table, nothing),
        };
    });
}

/** Routes of Core. Cloud serves those that it forwards under `/proxy`. */
const CORE: readonly Probe[] = [
    {
        route: "POST /:id/metadata",
        without: "metadata cannot be changed",
        ask: probing({ method: "POST", path: `/${NO_LEDGER}/metadata`, body: { meta_data: {} }, effect: "repeatable" }),
    },
    {
        route: "PUT /ledgers/:id",
        without: "ledgers cannot be renamed through this server",
        isMinor: true,
        ask: probing({ method: "PUT", path: `/ledgers/${NO_LEDGER}`, body: { name: "nobody" }, effect: "repeatable" }),
    },
    { route: "GET /ledgers/:id", ask: probing({ method: "GET", path: `/ledgers/${NO_LEDGER}`, effect: "none" }) },
    { route: "GET /balances/:id", ask: probing({ method: "GET", path: `/balances/${NO_BALANCE}`, effect: "none" }) },
    {
        route: "POST /ledgers/filter",
        ask: probing({
            method: "POST",
            path: "/ledgers/filter",
            body: { filters: [{ field: "ledger_id", operator: "eq", value: NO_LEDGER }] },
            effect: "none",
        }),
    },
];

/** The same for a Core without Cloud: reads by id are needed, and the filters are checked separately. */
const OF_CORE_ONLY: readonly Probe[] = CORE.filter(({ route }) => !route.endsWith("/filter")).map((probe) => ({
    ...probe,
    without: probe.without ?? "things cannot be read by their id",
}));

function probing(request: ApiRequest): (connection: Connection) => Promise<unknown> {
    return (connection) => connection.core(request);
}
