import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { agentThrough, proxyFor, THROUGH_PROXY } from "./proxy";

/** The largest answer that is read. A page of 100 rows, each at Blnk's own limit of 8 KB, is well below it. */
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

/** An answer of any status. */
export interface HttpAnswer {
    readonly status: number;
    readonly location?: string;
    /** The header Retry-After, in milliseconds. */
    readonly retryAfterMs?: number;
    readonly text: string;
}

/** A request without a complete answer. */
export class HttpFailure extends Error {
    constructor(
        readonly reason: "unreachable" | "proxy" | "timeout" | "interrupted" | "too large",
        /** The system's error code, such as `ECONNREFUSED`, or the status of a proxy's answer. */
        readonly detail: string,
        /** Whether the request was certainly not sent. */
        readonly neverSent: boolean,
        options?: { cause?: unknown },
    ) {
        super(`${reason} (${detail})`, options);
    }
}

/** Sends one request once, without following redirects. Throws {@link HttpFailure} without a complete answer. */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
    // Loaded on first use: node-fetch is an ES module, and a process that only diffs never needs it.
    const { default: fetch } = await import("node-fetch");
    try {
        const agent = await agentFor(new URL(request.url));
        const response = await fetch(request.url, {
            method: request.method,
            headers: request.headers,
            redirect: "manual",
            size: LARGEST_ANSWER_BYTES,
            agent,
            // The limit covers the whole answer, so that a slow one ends too.
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

async function agentFor(url: URL): Promise<HttpAgent> {
    if (url.protocol !== "https:") return agents.http;
    const proxy = await proxyFor(url);
    return proxy === undefined ? agents.https : agentThrough(proxy);
}

/** System calls that make a connection. When one fails, nothing was sent. */
const CONNECTING = ["connect", "getaddrinfo"];

/** A refused certificate: the handshake fails before anything is sent. */
const CERTIFICATE =
    /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|VERIFY|DECODE)_|ERR_TLS_CERT_ALTNAME_INVALID)/;

/** These errors can also end an open connection, so they do not prove that nothing was sent. */
const UNREACHABLE = /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|ETIMEDOUT)$/;

/** Classifies an error of the HTTP library or of the system. */
export function failureOf(error: unknown): HttpFailure {
    const { name, type, code, erroredSysCall, syscall = erroredSysCall } = error as Readonly<Record<string, string>>;
    const failure = (reason: HttpFailure["reason"], detail: string, neverSent = false) =>
        new HttpFailure(reason, detail, neverSent, { cause: error });
    if (name === "TimeoutError" || name === "AbortError") return failure("timeout", "no answer");
    if (type === "max-size") return failure("too large", "more than 4 MB");
    if (syscall === THROUGH_PROXY) return failure("proxy", code ?? "no answer", true);
    if (code === undefined) return failure("interrupted", type ?? "connection lost");
    // When all addresses of a name fail there is no system call. ECONNREFUSED comes from connecting only.
    const isConnecting = syscall === undefined ? code === "ECONNREFUSED" : CONNECTING.includes(syscall);
    if (isConnecting || CERTIFICATE.test(code)) return failure("unreachable", code, true);
    // The host may have become unreachable after it received the request.
    if (UNREACHABLE.test(code)) return failure("unreachable", code);
    return failure("interrupted", code);
}
