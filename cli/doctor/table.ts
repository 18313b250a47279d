import type { Check, Outcome } from "./check";

const WORDS: Readonly<Record<Outcome, string>> = { ok: "ok", note: "note", wrong: "WRONG", unknown: "?" };

const CLOSING = {
    0: "No problems found.",
    1: "Problems found: see the lines marked WRONG.",
    2: "Some checks could not be completed: see the lines marked with a question mark.",
} as const;

/** The checks as an aligned table, and a closing line. */
export function tableOf(checks: readonly Check[], exitCode: 0 | 1 | 2): string {
    const width = Math.max(0, ...checks.map(({ what }) => what.length));
    const lines = checks.map(
        ({ what, outcome, finding }) => `${WORDS[outcome].padEnd(6)} ${what.padEnd(width)}  ${finding}`,
    );
    return [...lines, "", CLOSING[exitCode]].join("\n");
}
