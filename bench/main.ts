/** `npm run bench`: what stacks of balances cost, ours and others', side by side. See docs/performance.md. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { findEngine } from "../tools/engine";
import { live } from "./life";
import { writePage } from "./page";
import { type Entry, planOf } from "./plan";
import type { Gathered } from "./results";
import { sheetOf } from "./sheet";
import { measureStarts } from "./starts";
import { textOf } from "./tables";
import { VARIANT_NAMES } from "./variants/variants";

interface Flags {
    readonly sizes: number[];
    readonly large?: true | number;
    readonly latencies: number[];
    readonly variants?: string[];
    readonly runs: number;
    readonly json: string;
    readonly docs?: true;
}

/** Processes are started so many times for each run: they are short, and noisy. */
const STARTS_PER_RUN = 3;

const LARGE = 1_000;

async function bench({ sizes, large, latencies, variants, runs, json, docs }: Flags): Promise<void> {
    // Settings of the one who runs this must not reach the variants.
    for (const name of Object.keys(process.env).filter((it) => /^(BLNK|PULUMI)_/.test(it) && it !== "PULUMI_HOME")) {
        delete process.env[name];
    }
    const largeSize = large === true ? LARGE : large;
    const options = {
        sizes,
        latencies,
        ...(largeSize !== undefined && { large: largeSize }),
        ...(variants !== undefined && { variants }),
        runs,
    };
    const plan = planOf(options);
    if (plan.length === 0) throw new Error("nothing to measure: these variants run with --large only.");
    const engine = await findEngine((line) => console.error(line));
    const gathered: Gathered[] = plan.map((entry) => ({ entry, runs: [], failed: 0 }));
    for (let run = 1; run <= runs; run++) {
        for (const one of gathered) {
            const what = `run ${run} of ${runs}: ${describe(one.entry)}`;
            try {
                const life = await live(one.entry, engine);
                one.runs.push(life);
                const seconds = Object.entries(life).map(([act, measure]) => `${act} ${measure.seconds.toFixed(2)} s`);
                console.error(`${what}: ${seconds.join(", ")}`);
            } catch (error) {
                one.failed++;
                process.exitCode = 1;
                console.error(`${what} FAILED: ${error instanceof Error ? error.message : error}`);
            }
        }
    }
    const starts = await measureStarts(runs * STARTS_PER_RUN);
    const sheet = sheetOf(String(engine.version), options, gathered, starts);
    const text = textOf(sheet);
    console.log(text);
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, `${JSON.stringify(sheet, undefined, 2)}\n`);
    console.error(`\nEvery run is in ${relative(process.cwd(), json)}.`);
    if (docs) writePage(text);
}

function describe({ variant, size, latency }: Entry): string {
    return size === 0 ? variant : `${variant}, ${size} balances at ${latency} ms`;
}

function whole(text: string): number {
    if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a whole number is expected.");
    return Number(text);
}

function atLeastOne(text: string): number {
    const number = whole(text);
    if (number === 0) throw new InvalidArgumentError("at least one is expected.");
    return number;
}

const list = (text: string) => text.split(",").map(whole);

new Command("npm run bench --")
    .description("measure stacks of balances on a local sandbox: ours, the engine's floor, and by value")
    .option("--sizes <numbers>", "how many balances", list, [300])
    .option(
        "--large [number]",
        `so many balances as well, some without state saves, and as balance sets; ${LARGE} unless given`,
        whole,
    )
    .option("--latencies <milliseconds>", "what the sandbox adds to each request", list, [0, 50])
    .addOption(new Option("--variants <names...>", "only these").choices(VARIANT_NAMES))
    .option("--runs <number>", "how often everything is done", atLeastOne, 3)
    .option("--json <file>", "where all figures go", (path) => resolve(path), resolve(__dirname, "results.json"))
    .option("--docs", "write the tables into docs/performance.md as well")
    .action(bench)
    .parseAsync()
    .catch((cause: unknown) => {
        console.error(cause instanceof Error ? cause.message : String(cause));
        process.exitCode = 1;
    })
    // Whatever the SDK has left open must not keep the terminal.
    .finally(() => setTimeout(() => process.exit(), 2_000).unref());
