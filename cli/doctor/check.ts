import { BlnkError } from "../../provider/blnk/errors";

/** The outcome of a check. `note` is a possible problem, `unknown` means that the check could not be completed. */
export type Outcome = "ok" | "note" | "wrong" | "unknown";

/** One line of the doctor's table. */
export interface Check {
    readonly what: string;
    readonly outcome: Outcome;
    readonly finding: string;
}

/** 0 without problems, 1 with a problem, 2 if a check could not be completed. */
export function exitCodeOf(checks: readonly Check[]): 0 | 1 | 2 {
    if (checks.some(({ outcome }) => outcome === "wrong")) return 1;
    return checks.some(({ outcome }) => outcome === "unknown") ? 2 : 0;
}

/** Whether the check may succeed later. If so, it has proved no problem. */
export function mayPass(error: unknown): boolean {
    return (
        !(error instanceof BlnkError) || ["busy", "limited", "server", "interrupted", "timeout"].includes(error.fault)
    );
}

/** The outcome of a check that failed. */
export function failed(what: string, error: unknown): Check {
    return { what, outcome: mayPass(error) ? "unknown" : "wrong", finding: messageOf(error) };
}

/** The message of a thrown value. */
export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
