/** Builds the engine from its published Go module, for machines that reach neither a CLI nor the vendor's installer. */
import { execFile, spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as cache from "./cache";
import { VERSIONS, type Which } from "./versions";

const PROBE_ENDS_WITHIN = 10_000;
const BUILD_ENDS_WITHIN = 30 * 60_000;
const SIGN_OF_LIFE_EVERY = 30_000;

const MODULE = "github.com/pulumi/pulumi";

/** The directories whose go.mod names an engine and all that it is built from. */
export const MODULES: Readonly<Record<Which, string>> = { newest: __dirname, oldest: join(__dirname, "oldest") };

/** Builds an engine into `root`. Answers why it could not, or undefined when it did. */
export async function withGo(which: Which, root: string, say: (line: string) => void): Promise<string | undefined> {
    try {
        await promisify(execFile)("go", ["version"], { timeout: PROBE_ENDS_WITHIN, killSignal: "SIGKILL" });
    } catch {
        return "building one needs Go, which is not installed";
    }
    say(
        `Building Pulumi ${VERSIONS[which]} with Go from its published module: ` +
            "3 to 7 minutes on two cores, once; later runs find it in the cache.",
    );
    const partial = await cache.partial(root);
    const started = Date.now();
    const signs = setInterval(
        () => say(`Still building (${Math.round((Date.now() - started) / 1000)} s).`),
        SIGN_OF_LIFE_EVERY,
    );
    try {
        await goBuild(which, join(partial, "bin", cache.BINARY));
        await cache.publish(partial, root);
        return undefined;
    } catch (error) {
        return `building it with Go failed (${error instanceof Error ? error.message : error})`;
    } finally {
        clearInterval(signs);
        await rm(partial, { recursive: true, force: true });
    }
}

function goBuild(which: Which, output: string): Promise<void> {
    // Without this the binary calls itself version "", and every version check goes wrong.
    const stamp = `-X ${MODULE}/sdk/v3/go/common/version.Version=v${VERSIONS[which]}`;
    const args = ["build", "-mod=readonly", "-ldflags", stamp, "-o", output, `${MODULE}/pkg/v3/cmd/pulumi`];
    return new Promise((resolve, reject) => {
        // A workspace file somewhere above must not swap the modules that go.sum names.
        const go = spawn("go", args, {
            cwd: MODULES[which],
            env: { ...process.env, GOWORK: "off" },
            stdio: ["ignore", "ignore", "pipe"],
            timeout: BUILD_ENDS_WITHIN,
        });
        let tail = "";
        go.stderr.on("data", (chunk: Buffer) => {
            tail = (tail + chunk.toString()).slice(-2_000);
        });
        go.on("error", reject);
        go.on("close", (code, signal) => {
            if (code === 0) {
                resolve();
            } else {
                reject(new Error(lastLine(tail) || `ended by ${signal ?? code}`));
            }
        });
    });
}

function lastLine(text: string): string {
    return text.trim().split("\n").at(-1) ?? "";
}
