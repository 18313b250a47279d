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
