/** What went wrong in an exchange with Blnk, as far as a caller may want to act on it. */
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
    /** A list that contradicts itself, or does not end. */
    | "unlisted";

/**
 * An exchange with Blnk that failed. The message is a sentence that says what happened and what to do; it never holds
 * a token or a body.
 */
export class BlnkError extends Error {
    override readonly name = "BlnkError";
    /** How long the server asks to be left alone, in milliseconds. */
    retryAfterMs = 0;

    constructor(
        message: string,
        /** The kind of failure. */
        readonly fault: Fault,
        /** Whether Blnk may have acted on the request all the same. */
        readonly mayHaveActed: boolean,
        /** The HTTP status, where there was an answer. */
        readonly status?: number,
        /** Blnk's own error code, such as `LGR_NOT_FOUND`, where there was one. */
        readonly blnkCode?: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

/** Whether the error says that the thing asked for is not there. */
export function isNotFound(error: unknown): error is BlnkError {
    return error instanceof BlnkError && error.fault === "not found";
}
