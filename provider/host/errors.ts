import { printableLines } from "../blnk/words";

/** What the host prints for an error that has neither text nor stack. */
const NOTHING = ": ";

/**
 * An error of which the engine shows the message, once. The host would print it, and its stack, a second time in the
 * middle of Pulumi's display.
 */
export function shown(error: Error): Error {
    // Names and marks that Blnk holds are in it.
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
