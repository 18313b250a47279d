import { join, sep } from "node:path";

/** Undoes {@link withoutStackTraces}. */
export interface StackTracesLeftOut {
    /** Restores stack traces. */
    end(): void;
    /** Gives an error that was thrown meanwhile the caller's position, if it has none. */
    located(error: unknown): unknown;
}

/** The function that formats stacks; undefined if Node.js does it. */
type Prepare = typeof Error.prepareStackTrace | undefined;

/**
 * New errors get no stack trace until `end`. The SDK takes one for each of the four promises behind each property, which is most
 * of the time that declaring a resource takes. It uses them only to find leaking promises.
 * The SDK takes one more stack, whatever the limit is, to tell the engine where the resource is declared. It is cut below the
 * program's own lines: the engine stores it with each resource, and longer stacks make saving slower.
 * Do not use this around a callback: the SDK counts the frames above it to find the line that declares a resource.
 */
export function withoutStackTraces(): StackTracesLeftOut {
    const { stackTraceLimit } = Error;
    const prepareStackTrace: Prepare = Error.prepareStackTrace;
    const end = () => void Object.assign(Error, { stackTraceLimit, prepareStackTrace });
    if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
        Error.stackTraceLimit = 0;
        // Node.js maps lines to their sources only if no prepareStackTrace is set.
        if (prepareStackTrace !== undefined || !process.sourceMapsEnabled) {
            Error.prepareStackTrace = (error, frames) => written(error, ownFrames(frames), prepareStackTrace);
        }
    }
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

function written(error: Error, frames: NodeJS.CallSite[], prepare: Prepare): unknown {
    return prepare === undefined
        ? [error, ...frames.map((frame) => `    at ${frame}`)].join("\n")
        : prepare(error, frames);
}

const OWN_FILES = join(__dirname, "..") + sep;

/** The frames down to the program's own ones, without those of Node.js and the SDK that run the program. */
function ownFrames(frames: NodeJS.CallSite[]): NodeJS.CallSite[] {
    const files = frames.map((frame) => frame.getFileName() ?? "");
    const isRunner = (file: string) => /^node:|[\\/]@pulumi[\\/]pulumi[\\/]/.test(file);
    const first = files.findIndex((file) => !isRunner(file) && !file.startsWith(OWN_FILES));
    const below = files.findIndex((file, index) => index > first && isRunner(file));
    return first < 0 || below < 0 ? frames : frames.slice(0, below);
}
