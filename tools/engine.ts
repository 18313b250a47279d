/**
 * Finds a Pulumi engine for the quickstart and the engine tests, or gets one. As a script it only does that, and says
 * where the engine is.
 */
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import * as build from "./engine/build";
import * as cache from "./engine/cache";
import * as download from "./engine/download";
import { VERSIONS, type Which, wanted } from "./engine/versions";

/** The first version whose engine takes `inputs` from a refresh, which is how drift shows in a preview. */
const LEAST = "3.216.0";

/**
 * A Pulumi engine that works, for the `pulumiCommand` of the Automation API: the one on PATH if it will do, else our
 * cached copy, else the vendor's installer where its host answers, else built from the published Go module.
 *
 * @param say is told, in one line each, what is being done and how long it may take.
 * @param options.version the engine that must be had, no other will do. Unless it is given, PULUMI_BLNK_ENGINE says
 * which; where neither does, any engine on PATH that is new enough is taken, else the newest that the tests run on.
 */
export async function findEngine(
    say: (line: string) => void,
    options: { readonly version?: Which } = {},
): Promise<PulumiCommand> {
    const exactly = options.version ?? wanted();
    const which = exactly ?? "newest";
    const version = VERSIONS[which];

    const installed = await cache.probe();
    const order = installed?.version?.compare(exactly ? version : LEAST);
    if (installed && (order === 0 || (order === 1 && !exactly))) {
        return installed;
    }
    const onPath = installed
        ? `pulumi ${installed.version} on PATH is ${exactly ? "another version" : `older than ${LEAST}`}`
        : "there is no working pulumi on PATH";

    const root = cache.root(version);
    if (await cache.probe(root)) {
        return cachedEngine(root, version);
    }
    const downloading = await download.withInstaller(which, root, say);
    if (downloading === undefined) {
        return cachedEngine(root, version);
    }
    const building = await build.withGo(which, root, say);
    if (building === undefined) {
        return cachedEngine(root, version);
    }
    throw new Error(
        `Cannot find or get the Pulumi engine ${version}: ${onPath}, ${downloading}, and ${building}. ` +
            "Install the Pulumi CLI (https://www.pulumi.com/docs/install) or Go 1.26 (https://go.dev/dl) and run this again.",
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

/** The engine that our cache holds. One that does not start, or is another version than its place says, is refused. */
async function cachedEngine(root: string, version: string): Promise<PulumiCommand> {
    await cache.addLauncher(root);
    const engine = await cache.probe(root);
    if (!engine) {
        throw new Error(`Cannot use the Pulumi engine in ${root}: it does not start. Remove it.`);
    }
    if (engine.version?.compare(version) !== 0) {
        throw new Error(`Cannot use the Pulumi engine in ${root}: it says that it is ${engine.version}. Remove it.`);
    }
    return engine;
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
