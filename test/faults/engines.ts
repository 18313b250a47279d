import { rmSync } from "node:fs";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { Sandbox } from "../../sandbox/sandbox";
import { EngineStack } from "../engines/engineStack";
import type { StateEntry } from "../engines/stateFile";
import { descendantsOf, isEngine, isHost, type Process, processes } from "./processes";

export const PROJECT = "shop";

/** A run that takes longer hangs: one of a fault waits for servers that stall, and for locks of killed engines. */
const LONGEST_RUN_MS = 300_000;

/** How a stack is opened. */
export interface StackSettings {
    readonly config?: Readonly<Record<string, string>>;
    readonly environment?: Readonly<Record<string, string>>;
    readonly name?: string;
    /** A stack whose backend and folder this one shares. */
    readonly beside?: EngineStack;
}

/** A stack of the shop, configured for a sandbox. */
export function openShop(program: PulumiFn, sandbox: Sandbox, settings: StackSettings = {}): Promise<EngineStack> {
    return EngineStack.open(program, {
        project: PROJECT,
        stack: settings.name ?? "dev",
        config: { "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url, ...settings.config },
        environment: { BLNK_ACCESS_TOKEN: sandbox.token, ...settings.environment },
        ...(settings.beside && { beside: settings.beside }),
        longestRunMs: LONGEST_RUN_MS,
    });
}

/** The engine that works for a stack now, if there is one. */
export function engineOf({ directory }: EngineStack): Process | undefined {
    return descendantsOf(process.pid).find((it) => isEngine(it) && it.directory === directory);
}

/** The hosts that work for a stack now, those whose engine is gone among them. */
export function hostsOf({ directory }: EngineStack): Process[] {
    return processes().filter((it) => isHost(it) && it.directory === directory);
}

/** Takes away the lock that a killed engine has left. */
export function unlock({ directory }: EngineStack): void {
    rmSync(join(directory, "backend", ".pulumi", "locks"), { recursive: true, force: true });
}

/** Changes the resources of a state, as whoever edits an export by hand does. */
export function editState(
    stack: EngineStack,
    change: (resources: readonly StateEntry[]) => readonly StateEntry[],
): void {
    const state = stack.exported();
    stack.import({ ...state, resources: change(state.resources ?? []) });
}
