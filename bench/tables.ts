import { markdownTable } from "markdown-table";
import { ACTS } from "./acts";
import type { Verdict } from "./goals";
import type { Sheet } from "./sheet";

/** The whole sheet as text, for the terminal and for the documentation alike. */
export function textOf(sheet: Sheet): string {
    const { cores, memoryBytes, node, engine, date } = sheet.machine;
    const { runs } = sheet.options;
    return [
        `${date}, ${cores} cores, ${inBytes(memoryBytes)} of memory, Node ${node}, Pulumi ${engine}, medians of ${runs} ${runs === 1 ? "run" : "runs"}.`,
        actsTable(sheet),
        startsTable(sheet),
        goalLines(sheet.goals),
        sheet.method.map((sentence) => `- ${sentence}`).join("\n"),
    ].join("\n\n");
}

/** One line for each act of each variant: medians, and ratios to the floor and to by value. */
function actsTable({ cases }: Sheet): string {
    const head = [
        ["balances", "latency", "act", "variant", "seconds", "× floor", "× by value"],
        ["state", "× floor", "× by value", "memory", "reads", "writes"],
    ].flat();
    // What is to be compared stands together: all variants of one act.
    const places = [...new Set(cases.map(({ size, latency }) => `${size} ${latency}`))];
    const rows = places.flatMap((place) =>
        ACTS.flatMap((act) =>
            cases
                .filter(({ size, latency }) => `${size} ${latency}` === place)
                .map(({ variant, size, latency, medians, ratios, failed }) => {
                    const start = [String(size), `${latency} ms`, act, variant];
                    if (medians === undefined) return [...start, `FAILED ${failed} ×`, ...Array(8).fill("")];
                    const own = medians[act];
                    const { toFloor, toByValue } = ratios?.[act] ?? {};
                    return [
                        ...start,
                        inSeconds(own.seconds),
                        inTimes(toFloor?.seconds),
                        inTimes(toByValue?.seconds),
                        inBytes(own.stateBytes),
                        inTimes(toFloor?.stateBytes),
                        inTimes(toByValue?.stateBytes),
                        inBytes(own.peakBytes),
                        String(own.reads ?? ""),
                        String(own.writes ?? ""),
                    ];
                }),
        ),
    );
    return markdownTable([head, ...rows], {
        align: head.map((_, column) => (column === 2 || column === 3 ? "l" : "r")),
    });
}

function startsTable({ starts }: Sheet): string {
    const head = ["a node process that loads", "process", "× nothing", "require", "files"];
    const rows = starts.map(({ loads, processMs, toNothing, requireMs, modules }) => [
        loads,
        `${processMs.toFixed(0)} ms`,
        inTimes(toNothing),
        `${requireMs.toFixed(0)} ms`,
        String(modules),
    ]);
    return markdownTable([head, ...rows], { align: ["l", "r", "r", "r", "r"] });
}

function goalLines(goals: readonly Verdict[]): string {
    if (goals.length === 0) return "No goal is about sizes and latencies of this run.";
    const lines = goals.map(({ goal, figure, against, bound, holds, unit }) => {
        const show = { s: inSeconds, B: inBytes, requests: String }[unit];
        const other = against === undefined ? "" : ` against ${show(against)}`;
        return `- ${goal}: ${holds ? "holds" : "DOES NOT HOLD"}, ${show(figure)}${other} (bound ${show(bound)})`;
    });
    return lines.join("\n");
}

function inSeconds(seconds: number | undefined): string {
    return seconds === undefined ? "" : `${seconds.toFixed(2)} s`;
}

function inTimes(ratio: number | undefined): string {
    return ratio === undefined ? "" : ratio.toFixed(2);
}

function inBytes(bytes: number | undefined): string {
    if (bytes === undefined) return "";
    return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}
