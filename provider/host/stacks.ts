/** Undoes {@link withoutStacks}. */
export interface StacksLeftOut {
    /** Stacks as before. */
    end(): void;
    /** An error from between, with the place of the caller where it knows none. */
    located(error: unknown): unknown;
}

/**
 * Lets new errors have no stack, until the end. The SDK notes one on each of the four promises behind each property, which
 * takes most of the time in which a program declares a resource. It shows them to those who look for leaking promises only.
 * Not around a callback: the SDK counts the frames above it to tell which line declares a resource.
 */
export function withoutStacks(): StacksLeftOut {
    const { stackTraceLimit } = Error;
    const end = () => {
        Error.stackTraceLimit = stackTraceLimit;
    };
    if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) Error.stackTraceLimit = 0;
    return {
        end,
        located(error) {
            end();
            const hasPlace = error instanceof Error && /\n\s+at /.test(error.stack ?? "");
            if (error instanceof Error && !hasPlace) Error.captureStackTrace(error, this.located);
            return error;
        },
    };
}
