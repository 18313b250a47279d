import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface Counts {
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
}

/** Runs a command, hands on what it prints, and answers what its last line of counts says. */
export async function runPart(
    command: string,
    args: readonly string[],
    print: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<Counts> {
    const part = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    const closed = once(part, "close");
    let counts: Counts | undefined;
    for await (const line of createInterface({ input: part.stdout })) {
        print(line);
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

/** Prints the sum as the last line, and ends the process as it says. */
export function finish(parts: readonly Counts[]): void {
    const sum = sumOf(parts);
    process.stdout.write(`${lineOf(sum)}\n`);
    process.exitCode = sum.failed === 0 ? 0 : 1;
}

function countsIn(line: string): Counts | undefined {
    const [, passed, failed, skipped = 0] = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(line) ?? [];
    return passed === undefined
        ? undefined
        : { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}
