/**
 * The tests of `npm test`, in two parts side by side: those on a real engine, whose files run in parallel, and all others, which
 * share one process. Those wait for processes much of the time, these work all the time.
 */
import { finish, runPart } from "./parts";

const ENGINE = ["--parallel", "--jobs", "3"];
// The first two wait longest. No file may be named twice.
const ENGINE_FILES = [
    "test/engine/{trouble,unreachable}.test.ts",
    "test/engine/!(trouble|unreachable).test.ts",
    "test/engines/*.test.ts",
];

/** What takes long, and what needs something else: see the scripts of package.json. */
const ELSEWHERE = ["--ignore", "test/{engine,engines,faults,live,matrix}/**", "--ignore", "test/bench/bench.test.ts"];

async function main(): Promise<void> {
    const mocha = (args: readonly string[], print?: (line: string) => void) =>
        runPart("npx", ["mocha", ...args], print);
    const printed: string[] = [];
    finish(
        await Promise.all([
            mocha([...ENGINE, ...ENGINE_FILES]),
            // Shown when it is complete: lines of two parts together cannot be read.
            mocha([...ELSEWHERE, "test/**/*.test.ts"], (line) => printed.push(line)).finally(() => {
                process.stdout.write(`${printed.join("\n")}\n`);
            }),
        ]),
    );
}

void main();
