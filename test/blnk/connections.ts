import { Connection } from "../../provider/blnk/connection";
import type { Policy } from "../../provider/blnk/policy";
import type { CloudSettings, ConnectionSettings, CoreSettings } from "../../provider/settings/connectionSettings";
import type { Sandbox } from "../../sandbox/sandbox";
import { HASTY } from "./policies";

/** Both ways to reach a server. Rules that hold for both are tested with both. */
export const MODES = ["cloud", "core"] as const;
export type Mode = (typeof MODES)[number];

export function cloudSettings(sandbox: Sandbox): CloudSettings {
    return {
        mode: "cloud",
        url: sandbox.url,
        instanceId: sandbox.instance,
        credential: sandbox.token,
        credentialFrom: "blnk:accessToken",
        urlFrom: "blnk:cloudUrl",
        timeoutMs: 5000,
    };
}

export function coreSettings(sandbox: Sandbox): CoreSettings {
    return {
        mode: "core",
        url: sandbox.coreUrl,
        credential: sandbox.coreKey,
        credentialFrom: "blnk:coreKey",
        urlFrom: "blnk:coreUrl",
        timeoutMs: 5000,
    };
}

/** A connection that never retries. */
export function cloudTo(sandbox: Sandbox, change: Partial<CloudSettings> = {}, policy: Policy = HASTY): Connection {
    return new Connection({ ...cloudSettings(sandbox), ...change }, policy);
}

/** A connection that never retries. */
export function coreTo(sandbox: Sandbox, change: Partial<CoreSettings> = {}, policy: Policy = HASTY): Connection {
    return new Connection({ ...coreSettings(sandbox), ...change }, policy);
}

export function connect(
    mode: Mode,
    sandbox: Sandbox,
    change: Pick<Partial<ConnectionSettings>, "timeoutMs"> = {},
    policy: Policy = HASTY,
): Connection {
    return mode === "cloud" ? cloudTo(sandbox, change, policy) : coreTo(sandbox, change, policy);
}

/** Reads from a route of Core. */
export async function get(connection: Connection, path: string): Promise<unknown> {
    return connection.core({ method: "GET", path, effect: "none" });
}

/** Creates something through a route of Core. */
export async function post(connection: Connection, path: string, body: unknown): Promise<unknown> {
    return connection.core({ method: "POST", path, body, effect: "creates" });
}

/** Method, path with query, and body of each request: everything except the headers. */
export function asked(sandbox: Sandbox): unknown[][] {
    return sandbox.requests().map(({ method, path, query, body }) => {
        const parameters = new URLSearchParams(query).toString();
        const target = parameters === "" ? path : `${path}?${parameters}`;
        return body === undefined ? [method, target] : [method, target, body];
    });
}

/** The error of a promise. Fails if the promise resolves. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
    const outcome = await promise.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
    );
    if (!("error" in outcome)) throw new Error(`it went well: ${JSON.stringify(outcome.value)}`);
    if (!(outcome.error instanceof Error)) throw new Error("the thrown value is not an Error");
    return outcome.error;
}
