/**
 * Finds a Pulumi engine for the quickstart and the engine tests, or gets one. As a script it only does that, and says
 * where the engine is.
 */
import { rm } from "node:fs/promises";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import * as build from "./engine/build";
import * as cache from "./engine/cache";

/** The first version whose engine takes `inputs` from a refresh, which is how drift shows in a preview. */
const OLDEST = "3.216.0";

const INSTALLER = "https://get.pulumi.com/install.sh";
const INSTALLER_ANSWERS_WITHIN = 3_000;
const INSTALLER_FINISHES_WITHIN = 5 * 60_000;

/**
 * A Pulumi engine that works, for the `pulumiCommand` of the Automation API: the one on PATH if it is new enough, else
 * our cached copy, else the vendor's installer where its host answers, else built from the published Go module.
 *
 * @param say is told, in one line each, what is being done and how long it may take.
 */
export async function findEngine(say: (line: string) => void): Promise<PulumiCommand> {
    const installed = await cache.probe();
    if (installed?.version && installed.version.compare(OLDEST) >= 0) {
        return installed;
    }
    const onPath = installed
        ? `pulumi ${installed.version} on PATH is older than ${OLDEST}`
        : "there is no working pulumi on PATH";

    const root = cache.root();
    const cached = await cache.probe(root);
    if (cached) {
        await cache.addLauncher(root);
        return cached;
    }

    const download = await fetchInstaller(root, say);
    if (download === undefined) {
        return found(root);
    }
    const building = await build.withGo(root, say);
    if (building === undefined) {
        return found(root);
    }
    throw new Error(
        `Cannot find or get a Pulumi engine: ${onPath}, ${download}, and ${building}. ` +
            "Install the Pulumi CLI (https://www.pulumi.com/docs/install) or Go 1.25 (https://go.dev/dl) and run this again.",
    );
}

/**
 * The environment in which an engine needs no network and touches nothing of the user's own Pulumi. Callers add where
 * the state goes, for instance `PULUMI_BACKEND_URL: "file:///directory?metadata=skip"`.
 *
 * @param home a private directory for what the engine itself keeps.
 */
export function engineEnvironment(home: string): Record<string, string> {
    return {
        PULUMI_HOME: home,
        PULUMI_CREDENTIALS_PATH: home,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    };
}

/** Installs the vendor's build under `root`. Answers why it could not, or undefined when it did. */
async function fetchInstaller(root: string, say: (line: string) => void): Promise<string | undefined> {
    const host = new URL(INSTALLER).host;
    try {
        // Only a probe: the Automation API fetches the script itself, and would wait two minutes for it.
        await fetch(INSTALLER, { method: "HEAD", signal: AbortSignal.timeout(INSTALLER_ANSWERS_WITHIN) });
    } catch {
        return `${host} did not answer`;
    }
    say(`Installing Pulumi ${cache.VERSION} from ${host}: one download of about 150 MB, a minute or so.`);
    const partial = await cache.partial(root);
    try {
        await inTime(PulumiCommand.install({ root: partial }), INSTALLER_FINISHES_WITHIN);
        await cache.publish(partial, root);
        return undefined;
    } catch (error) {
        return `the installer of ${host} failed (${error instanceof Error ? reason(error) : error})`;
    } finally {
        await rm(partial, { recursive: true, force: true });
    }
}

async function found(root: string): Promise<PulumiCommand> {
    await cache.addLauncher(root);
    const engine = await cache.probe(root);
    if (!engine) {
        throw new Error(`Cannot use the Pulumi engine that was just put into ${root}: it does not start. Remove it.`);
    }
    return engine;
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

async function main(): Promise<void> {
    try {
        const engine = await findEngine((line) => console.log(line));
        console.log(`Pulumi ${engine.version}: ${engine.command}`);
    } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
    }
}

if (require.main === module) {
    void main();
}
