/** Where engines that we fetched or built are kept between runs, and how they get there whole. */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { sweep } from "../leavings";

const PROBE_ENDS_WITHIN = 15_000;

const windows = process.platform === "win32";
/** The file name of the engine's binary. */
export const BINARY = windows ? "pulumi.exe" : "pulumi";
/** Starts the host of dynamic resources; the engine looks for it beside itself. */
const LAUNCHER = `pulumi-resource-pulumi-nodejs${windows ? ".cmd" : ""}`;

/** The directory of our own engine of a version: where the vendor's npm package keeps its copies too. */
export function root(version: string): string {
    return join(process.env.PULUMI_HOME || join(homedir(), ".pulumi"), "versions", version);
}

/** The engine under `root`, or on PATH without one; undefined when there is none that answers in time. */
export async function probe(root?: string): Promise<PulumiCommand | undefined> {
    const command = root ? join(root, "bin", BINARY) : "pulumi";
    try {
        // Asked here first because the Automation API's own question has no time limit.
        await promisify(execFile)(command, ["version"], {
            timeout: PROBE_ENDS_WITHIN,
            killSignal: "SIGKILL",
            env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
        });
        return await PulumiCommand.get(root ? { root } : {});
    } catch {
        return undefined;
    }
}

/** A private directory beside `root` in which an engine is made, so that a killed run leaves no half engine. */
export async function partial(root: string): Promise<string> {
    const prefix = `${root}.partial-`;
    await sweep(dirname(root), basename(prefix));
    await mkdir(dirname(root), { recursive: true });
    return await mkdtemp(prefix);
}

/** Moves the finished engine from `partial` into place; each move is atomic, so two runs at once do no harm. */
export async function publish(partial: string, root: string): Promise<void> {
    await mkdir(join(root, "bin"), { recursive: true });
    const files = await readdir(join(partial, "bin"));
    // The binary last: from then on the engine counts as there.
    for (const file of files.sort((a, b) => Number(a === BINARY) - Number(b === BINARY))) {
        await rename(join(partial, "bin", file), join(root, "bin", file));
    }
    await rm(partial, { recursive: true, force: true });
}

/** Puts the launcher of the installed SDK beside our engine unless it is there (the vendor's installer brings it). */
export async function addLauncher(root: string): Promise<void> {
    const target = join(root, "bin", LAUNCHER);
    if (await exists(target)) {
        return;
    }
    // A copy, not a link: the cache outlives this clone.
    const whole = `${target}.${process.pid}`;
    await copyFile(join(dirname(require.resolve("@pulumi/pulumi/package.json")), LAUNCHER), whole);
    await rename(whole, target);
}

async function exists(path: string): Promise<boolean> {
    return stat(path).then(
        () => true,
        () => false,
    );
}
