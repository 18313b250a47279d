import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { findEngine } from "../../tools/engine";
import { MODULES } from "../../tools/engine/build";
import { BINARY } from "../../tools/engine/cache";
import { VARIABLE, VERSIONS, type Which, wanted } from "../../tools/engine/versions";

const run = promisify(execFile);
const script = join(__dirname, "../../tools/engine.ts");

/** What tools/engine.ts says in an environment. */
async function asked(environment: NodeJS.ProcessEnv): Promise<string> {
    // By its path: PATH is what is tried here, and another node may come first on it.
    const args = ["--import", require.resolve("tsx"), script];
    const said = run(process.execPath, args, { env: { ...process.env, ...environment }, timeout: 60_000 });
    const { stdout, stderr } = await said.catch((failed: { stdout: string; stderr: string }) => failed);
    return stdout + stderr;
}

describe("the engines that tests run on", () => {
    for (const which of Object.keys(VERSIONS) as Which[]) {
        it(`the ${which} is the version that its go.mod builds`, () => {
            const text = readFileSync(join(MODULES[which], "go.mod"), "utf8");
            const required = [...text.matchAll(/^\s*github\.com\/pulumi\/pulumi\/(?:pkg|sdk)\/v3 v(\S+)/gm)];
            expect(required.map(([, version]) => version)).to.deep.equal([VERSIONS[which], VERSIONS[which]]);
        });
    }

    it("are asked for by two words", () => {
        expect(wanted({})).to.equal(undefined);
        expect(wanted({ [VARIABLE]: "" })).to.equal(undefined);
        expect(wanted({ [VARIABLE]: "oldest" })).to.equal("oldest");
        expect(wanted({ [VARIABLE]: "newest" })).to.equal("newest");
        expect(() => wanted({ [VARIABLE]: "3.246.0" })).to.throw('must be "oldest" or "newest", not "3.246.0"');
    });

    it("one on PATH is taken if it is the version asked for, and an engine that says it is another is refused", async () => {
        const { command } = await findEngine((line) => process.stdout.write(`${line}\n`), { version: "newest" });
        // A bare name where it is on PATH already.
        const directory = dirname(command) === "." ? "" : `${dirname(command)}${delimiter}`;
        const PATH = `${directory}${process.env.PATH}`;
        const home = mkdtempSync(join(tmpdir(), "blnk-engines-"));
        try {
            expect(await asked({ PATH, PULUMI_HOME: home, [VARIABLE]: "newest" })).to.equal(
                `Pulumi ${VERSIONS.newest}: pulumi\n`,
            );
            expect(existsSync(join(home, "versions"))).to.equal(false);
            if (dirname(command) === ".") {
                process.stdout.write(
                    "      the refusal is not tried: the engine is on PATH, so that it is not in the cache\n",
                );
                return;
            }
            const place = join(home, "versions", VERSIONS.oldest);
            cpSync(command, join(place, "bin", BINARY));
            expect(await asked({ PATH, PULUMI_HOME: home, [VARIABLE]: "oldest" })).to.equal(
                `Cannot use the Pulumi engine in ${place}: it says that it is ${VERSIONS.newest}. Remove it.\n`,
            );
        } finally {
            rmSync(home, { recursive: true });
        }
    });
});
