import { printableLines } from "../blnk/words";

/** The line that the host prints for an error with neither text nor stack. */
const NOTHING = ": ";

/**
 * An error whose message the engine shows once. Without this the host would print it a second time, with its stack, in the
 * middle of Pulumi's display.
 */
export function shown(error: Error): Error {
    // The message may quote names and marks from Blnk.
    error.message = printableLines(error.message);
    error.stack = "";
    error.toString = () => "";
    return error;
}

/** The message of whatever was thrown. */
export function sentence(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** Keeps the empty lines that the host prints for such errors out of Pulumi's display. */
export function silenceEmptyErrors(output: Pick<Console, "error">): void {
    const print = output.error.bind(output);
    output.error = (...words: unknown[]) => {
        if (words.length !== 1 || words[0] !== NOTHING) print(...words);
    };
}
