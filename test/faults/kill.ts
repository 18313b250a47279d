import { setTimeout as wait } from "node:timers/promises";
import type { EngineStack, Outcome } from "../engines/engineStack";
import { isApplications } from "./application";
import { engineOf, hostsOf, unlock } from "./engines";
import type { FaultRun } from "./fault";

/** How often it is looked whether the moment has come. */
const LOOK_EVERY_MS = 3;

/** Who is ended, and how. */
export interface Kill {
    readonly who: "engine" | "host";
    readonly signal: "SIGKILL" | "SIGINT";
    /** After this many writes of ours that were asked for since the sandbox's list was cleared. */
    readonly afterWrites: number;
    /** How often it is looked whether the moment has come: thousands of requests take time to go through. */
    readonly lookEveryMs?: number;
}

/** Ends the engine or the host of a run in the middle of its work; undefined where the run was over before. */
export async function endWhile(
    run: FaultRun,
    stack: EngineStack,
    running: Promise<Outcome>,
    { who, signal, afterWrites, lookEveryMs = LOOK_EVERY_MS }: Kill,
): Promise<Outcome | undefined> {
    let over = false;
    const outcome = running.finally(() => {
        over = true;
    });
    while (!over && ourWrites(run) < afterWrites) await wait(lookEveryMs);
    await wait(run.between(0, 25));
    const victim = who === "engine" ? engineOf(stack) : hostsOf(stack)[0];
    if (over || victim === undefined) {
        await outcome;
        return undefined;
    }
    run.tell(`${signal} to the ${who} after ${ourWrites(run)} writes`);
    process.kill(victim.pid, signal);
    return outcome;
}

/** Takes away the lock of a killed engine, and waits for its host to notice or not. */
export async function afterKill(stack: EngineStack, pauses: boolean): Promise<void> {
    unlock(stack);
    if (pauses) await wait(2_000);
}

export function ourWrites(run: FaultRun): number {
    return run.sandbox.writes().filter((request) => !isApplications(request)).length;
}
