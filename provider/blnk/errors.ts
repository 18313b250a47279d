/** The kinds of failure that callers treat differently. */
export type Fault =
    | "unreachable"
    | "refusing"
    | "timeout"
    | "interrupted"
    | "unauthorized"
    | "forbidden"
    | "not found"
    | "refused"
    | "busy"
    | "limited"
    | "unwanted"
    | "server"
    | "unreadable"
    /** A list that contradicts itself or does not end. */
    | "unlisted";

/**
 * A failed request to Blnk. The message says what failed and what to do. It never contains a token or a body.
 */
export class BlnkError extends Error {
    override readonly name = "BlnkError";
    /** How long the server asks to wait before the next request, in milliseconds. */
    retryAfterMs = 0;

    constructor(
        message: string,
        /** The kind of failure. */
        readonly fault: Fault,
        /** Whether Blnk may have carried out the request despite the failure. */
        readonly mayHaveActed: boolean,
        /** The HTTP status, if there was an answer. */
        readonly status?: number,
        /** Blnk's own error code, such as `LGR_NOT_FOUND`, if there was one. */
        readonly blnkCode?: string,
        options?: { cause?: unknown },
    ) {
        super(message, options);
    }
}

/** Whether the error says that the requested thing does not exist. */
export function isNotFound(error: unknown): error is BlnkError {
    return error instanceof BlnkError && error.fault === "not found";
}
