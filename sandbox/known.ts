import type { ServerResponse } from "node:http";

/** The parts of a request. */
interface Parts {
    readonly method: string;
    readonly headers: Headers;
    readonly body: string;
}

/**
 * A request with its body in memory. The web's own Request reads the body through a stream. The sandbox creates several
 * requests for each one it receives, and that would be the slowest part of many tests.
 */
export function knownRequest(url: string, { method, headers, body }: Parts): Request {
    const known: Pick<Request, "url" | "method" | "headers" | "text"> = {
        url,
        method,
        headers,
        text: async () => body,
    };
    // Hono and the code behind a face use nothing else.
    return known as Request;
}

/** An answer with its body in memory, for the same reason. Hono and the sandbox use only these members. */
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

/** Whether a value is an answer of either kind. */
export function isAnswer(value: unknown): value is Response {
    return value instanceof Response || value instanceof KnownAnswer;
}

/** Sends an answer that has its body in memory. False for other answers. */
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
