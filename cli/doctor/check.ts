import { BlnkError } from "../../provider/blnk/errors";

/** How a check came out: `note` tells something that need not be wrong, `unknown` could not be told. */
export type Outcome = "ok" | "note" | "wrong" | "unknown";

/** One line of the doctor's table. */
export interface Check {
    readonly what: string;
    readonly outcome: Outcome;
    readonly said: string;
}

/** 0 where all is right, 1 where something is wrong, 2 where something could not be told. */
export function exitCodeOf(checks: readonly Check[]): 0 | 1 | 2 {
    if (checks.some(({ outcome }) => outcome === "wrong")) return 1;
    return checks.some(({ outcome }) => outcome === "unknown") ? 2 : 0;
}

/** Whether asking again later may come out otherwise: then nothing is known to be wrong. */
export function mayPass(error: unknown): boolean {
    return (
        !(error instanceof BlnkError) || ["busy", "limited", "server", "interrupted", "timeout"].includes(error.fault)
    );
}

/** The outcome of a check that failed. */
export function failed(what: string, error: unknown): Check {
    return { what, outcome: mayPass(error) ? "unknown" : "wrong", said: sentence(error) };
}

/** The message of whatever was thrown. */
export function sentence(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
