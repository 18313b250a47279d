import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, type PulumiCommand } from "@pulumi/pulumi/automation";
import { engineEnvironment } from "../tools/engine";
import { sweep } from "../tools/leavings";
import { ACTS, type Act } from "./acts";
import { contestantNamed } from "./contestants/contestants";
import { watchMemory } from "./memory";
import type { Job, Performed, Place } from "./performer";
import type { Entry } from "./plan";
import type { Life, Measure } from "./results";
import { Server } from "./server";

// Inside the repository, so that the host of dynamic resources finds this package from there.
const WORK = join(__dirname, ".work");
const LIFE = "life-";
const PERFORMER = join(__dirname, ".build", "performer.js");
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

/** Takes one new stack of a contestant through all acts, in front of a new sandbox, and leaves nothing behind. */
export async function live(entry: Entry, engine: PulumiCommand): Promise<Life> {
    mkdirSync(WORK, { recursive: true });
    await sweep(WORK, LIFE);
    const directory = mkdtempSync(join(WORK, LIFE));
    const server = await Server.start(entry.latency);
    try {
        const place = await openStack(directory, engine, server, contestantNamed(entry.contestant).environment);
        await server.takeRequests();
        const measures: [Act, Measure][] = [];
        for (const act of ACTS) {
            const { contestant, size } = entry;
            const { seconds, changes, memory } = await performed({ act, contestant, size, place });
            const requests = await server.takeRequests();
            const stateBytes = stateBytesIn(directory);
            const peaks = memory && { peakBytes: memory.descendants, programBytes: memory.itself };
            measures.push([act, { seconds, stateBytes, ...peaks, ...requests, changes }]);
        }
        return Object.fromEntries(measures) as Life;
    } finally {
        await server.stop();
        rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    }
}

/** All contestants get the same project, environment and configuration, those that ask nothing of Blnk as well. */
async function openStack(
    directory: string,
    engine: PulumiCommand,
    server: Server,
    environment: Readonly<Record<string, string>> = {},
): Promise<Place> {
    const backend = join(directory, "backend");
    mkdirSync(backend);
    const place: Place = {
        project: PROJECT,
        stack: "dev",
        directory,
        ...(isAbsolute(engine.command) && { engineRoot: dirname(dirname(engine.command)) }),
        environment: {
            ...engineEnvironment(join(directory, "home")),
            PULUMI_BACKEND_URL: `${pathToFileURL(backend)}?metadata=skip`,
            ...environment,
        },
    };
    const stack = await LocalWorkspace.createStack(
        { stackName: place.stack, projectName: PROJECT, program: async () => {} },
        {
            workDir: directory,
            pulumiCommand: engine,
            projectSettings: { name: PROJECT, runtime: "nodejs" },
            envVars: place.environment,
        },
    );
    await stack.setAllConfig({
        "blnk:cloudUrl": { value: server.url },
        "blnk:instanceId": { value: server.instance },
        "blnk:accessToken": { value: server.token, secret: true },
    });
    return place;
}

async function performed(job: Job): Promise<Performed & { memory: ReturnType<ReturnType<typeof watchMemory>> }> {
    const performer = fork(PERFORMER, { execArgv: [], timeout: LONGEST_ACT_MS });
    const ended = once(performer, "exit").then(() => {
        throw new Error(`the process that should perform ${job.act} ended before it had`);
    });
    const answer = () => Promise.race([once(performer, "message"), ended]);
    performer.send(job);
    await answer();
    const stopWatching = watchMemory(performer.pid ?? 0);
    performer.send("go");
    const [outcome] = (await answer().finally(stopWatching)) as [Performed];
    // Not counted: nobody waits for it here. The next act should not meet it.
    await ended.catch(() => undefined);
    if (outcome.failure !== undefined) throw new Error(`${job.act} failed:\n${outcome.failure}`);
    const surprise = Object.keys(outcome.changes).find((change) => !EXPECTED[job.act].includes(change));
    if (surprise !== undefined) throw new Error(`${job.act}: ${outcome.changes[surprise]} resources ${surprise}`);
    return { ...outcome, memory: stopWatching() };
}

/** The size of the stack's state file, as it lies there. */
function stateBytesIn(directory: string): number {
    const folder = join(directory, "backend", ".pulumi", "stacks", PROJECT);
    const file = readdirSync(folder).find((name) => name.endsWith(".json"));
    return file === undefined ? 0 : statSync(join(folder, file)).size;
}
