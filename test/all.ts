/** `npm run test:all`: every check and test there is, one part after the other, and one line that sums them all up. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** The scripts of package.json, in this order. */
const PARTS = ["check", "test:quick", "test:oldest", "test:faults", "test:matrix", "test:bench"];

export interface Counts {
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
}

/** Runs a command, whose output goes to ours, and answers what its last line of counts says. */
export async function runPart(command: string, args: readonly string[]): Promise<Counts> {
    const part = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    const closed = once(part, "close");
    let counts: Counts | undefined;
    for await (const line of createInterface({ input: part.stdout })) {
        process.stdout.write(`${line}\n`);
        counts = countsIn(line) ?? counts;
    }
    const [code] = await closed;
    const { passed, failed, skipped } = counts ?? { passed: code === 0 ? 1 : 0, failed: 0, skipped: 0 };
    // Whatever went wrong besides its tests is a failure too, and so is a part that was killed.
    return { passed, failed: code === 0 ? failed : Math.max(failed, 1), skipped };
}

export function sumOf(parts: readonly Counts[]): Counts {
    const sum = (key: keyof Counts) => parts.reduce((total, part) => total + part[key], 0);
    return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** The line that `test/reporter.cjs` prints as well. */
export function lineOf({ passed, failed, skipped }: Counts): string {
    return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

function countsIn(line: string): Counts | undefined {
    const [, passed, failed, skipped = 0] = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(line) ?? [];
    return passed === undefined
        ? undefined
        : { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}

async function main(): Promise<void> {
    const done: Counts[] = [];
    const times: string[] = [];
    for (const part of PARTS) {
        const started = performance.now();
        const counts = await runPart("npm", ["run", "--silent", part]);
        done.push(counts);
        times.push(`${part}: ${lineOf(counts)} in ${Math.round((performance.now() - started) / 1000)} s`);
        // Without what the others stand on they would only repeat the failure.
        if (part === "check" && counts.failed > 0) break;
    }
    const sum = sumOf(done);
    process.stdout.write(`\n${times.join("\n")}\n${lineOf(sum)}\n`);
    process.exitCode = sum.failed === 0 ? 0 : 1;
}

if (require.main === module) void main();
