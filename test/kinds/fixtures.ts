import { markOf } from "../../provider/marks/mark";
import type { Sandbox } from "../../sandbox/sandbox";
import { coreTo, post } from "../blnk/connections";

/** The mark of a thing in the stack that tests of reading use. */
export function markNumber(number: number, owner = "k3f9ab"): string {
    return markOf(owner, `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/blnk:Balance::b${number}`, {});
}

/** A balance in the sandbox, and the mark that it was created with, if any. */
export interface BalanceFixture {
    readonly id: string;
    readonly mark?: string;
}

/** Creates things without the provider, and clears the sandbox's record of these requests. */
export function fixturesOf(sandbox: Sandbox) {
    // One connection for all, which limits concurrent requests. It is more patient than a test: it may create a lot.
    const connection = coreTo(sandbox, { timeoutMs: 60_000 });
    const make = async (path: string, body: object, idField: string) => {
        const made = (await post(connection, path, body)) as Record<string, unknown>;
        sandbox.clearRequests();
        return String(made[idField]);
    };
    const ledger = (meta_data: object = {}) => make("/ledgers", { name: "l", meta_data }, "ledger_id");
    const balance = async (ledger_id: string, mark?: string, more: object = {}): Promise<BalanceFixture> => {
        const meta_data = { ...more, ...(mark === undefined ? {} : { pulumi: mark }) };
        const id = await make("/balances", { ledger_id, currency: "USD", meta_data }, "balance_id");
        return { id, ...(mark === undefined ? {} : { mark }) };
    };
    return {
        ledger,
        balance,
        /** A ledger with balances of consecutive marks. */
        async balances(count: number, more: object = {}): Promise<BalanceFixture[]> {
            const ledger_id = await ledger();
            return Promise.all(Array.from({ length: count }, (_, n) => balance(ledger_id, markNumber(n), more)));
        },
        identity: (meta_data: object) =>
            make("/identities", { first_name: "a", identity_type: "individual", meta_data }, "identity_id"),
    };
}

/**
 * How each request asked, in order: `GET`, or the table, the field and the number of values of a filter, such as
 * `balances by pulumi 15`, `balances list`.
 */
export function questions(sandbox: Sandbox): string[] {
    const asked = sandbox.requests().map(({ method, path, body }) => {
        const table = /(ledger|balance|identit|transaction)[a-z]*\/filter$/.exec(path)?.[1];
        if (table === undefined) return method;
        const [filter] = (body as { filters: { field: string; operator: string; values?: unknown[] }[] }).filters;
        if (filter?.operator === "like") return `${table} list`;
        if (filter?.operator === "eq") return `${table} by ${shortOf(filter.field)}`;
        return `${table} by ${shortOf(filter?.field ?? "")} ${filter?.values?.length}`;
    });
    sandbox.clearRequests();
    return asked;
}

function shortOf(field: string): string {
    return field.startsWith("meta_data.") ? "mark" : "id";
}

/** Acts on each item as Pulumi's engine does in a refresh: some at a time, the next when one is done. */
export async function someAtATime<T, Result>(
    items: readonly T[],
    act: (item: T) => Promise<Result>,
    most = 16,
): Promise<Result[]> {
    const results: Result[] = [];
    const left = items.entries();
    const work = async () => {
        for (const [index, item] of left) results[index] = await act(item);
    };
    await Promise.all(Array.from({ length: most }, work));
    return results;
}
