import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

/** The most that an answer may hold: a page of 100 rows, each at Blnk's own limit of 8 KB, is well below it. */
const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;

const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

/** One HTTP request, complete with its headers. */
export interface HttpRequest {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly timeoutMs: number;
}

/** What came back, whatever its status. */
export interface HttpAnswer {
    readonly status: number;
    readonly location?: string;
    /** The header Retry-After, in milliseconds. */
    readonly retryAfterMs?: number;
    readonly text: string;
}

/** A request that got no whole answer. */
export class HttpFailure extends Error {
    constructor(
        readonly reason: "unreachable" | "timeout" | "interrupted" | "too large",
        /** The system's word for it, such as `ECONNREFUSED`. */
        readonly detail: string,
        options?: ErrorOptions,
    ) {
        super(`${reason} (${detail})`, options);
    }
}

/** Sends one request once; redirects are not followed. Throws {@link HttpFailure} where there is no whole answer. */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
    // Loaded on first use: node-fetch is an ES module, and a process that only diffs never needs it.
    const { default: fetch } = await import("node-fetch");
    try {
        const response = await fetch(request.url, {
            method: request.method,
            headers: request.headers,
            redirect: "manual",
            size: LARGEST_ANSWER_BYTES,
            agent: (url) => (url.protocol === "https:" ? agents.https : agents.http),
            signal: AbortSignal.timeout(request.timeoutMs),
            ...(request.body === undefined ? {} : { body: request.body }),
        });
        const location = response.headers.get("location");
        const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
        return {
            status: response.status,
            text: await response.text(),
            ...(location ? { location } : {}),
            ...(retryAfter >= 0 ? { retryAfterMs: retryAfter * 1000 } : {}),
        };
    } catch (error) {
        throw failureOf(error);
    }
}

/** System errors that say that no connection came about, so that the request cannot have been acted on. */
const NEVER_CONNECTED =
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

function failureOf(error: unknown): HttpFailure {
    const { name, type, code } = error as { name?: string; type?: string; code?: string };
    const options = { cause: error };
    if (name === "TimeoutError" || name === "AbortError") return new HttpFailure("timeout", "no answer", options);
    if (type === "max-size") return new HttpFailure("too large", "more than 4 MB", options);
    if (code !== undefined && NEVER_CONNECTED.test(code)) return new HttpFailure("unreachable", code, options);
    return new HttpFailure("interrupted", code ?? type ?? "connection lost", options);
}
