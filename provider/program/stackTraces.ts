import { join, sep } from "node:path";

/** Undoes {@link withoutStackTraces}. */
export interface StackTracesLeftOut {
    /** Stacks as before. */
    end(): void;
    /** An error from between, with the place of the caller where it knows none. */
    located(error: unknown): unknown;
}

/** How stacks are written as text; absent where nobody has set it, and Node.js does it. */
type Prepare = typeof Error.prepareStackTrace | undefined;

/**
 * Lets new errors have no stack, until the end. The SDK notes one on each of the four promises behind each property, which
 * takes most of the time in which a program declares a resource. It shows them to those who look for leaking promises only.
 * The one stack that it takes whatever the limit is, to tell the engine where the resource is declared, is cut below the
 * program's own lines: the engine stores all of it with each resource, and saving takes the longer the more there is.
 * Not around a callback: the SDK counts the frames above it to tell which line declares a resource.
 */
export function withoutStackTraces(): StackTracesLeftOut {
    const { stackTraceLimit } = Error;
    const prepareStackTrace: Prepare = Error.prepareStackTrace;
    const end = () => void Object.assign(Error, { stackTraceLimit, prepareStackTrace });
    if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
        Error.stackTraceLimit = 0;
        // Where Node.js itself maps lines to their sources, it does so only for those who leave stacks to it.
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

/** The frames down to the program's own, without those of Node.js and the SDK that load and run it. */
function ownFrames(frames: NodeJS.CallSite[]): NodeJS.CallSite[] {
    const files = frames.map((frame) => frame.getFileName() ?? "");
    const isRunner = (file: string) => /^node:|[\\/]@pulumi[\\/]pulumi[\\/]/.test(file);
    const first = files.findIndex((file) => !isRunner(file) && !file.startsWith(OWN_FILES));
    const below = files.findIndex((file, index) => index > first && isRunner(file));
    return first < 0 || below < 0 ? frames : frames.slice(0, below);
}
