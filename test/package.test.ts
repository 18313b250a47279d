import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";

const ROOT = resolve(__dirname, "..");
const run = promisify(execFile);

interface Packed {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
}

interface Problem {
    readonly kind: string;
    readonly resolutionKind?: string;
}

describe("the package", () => {
    let directory: string;
    let packed: Packed;
    before(async () => {
        directory = mkdtempSync(join(tmpdir(), "blnk-package-"));
        // Built before: building again while other tests run would take dist away from them.
        const options = ["pack", "--json", "--ignore-scripts", "--pack-destination", directory];
        const { stdout } = await run("npm", options, { cwd: ROOT });
        [packed] = JSON.parse(stdout) as [Packed];
    });
    after(() => rmSync(directory, { recursive: true }));

    const tarball = () => join(directory, packed.filename);
    const bin = (name: string, file: string) => {
        const { bin: bins } = JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"));
        return join(ROOT, "node_modules", name, bins[file] as string);
    };

    it("contains what users need, and nothing else", () => {
        const paths = packed.files.map(({ path }) => path);
        const outside = paths.filter((path) => !/^(dist|docs)\//.test(path)).sort();
        expect(outside).to.deep.equal(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
        expect(paths).to.include.members([
            "dist/provider/index.js",
            "dist/provider/index.d.ts",
            "dist/provider/host/hosted.js",
            "dist/cli/main.js",
        ]);
        const kinds = paths.filter(
            (path) => path.startsWith("dist/") && !/^dist\/(provider|sandbox|cli)\/.*\.(js|d\.ts)$/.test(path),
        );
        expect(kinds).to.deep.equal([]);
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

    it("unpacked elsewhere, is loaded by plain node", async () => {
        const modules = join(directory, "program", "node_modules");
        mkdirSync(modules, { recursive: true });
        await run("tar", ["-xzf", tarball(), "-C", directory]);
        symlinkSync(join(directory, "package"), join(modules, "pulumi-blnk"));
        const script =
            'console.log(Object.keys(require("pulumi-blnk/hosted")).join(), Object.keys(require("pulumi-blnk")).sort().join())';
        const { stdout } = await run(process.execPath, ["-e", script], {
            cwd: join(directory, "program"),
            env: { PATH: process.env.PATH, NODE_PATH: join(ROOT, "node_modules") },
        });
        expect(stdout.trim()).to.equal(
            "Ledger,Balance,BalanceSet,MetadataTag,Instance Balance,BalanceSet,Ledger,MetadataTag,Provider,findBalance,findBalanceOutput,findLedger,findLedgerOutput,getBalance,getBalanceOutput,getBalances,getBalancesOutput,getLedger,getLedgerOutput,getLedgers,getLedgersOutput",
        );
    });

    it("asks a compiled program for nothing that is not among its dependencies", async () => {
        const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
        const allowed = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies ?? {})]);
        const asked = packed.files
            .filter(({ path }) => path.endsWith(".js"))
            .flatMap(({ path }) => [
                ...readFileSync(join(ROOT, path), "utf8").matchAll(/(?:require|import)\("([^".][^"]*)"\)/g),
            ])
            .map(([, name = ""]) =>
                name
                    .split("/")
                    .slice(0, name.startsWith("@") ? 2 : 1)
                    .join("/"),
            )
            .filter((name) => !name.startsWith("node:") && name !== "pulumi-blnk" && name !== "module");
        // Reached through the SDK that runs the host, never by ourselves.
        allowed.add("@grpc/grpc-js");
        expect([...new Set(asked)].filter((name) => !allowed.has(name))).to.deep.equal([]);
    });
});
