import type { ServerResponse } from "node:http";

/** What a request is made of. */
interface Parts {
    readonly method: string;
    readonly headers: Headers;
    readonly body: string;
}

/**
 * A request whose body is known. The web's own Request reads even that through a stream, and a sandbox that makes several for
 * each request that it is asked would be the slowest part of many tests.
 */
export function knownRequest(url: string, { method, headers, body }: Parts): Request {
    const known: Pick<Request, "url" | "method" | "headers" | "text"> = {
        url,
        method,
        headers,
        text: async () => body,
    };
    // Neither Hono nor anything behind a face asks for more.
    return known as Request;
}

/** An answer whose body is known, for the same reason; of the web's own, Hono and the sandbox ask for this much. */
class KnownAnswer implements Pick<Response, "status" | "ok" | "headers" | "text" | "arrayBuffer"> {
    constructor(
        readonly status: number,
        readonly headers: Headers,
        readonly known: string,
    ) {}

    get ok(): boolean {
        return this.status >= 200 && this.status < 300;
    }

    async text(): Promise<string> {
        return this.known;
    }

    async arrayBuffer(): Promise<ArrayBuffer> {
        return new TextEncoder().encode(this.known).buffer;
    }
}

/** An answer with this text. */
export function knownAnswer(status: number, type: string, body: string): Response {
    return new KnownAnswer(status, headersOf(type), body) as unknown as Response;
}

/** Tells an answer, of either kind, from anything else. */
export function isAnswer(value: unknown): value is Response {
    return value instanceof Response || value instanceof KnownAnswer;
}

/** Sends an answer that is known; true if it was. */
export function sentAsKnown(answer: Response | KnownAnswer, outgoing: ServerResponse): boolean {
    if (!(answer instanceof KnownAnswer)) return false;
    outgoing.statusCode = answer.status;
    outgoing.setHeaders(answer.headers);
    outgoing.end(answer.known);
    return true;
}

const headersByType = new Map<string, Headers>();

function headersOf(type: string): Headers {
    const headers = headersByType.get(type) ?? new Headers({ "content-type": type });
    headersByType.set(type, headers);
    return headers;
}
