/**
 * Root hooks and the table of the fault suite, which mocha loads by name: each worker leaves its lines in a folder, and the
 * main process makes the table of them.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { OWN_FOLDERS } from "../engines/engineStack";
import { isHost, processes } from "./processes";

const LINES = join(__dirname, ".lines");
const PAGE = join(__dirname, "..", "..", "docs", "faults.md");
const BEGIN = "<!-- faults: made by npm run test:faults -->";
const END = "<!-- end of faults -->";

/** How long a host whose engine is gone may stay: it gives 30 seconds to what is on the wire. */
const ORPHANS_END_WITHIN = 60_000;
const ORPHANS = "hosts left behind by killed engines, when all has ended";

/** A line of the table. */
interface Line {
    readonly fault: string;
    runs: number;
    outcome: string;
}

const lines: Line[] = [];

/** Adds a line for a fault. */
export function lineFor(fault: string): Line {
    const known = lines.find((line) => line.fault === fault);
    if (known !== undefined) return known;
    const line = { fault, runs: 0, outcome: "" };
    lines.push(line);
    return line;
}

/** Says what a run did, so that a failure can be repeated. */
export function say(text: string): void {
    process.stdout.write(`      ${text}\n`);
}

/** In a parallel run these hooks run for each file. */
export const mochaHooks = {
    async afterAll(this: Mocha.Context): Promise<void> {
        this.timeout(0);
        const line = lineFor(ORPHANS);
        const until = Date.now() + ORPHANS_END_WITHIN;
        const orphans = () => processes().filter((it) => isHost(it) && it.directory.startsWith(OWN_FOLDERS));
        while (orphans().length > 0 && Date.now() < until) await wait(250);
        const left = orphans().map(({ pid }) => pid);
        line.runs = 1;
        if (left.length > 0) line.outcome = `FAILED: ${left.length} left`;
        else if (line.outcome === "") line.outcome = "none";
        mkdirSync(LINES, { recursive: true });
        writeFileSync(join(LINES, `${process.pid}.json`), JSON.stringify(lines));
        if (left.length > 0) throw new Error(`hosts are left: ${left.join(", ")}`);
    },
};

export function mochaGlobalSetup(): void {
    rmSync(LINES, { recursive: true, force: true });
}

/** Puts the lines of all workers into the page, unless this is `npm run test:all`, which leaves the tree as it is. */
export function mochaGlobalTeardown(): void {
    if (process.env.npm_lifecycle_event === "test:faults" && process.env.FAULTS_PAGE !== "leave") {
        const texts = readdirSync(LINES).map((name) => readFileSync(join(LINES, name), "utf8"));
        writeTable(texts.flatMap((text): Line[] => JSON.parse(text)));
    }
    rmSync(LINES, { recursive: true, force: true });
}

/** A fault that was not run keeps its row, and each row its place. */
function writeTable(run: readonly Line[]): void {
    const page = readFileSync(PAGE, "utf8");
    const [before = "", rest = ""] = page.split(BEGIN);
    const [table = "", behind = ""] = rest.split(END);
    const old = table.split("\n").filter((row) => /^\| (?!Fault|---)/.test(row));
    const rows = new Map(old.map((row) => [row.split("|")[1]?.trim() ?? "", row]));
    // What failed in one worker stands last, and so stays.
    const told = [...run].sort(
        (a, b) => Number(a.outcome.startsWith("FAILED")) - Number(b.outcome.startsWith("FAILED")),
    );
    for (const { fault, runs, outcome } of told) {
        if (runs > 0) rows.set(fault, `| ${fault} | ${runs} | ${outcome} |`);
    }
    const made = ["", "| Fault | Runs | Outcome |", "| --- | --- | --- |", ...rows.values(), ""].join("\n");
    writeFileSync(PAGE, `${before}${BEGIN}${made}${END}${behind || "\n"}`);
}
