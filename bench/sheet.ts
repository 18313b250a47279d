import { cpus, totalmem } from "node:os";
import { type Verdict, verdictsOf } from "./goals";
import type { PlanOptions } from "./plan";
import { type Case, casesOf, type Gathered } from "./results";
import type { Start } from "./starts";

/** What the figures depend on. */
export interface Machine {
    readonly cores: number;
    readonly memoryBytes: number;
    readonly node: string;
    readonly engine: string;
    readonly date: string;
}

/** Everything that one run of the bench found: the content of its JSON file. */
export interface Sheet {
    readonly machine: Machine;
    readonly options: PlanOptions & { readonly runs: number };
    /** How the figures were taken, in sentences. */
    readonly method: readonly string[];
    readonly cases: readonly Case[];
    readonly starts: readonly Start[];
    readonly goals: readonly Verdict[];
}

/** How the figures were taken. They stand under each table. */
export const METHOD: readonly string[] = [
    "Seconds are what a user waits for: from starting the CLI's command to its end, with --skip-preview for all alike.",
    "Programs run inline, through the Automation API, in a new process for each act; loading the program is not in the seconds.",
    "Each stack is new: a state folder (file:///…?metadata=skip) and a PULUMI_HOME of its own, and a new sandbox in a process of its own.",
    "The variants take turns: run 1 of all, then run 2 of all. Figures are medians.",
    "State is the size of the state file after the act.",
    "Memory is the most that the engine and the provider hosts held at once: their resident memory, added up 10 times a second. The process of the inline program and the sandbox are not in it; the JSON file has the former beside it.",
    "Reads and writes are the requests that the sandbox saw. It works on the same machine: its time is in that of those who ask it. It has answered some hundred requests before, in another instance, so that its code is compiled.",
];

/** Puts together what one run found. */
export function sheetOf(
    engine: string,
    options: Sheet["options"],
    gathered: readonly Gathered[],
    starts: readonly Start[],
): Sheet {
    const cases = casesOf(gathered);
    return {
        machine: {
            cores: cpus().length,
            memoryBytes: totalmem(),
            node: process.version,
            engine,
            date: new Date().toISOString().slice(0, 10),
        },
        options,
        method: METHOD,
        cases,
        starts,
        goals: verdictsOf(cases),
    };
}
