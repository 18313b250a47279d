/**
 * The tests of `npm test`, in two parts side by side: those on a real engine, whose files run in parallel, and all others, which
 * share one process. The former wait for other processes much of the time, the latter work all the time.
 */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { finish, runPart } from "./parts";

/** What takes long, and what needs something else: see the scripts of package.json. */
const ELSEWHERE = /^(faults|live|matrix)\/|^bench\/bench\.test/;
const ON_ENGINE = /^engines?\//;
/** They wait longest, and so begin first. */
const LONGEST = /^engine\/(trouble|unreachable)\./;

/** Listed here, as mocha only warns of a pattern that fits no file. */
function testFiles(): string[] {
    const entries = readdirSync(__dirname, { recursive: true, withFileTypes: true });
    return entries
        .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
        .map((entry) => relative(__dirname, join(entry.parentPath, entry.name)))
        .filter((file) => !ELSEWHERE.test(file))
        .sort((a, b) => Number(LONGEST.test(b)) - Number(LONGEST.test(a)) || (a < b ? -1 : 1));
}

async function main(): Promise<void> {
    const files = testFiles();
    const onEngine = files.filter((file) => ON_ENGINE.test(file));
    const others = files.filter((file) => !ON_ENGINE.test(file));
    const mocha = (options: readonly string[], chosen: readonly string[], print?: (line: string) => void) =>
        runPart("npx", ["mocha", ...options, ...chosen.map((file) => join(__dirname, file))], print);
    const printed: string[] = [];
    finish(
        await Promise.all([
            mocha(["--parallel", "--jobs", "3"], onEngine),
            // Shown when it is complete: lines of two parts together cannot be read.
            mocha([], others, (line) => printed.push(line)).finally(() => {
                process.stdout.write(`${printed.join("\n")}\n`);
            }),
        ]),
    );
}

void main();
