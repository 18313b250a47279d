import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { install, linkSdk, manifestIn, type Packed, pack, ROOT, run } from "./package/packed";

interface Problem {
    readonly kind: string;
    readonly resolutionKind?: string;
}

describe("the package", () => {
    let directory: string;
    let packed: Packed;
    let installed: readonly string[];
    before(async () => {
        directory = mkdtempSync(join(tmpdir(), "blnk-package-"));
        packed = await pack(directory);
        installed = await install(tarball(), project());
    });
    after(() => rmSync(directory, { recursive: true }));

    const tarball = () => join(directory, packed.filename);
    const project = () => join(directory, "project");
    const shipped = (path: string) => join(project(), "node_modules/pulumi-blnk", path);
    const bin = (name: string, file: string) => {
        const folder = join(ROOT, "node_modules", name);
        return join(folder, manifestIn(folder).bin[file] as string);
    };
    const command = () => shipped(manifestIn(shipped(".")).bin["pulumi-blnk"] as string);

    it("contains what users need, and nothing else", () => {
        const paths = packed.files.map(({ path }) => path);
        const others = paths.filter((path) => !/^dist\//.test(path));
        expect(others).to.include.members(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
        // Pages, and the programs that they lead to.
        const allowed =
            /^(LICENSE|package\.json|[A-Z]+\.md|docs\/.*\.md|sandbox\/README\.md|examples\/[a-z-]+\/index\.ts)$/;
        expect(others.filter((path) => !allowed.test(path))).to.deep.equal([]);
        expect(paths).to.include.members([
            "dist/provider/index.js",
            "dist/provider/index.d.ts",
            "dist/provider/host/hosted.js",
        ]);
        const built = paths.filter((path) => path.startsWith("dist/"));
        expect(built.filter((path) => !/^dist\/provider\/.*\.(js|d\.ts)$/.test(path)).sort()).to.deep.equal([
            "dist/cli/THIRD-PARTY-LICENSES",
            "dist/cli/main.js",
        ]);
        expect(built.filter((path) => readFileSync(shipped(path), "utf8").includes(ROOT))).to.deep.equal([]);
    });

    it("publint finds nothing", async () => {
        const { stdout } = await run(process.execPath, [bin("publint", "publint"), "run", tarball(), "--strict"], {
            cwd: ROOT,
        });
        expect(stdout).to.contain("All good!");
    });

    it("its types are right wherever they are asked for", async () => {
        const options = [tarball(), "--profile", "node16", "--format", "json"];
        const { stdout } = await run(process.execPath, [bin("@arethetypeswrong/cli", "attw"), ...options], {
            cwd: ROOT,
        });
        const problems = Object.values((JSON.parse(stdout).problems ?? {}) as Record<string, Problem[]>).flat();
        // Resolution as Node did before 12.7 knows no "exports", so that no subpath can be right there.
        expect(problems.filter(({ resolutionKind }) => resolutionKind !== "node10")).to.deep.equal([]);
    });

    it("brings none of the libraries that are bundled into the command line", () => {
        expect(bundled()).to.include.members(["hono", "@hono/node-server", "commander"]);
        expect(installed).to.include.members(["node-fetch", "valibot"]);
        expect(installed.filter((name) => bundled().includes(name))).to.deep.equal([]);
    });

    it("carries the licence of each library that is bundled", () => {
        const licences = readFileSync(shipped("dist/cli/THIRD-PARTY-LICENSES"), "utf8");
        for (const name of bundled()) {
            const text = readFileSync(join(ROOT, "node_modules", name, "LICENSE"), "utf8").trim();
            expect(licences).to.contain(`${name} `).and.to.contain(text);
        }
    });

    it("its command line serves a sandbox, and the doctor looks at it, with production dependencies alone", async () => {
        const options = ["sandbox", "--port", "0", "--core-port", "0"];
        const sandbox = spawn(process.execPath, [command(), ...options], {
            cwd: project(),
            env: { PATH: process.env.PATH },
        });
        try {
            let greeting = "";
            for await (const chunk of sandbox.stdout) {
                greeting += String(chunk);
                if (greeting.includes("Ctrl+C")) break;
            }
            const settings = [...greeting.matchAll(/export (BLNK_(?:ACCESS|INSTANCE|CLOUD)_\w+)=(\S+)/g)];
            const { stdout } = await run(process.execPath, [command(), "doctor"], {
                cwd: project(),
                env: { PATH: process.env.PATH, ...Object.fromEntries(settings.map(([, key, value]) => [key, value])) },
            });
            expect(stdout)
                .to.match(/^ok +scope data:read +granted$/m)
                .and.to.contain("No problems found.");
        } finally {
            sandbox.kill("SIGTERM");
            await once(sandbox, "exit");
        }
    });

    it("is loaded by plain node beside the SDK, with production dependencies alone", async () => {
        const program = join(directory, "program");
        mkdirSync(program);
        await install(tarball(), program);
        linkSdk(program);
        const script =
            'console.log(Object.keys(require("pulumi-blnk/hosted")).join(), Object.keys(require("pulumi-blnk")).sort().join())';
        const { stdout } = await run(process.execPath, ["-e", script], {
            cwd: program,
            env: { PATH: process.env.PATH },
        });
        expect(stdout.trim()).to.equal(
            "Ledger,Balance,BalanceSet,MetadataTag,Instance Balance,BalanceSet,Ledger,MetadataTag,Provider,findBalance,findBalanceOutput,findLedger,findLedgerOutput,getBalance,getBalanceOutput,getBalances,getBalancesOutput,getLedger,getLedgerOutput,getLedgers,getLedgersOutput",
        );
    });

    it("asks a compiled program for nothing that is not among its dependencies", () => {
        const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
        const allowed = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies ?? {})]);
        const asked = packed.files
            .filter(({ path }) => path.endsWith(".js"))
            .flatMap(({ path }) => [
                ...readFileSync(join(ROOT, path), "utf8").matchAll(/(?:require|import)\("([^".][^"]*)"\)/g),
            ])
            .map(([, name = ""]) => packageOf(name))
            .filter((name) => !name.startsWith("node:") && name !== "pulumi-blnk" && name !== "module");
        // Reached through the SDK that runs the host, never by ourselves.
        allowed.add("@grpc/grpc-js");
        expect([...new Set(asked)].filter((name) => !allowed.has(name))).to.deep.equal([]);
        expect(Object.keys(dependencies).filter((name) => !asked.includes(name))).to.deep.equal([]);
    });

    /** The libraries in the bundle: each bundled file stands below a line that names it. */
    function bundled(): readonly string[] {
        const main = readFileSync(shipped("dist/cli/main.js"), "utf8");
        const files = [...main.matchAll(/^\/\/ node_modules\/(\S+)$/gm)];
        return [...new Set(files.map(([, file = ""]) => packageOf(file)))];
    }
});

/** The package that a path of a module leads into. */
function packageOf(path: string): string {
    return path
        .split("/")
        .slice(0, path.startsWith("@") ? 2 : 1)
        .join("/");
}
