import { randomBytes } from "node:crypto";
import { parse } from "lossless-json";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import type { Mode } from "../blnk/connections";
import type { Reach } from "./stack";

/** A request in a form that Cloud and Core share: method and Core's path, and the body (for a filter, its conditions). */
export type Request = readonly [string] | readonly [string, unknown];

/** A server for scenarios, and direct access to it without the provider. */
export interface TestServer extends Reach {
    /** A unique word for names on the server. */
    readonly run: string;
    /** Calls a route of Core without the provider. */
    send(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
    /** What the server holds under an id; undefined if there is nothing. */
    held(id: string): Promise<Record<string, unknown> | undefined>;
    /** The provider's requests since the last call. Only the sandbox knows them. */
    requests?(): Request[];
    /** Removes a thing. Only the sandbox can do this. */
    forget?(id: string): void;
    stop(): Promise<void>;
}

const TABLES: Readonly<Record<string, string>> = {
    ldg: "ledgers",
    bln: "balances",
    idt: "identities",
    txn: "transactions",
};

/** How to call a server without the provider: the base of Core's routes, the base for reads, and the credential. */
interface Route {
    readonly core: string;
    readonly reads: string;
    readonly query: string;
    readonly headers: Record<string, string>;
}

function past(route: Route): Pick<TestServer, "send" | "held" | "run"> {
    const ask = async (url: string, method: string, body?: unknown) => {
        const headers = { ...route.headers, "content-type": "application/json" };
        const sent = body === undefined ? {} : { body: JSON.stringify(body) };
        const response = await fetch(`${url}${route.query}`, { method, headers, ...sent });
        const answer = parse(await response.text(), undefined, Number) as Record<string, unknown>;
        return { status: response.status, answer };
    };
    return {
        run: `r${randomBytes(5).toString("hex")}`,
        async send(method, path, body) {
            const { status, answer } = await ask(`${route.core}${path}`, method, body);
            if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
            return answer;
        },
        async held(id) {
            const { status, answer } = await ask(`${route.reads}/${TABLES[id.slice(0, 3)]}/${id}`, "GET");
            if (status === 404) return undefined;
            if (status >= 300) throw new Error(`GET ${id}: ${status}`);
            return (answer.data as Record<string, unknown> | undefined) ?? answer;
        },
    };
}

/** A new sandbox, reached through its Cloud API or its Core API. */
export async function sandboxServer(mode: Mode): Promise<TestServer & { readonly sandbox: Sandbox }> {
    const sandbox = await startSandbox();
    const { coreUrl } = sandbox;
    const aside = past({ core: coreUrl, reads: coreUrl, query: "", headers: { "x-blnk-key": sandbox.coreKey } });
    return {
        ...aside,
        sandbox,
        config:
            mode === "cloud"
                ? { "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url }
                : { "blnk:coreUrl": coreUrl, "blnk:coreKey": sandbox.coreKey },
        environment: mode === "cloud" ? { BLNK_ACCESS_TOKEN: sandbox.token } : {},
        requests() {
            const seen = sandbox.requests().map(({ method, path, body }): Request => {
                const route = path.replace(/^\/(proxy|data)/, "").replace("/ledger/filter", "/ledgers/filter");
                const sent = route.endsWith("/filter") ? (body as { filters: unknown }).filters : body;
                return sent === undefined ? [`${method} ${route}`] : [`${method} ${route}`, sent];
            });
            sandbox.clearRequests();
            return seen;
        },
        forget: (id) => sandbox.forget(id),
        stop: () => sandbox.stop(),
    };
}

/** A real Core, reached directly. */
export function coreServer(url: string, key: string): TestServer {
    const headers = { "x-blnk-key": key };
    return {
        ...past({ core: url, reads: url, query: "", headers }),
        config: { "blnk:coreUrl": url },
        environment: { BLNK_CORE_KEY: key },
        stop: async () => undefined,
    };
}

/** A real instance behind Blnk Cloud. */
export function cloudServer(url: string, token: string, instance: string): TestServer {
    const query = `?${new URLSearchParams({ instance_id: instance })}`;
    const headers = { authorization: `Bearer ${token}` };
    return {
        ...past({ core: `${url}/proxy`, reads: `${url}/data`, query, headers }),
        config: { "blnk:instanceId": instance, "blnk:cloudUrl": url },
        environment: { BLNK_ACCESS_TOKEN: token },
        stop: async () => undefined,
    };
}
