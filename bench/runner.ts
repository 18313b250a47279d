/**
 * Runs one act in a process of its own, as a user's command line does: with nothing warm and nothing left over from the act
 * before. The bench compiles this file and the variants, because a loader would change the text of the functions that
 * travel by value.
 */
import { performance } from "node:perf_hooks";
import { PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { openStack } from "../test/engines/openStack";
import type { Act } from "./acts";
import { variantNamed } from "./variants/variants";

/** Which stack it is about. */
export interface Place {
    readonly project: string;
    readonly stack: string;
    /** Where the stack keeps everything. */
    readonly directory: string;
    /** The folder of the engine; the one on PATH without it. */
    readonly engineRoot?: string;
    readonly environment: Record<string, string>;
}

/** One act to run. */
export interface Job {
    readonly act: Act;
    readonly variant: string;
    readonly size: number;
    readonly place: Place;
}

/** The result of an act. */
export interface ActResult {
    readonly seconds: number;
    /** What the engine did to how many resources, by its own words, such as `created`. */
    readonly changes: Readonly<Record<string, number>>;
    /** What the engine printed, where it failed. */
    readonly failure?: string;
}

async function open({ act, variant, size, place }: Job): Promise<Stack> {
    const { project, stack: name, directory, engineRoot, environment } = place;
    const engine = await PulumiCommand.get(engineRoot === undefined ? {} : { root: engineRoot });
    const program = variantNamed(variant).program(size, act === "one change");
    const { stack } = await openStack({ engine, program, directory, project, stack: name, environment });
    return stack;
}

async function run(stack: Stack, act: Act): Promise<ActResult> {
    const printed: string[] = [];
    const onOutput = (text: string) => void printed.push(text);
    const shown = { onOutput, onError: onOutput, color: "never" } as const;
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    try {
        if (act === "refresh") await stack.refresh(shown);
        else if (act === "destroy") await stack.destroy(shown);
        else await stack.up(shown);
        return { seconds: seconds(), changes: changesIn(printed.join("")) };
    } catch (error) {
        return { seconds: seconds(), changes: {}, failure: printed.join("") || String(error) };
    }
}

/** The numbers of the summary, whose lines look like `    + 302 created` and `    302 unchanged`. */
function changesIn(printed: string): Record<string, number> {
    const summary = printed.slice(printed.lastIndexOf("Resources:"));
    const lines = summary.matchAll(/^\s+(?:[+~-]+ )?(\d+) ([a-z]+)$/gm);
    return Object.fromEntries([...lines].map(([, number, word]) => [word, Number(number)]));
}

// Started by the bench: told the job, it gets ready and says so; told to go, it goes.
process.once("message", async (job: Job) => {
    const stack = await open(job);
    process.once("message", async () => {
        const result = await run(stack, job.act);
        process.send?.(result, () => process.exit());
    });
    process.send?.("ready");
});
