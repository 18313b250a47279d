import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { WORK } from "./faultStack";
import { isHost, processes } from "./processes";

const PAGE = join(__dirname, "..", "..", "docs", "faults.md");
const BEGIN = "<!-- faults: made by npm run test:faults -->";
const END = "<!-- end of faults -->";

/** How long a host whose engine is gone may stay: it gives 30 seconds to what is on the wire. */
const ORPHANS_END_WITHIN = 60_000;

/** A line of the table. */
interface Line {
    readonly fault: string;
    runs: number;
    outcome: string;
}

const lines: Line[] = [];

/** Adds a line for a fault; its place in the table is that of its declaration. */
export function lineFor(fault: string): Line {
    const line = { fault, runs: 0, outcome: "" };
    lines.push(line);
    return line;
}

/** Says what a run did, so that a failure can be repeated. */
export function say(text: string): void {
    process.stdout.write(`      ${text}\n`);
}

after("no host is left behind, and the table is written", async function () {
    this.timeout(0);
    const line = lineFor("hosts left behind by killed engines, when all has ended");
    const until = Date.now() + ORPHANS_END_WITHIN;
    const orphans = () => processes().filter((it) => isHost(it) && it.directory.startsWith(WORK));
    while (orphans().length > 0 && Date.now() < until) await wait(250);
    const left = orphans().map(({ pid }) => pid);
    line.runs = 1;
    line.outcome = left.length === 0 ? "none" : `FAILED: ${left.length} left`;
    // Not in a run of all tests, which should leave the tree as it is.
    if (process.env.npm_lifecycle_event === "test:faults") writeTable();
    if (left.length > 0) throw new Error(`hosts are left: ${left.join(", ")}`);
});

/** Puts the lines of this run into the page; faults that were not run keep their lines. */
function writeTable(): void {
    const page = read();
    const [before = "", rest = ""] = page.includes(BEGIN) ? page.split(BEGIN) : [page, END];
    const [table = "", behind = ""] = rest.split(END);
    const old = new Map(
        table.split("\n").flatMap((row) => (row.startsWith("| ") ? [[faultOf(row), row]] : [])) as [string, string][],
    );
    const rows = new Map<string, string>();
    for (const { fault, runs, outcome } of lines) {
        const row = runs === 0 ? old.get(fault) : `| ${fault} | ${runs} | ${outcome} |`;
        if (row !== undefined) rows.set(fault, row);
    }
    // A run of only some files knows only their faults.
    for (const [fault, row] of old) if (!rows.has(fault) && !/^(Fault|---)/.test(fault)) rows.set(fault, row);
    const made = ["", "| Fault | Runs | Outcome |", "| --- | --- | --- |", ...rows.values(), ""].join("\n");
    mkdirSync(join(PAGE, ".."), { recursive: true });
    writeFileSync(PAGE, `${before}${BEGIN}${made}${END}${behind || "\n"}`);
}

function faultOf(row: string): string {
    return row.split("|")[1]?.trim() ?? "";
}

function read(): string {
    try {
        return readFileSync(PAGE, "utf8");
    } catch {
        return "# Faults\n\n";
    }
}
