import { isObject, parseExact } from "./json";

/** A request from outside, without secrets. */
export interface RequestSeen {
    /** When it arrived, in milliseconds since 1970. */
    at: number;
    face: "cloud" | "core";
    method: string;
    /** Without the query, as sent: `/proxy/ledgers` on the Cloud face, `/ledgers` on Core's. */
    path: string;
    query: Record<string, string>;
    /** The parsed JSON body. Absent without a body, or if it was not JSON. */
    body?: unknown;
    /** Status of the answer; absent while the request is open or if it was dropped. */
    status?: number;
    /** True if the request would change something in Core. */
    write: boolean;
    /** Start and end in milliseconds with fractions. They show which requests overlapped. */
    started: number;
    ended?: number;
}

const hidden = "[hidden]";
// Shorter values occur in ordinary words.
const shortestSecret = 4;

/** The list of requests, in order of arrival. */
export class RequestLog {
    private seen: RequestSeen[] = [];
    private readonly secrets = new Set<string>();

    /** Hides this value in all later entries. */
    hide(secret: string): void {
        if (secret.length >= shortestSecret) {
            this.secrets.add(secret);
        }
    }

    /** Adds a new request. The answer is added later. */
    add(face: "cloud" | "core", request: Request, text: string): RequestSeen {
        const sentKeys = [
            request.headers.get("authorization")?.replace(/^bearer\s+/i, ""),
            request.headers.get("x-blnk-key"),
        ];
        for (const key of sentKeys) {
            this.hide(key ?? "");
        }
        const url = new URL(request.url);
        const entry: RequestSeen = {
            at: Date.now(),
            face,
            method: request.method,
            path: String(this.scrub(url.pathname)),
            query: this.scrub(Object.fromEntries(url.searchParams)) as Record<string, string>,
            write: isWrite(request.method, url.pathname),
            started: performance.timeOrigin + performance.now(),
        };
        if (text !== "") {
            try {
                entry.body = this.scrub(parseExact(text));
            } catch {
                // Not JSON: no body to show.
            }
        }
        this.seen.push(entry);
        return entry;
    }

    /** Copies of all entries. */
    list(): RequestSeen[] {
        return structuredClone(this.seen);
    }

    /** Empties the list. */
    clear(): void {
        this.seen = [];
    }

    private scrub(value: unknown): unknown {
        if (typeof value === "string") {
            let text = value;
            for (const secret of this.secrets) {
                text = text.replaceAll(secret, hidden).replaceAll(encodeURIComponent(secret), hidden);
            }
            return text;
        }
        if (Array.isArray(value)) {
            return value.map((item) => this.scrub(item));
        }
        if (isObject(value)) {
            return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.scrub(key), this.scrub(item)]));
        }
        return value;
    }
}

/** Records the end of a request. Without a status if it was dropped. */
export function finish(entry: RequestSeen, status?: number): void {
    entry.ended = performance.timeOrigin + performance.now();
    if (status !== undefined) {
        entry.status = status;
    }
}

function isWrite(method: string, path: string): boolean {
    return !["GET", "HEAD", "OPTIONS"].includes(method) && !/\/filter$|\/(multi-)?search(\/|$)/.test(path);
}
