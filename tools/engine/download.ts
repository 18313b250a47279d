/** Gets the vendor's build of the engine, where the host of its installer answers. */
import { rm } from "node:fs/promises";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";
import * as cache from "./cache";
import { VERSIONS, type Which } from "./versions";

const INSTALLER = "https://get.pulumi.com/install.sh";
const INSTALLER_ANSWERS_WITHIN = 3_000;
const INSTALLER_FINISHES_WITHIN = 5 * 60_000;

/** Installs the vendor's build of an engine under `root`. Answers why it could not, or undefined when it did. */
export async function withInstaller(
    which: Which,
    root: string,
    say: (line: string) => void,
): Promise<string | undefined> {
    const host = new URL(INSTALLER).host;
    try {
        // Only a probe: the Automation API fetches the script itself, and would wait two minutes for it.
        await fetch(INSTALLER, { method: "HEAD", signal: AbortSignal.timeout(INSTALLER_ANSWERS_WITHIN) });
    } catch {
        return `${host} did not answer`;
    }
    const version = VERSIONS[which];
    say(`Installing Pulumi ${version} from ${host}: one download of about 150 MB, a minute or so.`);
    const partial = await cache.partial(root);
    try {
        const installing = PulumiCommand.install({ root: partial, version: new SemVer(version) });
        await inTime(installing, INSTALLER_FINISHES_WITHIN);
        await cache.publish(partial, root);
        return undefined;
    } catch (error) {
        return `the installer of ${host} failed (${error instanceof Error ? reason(error) : error})`;
    } finally {
        await rm(partial, { recursive: true, force: true });
    }
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no end after ${milliseconds / 60_000} minutes`)), milliseconds);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The last thing that a failed command said, out of the Automation API's account of it. */
function reason(error: Error): string {
    const [said = ""] = error.message.split("\n err?:");
    return said.trim().split("\n").at(-1) ?? "";
}
