import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { expect } from "chai";
import ts from "typescript";

const ROOT = resolve(__dirname, "..");
const FLOORS = ["blnk", "lifecycles", "host", "resources"];

/** All our TypeScript files below a directory. */
function files(directory: string): string[] {
    if (!existsSync(join(ROOT, directory))) return [];
    return readdirSync(join(ROOT, directory), { recursive: true, encoding: "utf8" })
        .map((file) => join(directory, file))
        .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"));
}

/** What a file imports, types and late imports included: a path from the root, or the name of a package. */
function imports(file: string): string[] {
    const text = readFileSync(join(ROOT, file), "utf8");
    const { importedFiles } = ts.preProcessFile(text, true, true);
    return importedFiles.map(({ fileName }) =>
        fileName.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), fileName)) : fileName,
    );
}

function floorOf(path: string): number {
    const [top, floor = ""] = path.split("/");
    return top === "provider" ? FLOORS.indexOf(floor) : -1;
}

const provider = files("provider");
const importing = (name: RegExp, among: readonly string[]) =>
    among.filter((file) => imports(file).some((imported) => name.test(imported)));

describe("the house", () => {
    it("has the files that these rules are about", () => {
        expect(provider).to.include.members(["provider/index.ts", "provider/blnk/http.ts"]);
        expect(imports("provider/blnk/http.ts")).to.include.members(["node:http", "node-fetch"]);
    });

    it("imports run downward only, and never to the sandbox or the tests", () => {
        const upward = provider.flatMap((file) => {
            const own = basename(file) === "index.ts" ? FLOORS.length : floorOf(file);
            return imports(file)
                .filter(
                    (path) => !path.startsWith("node:") && /^(provider|sandbox|cli|test|tools|examples)\//.test(path),
                )
                .filter((path) => floorOf(path) < 0 || floorOf(path) > own)
                .map((path) => `${file} imports ${path}`);
        });
        expect(upward).to.deep.equal([]);
    });

    it("every file of the provider stands on a floor, but the front door", () => {
        expect(provider.filter((file) => floorOf(file) < 0)).to.deep.equal(["provider/index.ts"]);
    });

    it("one file alone speaks HTTP", () => {
        expect(importing(/^(node-fetch|(node:)?https?|undici)$/, provider)).to.deep.equal(["provider/blnk/http.ts"]);
    });

    it("the two lower floors know no Pulumi", () => {
        const lower = [...files("provider/blnk"), ...files("provider/lifecycles")];
        expect(lower).to.have.length.greaterThan(10);
        expect(importing(/^@pulumi\//, lower)).to.deep.equal([]);
        expect(
            lower.filter((file) => floorOf(file) > 0).flatMap((file) => importing(/^(node-fetch|node:http)/, [file])),
        ).to.deep.equal([]);
    });

    it("the sandbox shares no code with the provider", () => {
        const sandbox = files("sandbox");
        expect(sandbox).to.have.length.greaterThan(10);
        expect(importing(/^(provider\/|pulumi-blnk|@pulumi\/)/, sandbox)).to.deep.equal([]);
    });

    it("every kind has its file on each floor, and a test of its life", () => {
        const stems = (directory: string) => new Set(files(directory).map((file) => basename(file, ".ts")));
        const kinds: [resource: string, wire: string][] = [
            ["ledger", "ledgers"],
            ["balance", "balances"],
            ["balanceSet", "balances"],
            ["metadataTag", "metadata"],
        ];
        for (const [kind, wire] of kinds) {
            expect([...stems("provider/blnk")]).to.include(wire);
            expect([...stems("provider/lifecycles")]).to.include(kind);
            expect([...stems("provider/resources")]).to.include(kind);
            expect([...stems("test/lifecycles")]).to.include(`${kind}.test`);
            expect([...stems("test/blnk")]).to.include(`${wire}.test`);
        }
        const served = readFileSync(join(ROOT, "provider/host/hosted.ts"), "utf8").match(/new HostedLifecycle\(/g);
        expect(served).to.have.length(kinds.length + 1);
    });

    it("no file is named after nothing", () => {
        const all = ["provider", "sandbox", "cli", "tools", "examples", "bench"].flatMap(files);
        expect(all.filter((file) => /^(utils?|common|types|helpers?)\.ts$/.test(basename(file)))).to.deep.equal([]);
    });
});
