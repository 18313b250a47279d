import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { configure, openStack } from "../test/engines/openStack";
import { engineEnvironment } from "../tools/engine";
import { sweep } from "../tools/leavings";
import { ACTS, type Act } from "./acts";
import { watchMemory } from "./memory";
import type { Entry } from "./plan";
import type { Life, Measure } from "./results";
import type { ActResult, Job, Place } from "./runner";
import { Server } from "./server";
import { variantNamed } from "./variants/variants";

// Inside the repository, so that the host of dynamic resources finds this package from there.
const WORK = join(__dirname, ".work");
const LIFE = "life-";
const RUNNER = join(__dirname, ".build", "bench", "runner.js");
const PROJECT = "bench";

/** An act that takes longer hangs. */
const LONGEST_ACT_MS = 60 * 60_000;

/** What each act may do to resources. Where it does something else, its figures are of no use. */
const EXPECTED: Readonly<Record<Act, readonly string[]>> = {
    up: ["created"],
    "no-op up": ["unchanged"],
    "one change": ["updated", "unchanged"],
    refresh: ["unchanged"],
    destroy: ["deleted"],
};

/** Takes one new stack of a variant through all acts, in front of a new sandbox, and leaves nothing behind. */
export async function live(entry: Entry, engine: PulumiCommand): Promise<Life> {
    mkdirSync(WORK, { recursive: true });
    await sweep(WORK, LIFE);
    const directory = mkdtempSync(join(WORK, LIFE));
    const server = await Server.start(entry.latency);
    try {
        const { place, stateFile } = await prepare(directory, engine, server, variantNamed(entry.variant).environment);
        await server.takeRequests();
        const measures: [Act, Measure][] = [];
        for (const act of ACTS) {
            const { variant, size } = entry;
            const { seconds, changes, memory } = await inProcess({ act, variant, size, place });
            const requests = await server.takeRequests();
            const stateBytes = statSync(stateFile).size;
            const peaks = memory && { peakBytes: memory.descendants, programBytes: memory.itself };
            measures.push([act, { seconds, stateBytes, ...peaks, ...requests, changes }]);
        }
        return Object.fromEntries(measures) as Life;
    } finally {
        await server.stop();
        rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    }
}

/** All variants get the same project, environment and configuration, those that ask nothing of Blnk as well. */
async function prepare(
    directory: string,
    engine: PulumiCommand,
    server: Server,
    environment: Readonly<Record<string, string>> = {},
): Promise<{ place: Place; stateFile: string }> {
    const place: Place = {
        project: PROJECT,
        stack: "dev",
        directory,
        ...(isAbsolute(engine.command) && { engineRoot: dirname(dirname(engine.command)) }),
        environment: { ...engineEnvironment(join(directory, "home")), ...environment },
    };
    const { stack, file } = await openStack({ ...place, engine, program: async () => {} });
    await configure(stack, {
        "blnk:cloudUrl": { value: server.url },
        "blnk:instanceId": { value: server.instance },
        "blnk:accessToken": { value: server.token, secret: true },
    });
    return { place, stateFile: file.path };
}

async function inProcess(job: Job): Promise<ActResult & { memory: ReturnType<ReturnType<typeof watchMemory>> }> {
    const runner = fork(RUNNER, { execArgv: [], timeout: LONGEST_ACT_MS });
    const ended = once(runner, "exit").then(() => {
        throw new Error(`the process that should run ${job.act} ended before it had`);
    });
    const answer = () => Promise.race([once(runner, "message"), ended]);
    runner.send(job);
    await answer();
    const stopWatching = watchMemory(runner.pid ?? 0);
    runner.send("go");
    const [outcome] = (await answer().finally(stopWatching)) as [ActResult];
    // Not counted: nobody waits for it here. The next act should not meet it.
    await ended.catch(() => undefined);
    if (outcome.failure !== undefined) throw new Error(`${job.act} failed:\n${outcome.failure}`);
    const surprise = Object.keys(outcome.changes).find((change) => !EXPECTED[job.act].includes(change));
    if (surprise !== undefined) throw new Error(`${job.act}: ${outcome.changes[surprise]} resources ${surprise}`);
    return { ...outcome, memory: stopWatching() };
}
