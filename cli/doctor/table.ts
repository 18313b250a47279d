import type { Check, Outcome } from "./check";

const WORDS: Readonly<Record<Outcome, string>> = { ok: "ok", note: "note", wrong: "WRONG", unknown: "?" };

const CLOSING = {
    0: "All right.",
    1: "Something is wrong: see the lines that say WRONG.",
    2: "Something could not be told: see the lines with a question mark.",
} as const;

/** The checks as lines of text, their columns aligned, and what they come to. */
export function tableOf(checks: readonly Check[], exitCode: 0 | 1 | 2): string {
    const width = Math.max(0, ...checks.map(({ what }) => what.length));
    const lines = checks.map(({ what, outcome, said }) => `${WORDS[outcome].padEnd(6)} ${what.padEnd(width)}  ${said}`);
    return [...lines, "", CLOSING[exitCode]].join("\n");
}
