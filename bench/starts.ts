import { execFile } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import { median } from "./results";

const ROOT = join(__dirname, "..");

/** What a plain node process that loads one module costs: the medians of several. */
export interface Start {
    /** What is loaded; `nothing` is a node process that ends at once. */
    readonly loads: string;
    /** From starting the process to its end. */
    readonly processMs: number;
    /** That, divided by what a process that loads nothing takes. */
    readonly toNothing: number;
    /** The call of `require` alone. */
    readonly requireMs: number;
    /** How many files it loaded. */
    readonly modules: number;
}

const NOTHING = "nothing";
// The host half, which the provider host loads, and the program's half, which stands on the SDK.
const LOADED = [NOTHING, "pulumi-blnk/hosted", "@pulumi/pulumi", "pulumi-blnk"];

/** Starts each process so many times, in turns. */
export async function measureStarts(times: number): Promise<Start[]> {
    const seen = LOADED.map((loads) => ({ loads, all: [] as { process: number; require: number; modules: number }[] }));
    for (let time = 0; time < times; time++) {
        for (const { loads, all } of seen) all.push(await startOnce(loads));
    }
    const starts = seen.map(({ loads, all }) => ({
        loads,
        processMs: median(all.map((it) => it.process)) ?? 0,
        requireMs: median(all.map((it) => it.require)) ?? 0,
        modules: median(all.map((it) => it.modules)) ?? 0,
    }));
    const nothing = starts[0]?.processMs ?? 0;
    return starts.map((it) => ({ ...it, toNothing: it.processMs / nothing }));
}

async function startOnce(loads: string): Promise<{ process: number; require: number; modules: number }> {
    const load = loads === NOTHING ? "" : `require(${JSON.stringify(loads)});`;
    const script =
        `const started = performance.now(); ${load} ` +
        `console.log(JSON.stringify([performance.now() - started, Object.keys(require.cache).length]))`;
    const started = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: ROOT });
    const ended = performance.now();
    const [required = 0, modules = 0] = JSON.parse(stdout) as number[];
    return { process: ended - started, require: required, modules };
}
