import { pageSizeOf } from "./cloud/data";
import type { Entity } from "./core/fields";
import { isObject, parseExact, parseLiteral, toJson } from "./json";
import { knownAnswer } from "./known";

/** The parts of a request that show whether it asks for a list. */
export interface Sent {
    readonly url: string;
    readonly body: string;
}

type Rows = readonly unknown[];

/** A list answer with other rows. Other answers are unchanged. */
export function withRows(response: Response, change: (rows: Rows) => Rows): Promise<Response> {
    return changed(response, (rows, rest) => (rest === undefined ? change(rows) : { ...rest, data: change(rows) }));
}

/** A list answer as if only the first rows existed. */
export function withFirst(response: Response, sent: Sent, most: number): Promise<Response> {
    const left = Math.max(0, most - startOf(sent));
    return changed(response, (rows, rest) => {
        const kept = rows.slice(0, left);
        if (rest !== undefined && "total" in rest) {
            return { ...rest, data: kept, total: Math.min(most, Number(rest.total)) };
        }
        // Like Core's page without rows: null for some kinds, and no count.
        const data = kept.length === 0 && /\/(balances|identities)(\/filter)?$/.test(pathOf(sent)) ? null : kept;
        if (rest === undefined || kept.length === 0) {
            return rest === undefined ? data : { data };
        }
        const counted = "total_count" in rest && { total_count: Math.min(most, Number(rest.total_count)) };
        return { ...rest, data, ...counted };
    });
}

/** A list answer with another count, if it has one. */
export function withCount(response: Response, count: number): Promise<Response> {
    return changed(response, (rows, rest) => {
        const name = ["total", "total_count"].find((it) => rest !== undefined && it in rest);
        return name === undefined ? undefined : { ...rest, data: rows, [name]: count };
    });
}

/** The same request for the first page. */
export function firstPageOf({ url, body }: Sent): Sent {
    const first = new URL(url);
    for (const [name, value] of [
        ["page", "1"],
        ["offset", "0"],
    ] as const) {
        if (first.searchParams.has(name)) {
            first.searchParams.set(name, value);
        }
    }
    const asked = isFilter(url) ? parsed(body) : undefined;
    return { url: first.href, body: asked === undefined ? body : toJson({ ...asked, offset: 0 }) };
}

/** How many rows come before the requested page. */
function startOf({ url, body }: Sent): number {
    const { searchParams: query, pathname } = new URL(url);
    const inBody = isFilter(url) ? parsed(body)?.offset : undefined;
    const offset = Number(String(inBody ?? query.get("offset") ?? 0));
    const page = Number(query.get("page") ?? 1);
    const entity: Entity = /^\/(data\/ledgers|ledger\/filter)$/.test(pathname) ? "ledgers" : "balances";
    return page > 1 ? (page - 1) * (pageSizeOf(query, entity) ?? 0) : Math.max(0, offset || 0);
}

async function changed(
    response: Response,
    change: (rows: Rows, rest: Readonly<Record<string, unknown>> | undefined) => unknown,
): Promise<Response> {
    const type = response.headers.get("content-type") ?? "";
    const text = await response.text();
    const body = response.ok && type.startsWith("application/json") ? parseExact(text) : undefined;
    const rest = isObject(body) ? body : undefined;
    const rows = rest === undefined ? body : rest.data;
    const other = Array.isArray(rows) ? change(rows, rest) : undefined;
    return knownAnswer(response.status, type, other === undefined ? text : toJson(other));
}

function isFilter(url: string): boolean {
    return /\/filter$/.test(new URL(url).pathname);
}

function pathOf({ url }: Sent): string {
    return new URL(url).pathname;
}

function parsed(body: string): Record<string, unknown> | undefined {
    try {
        const value = parseLiteral(body);
        return isObject(value) ? value : undefined;
    } catch {
        return undefined;
    }
}
