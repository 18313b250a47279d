import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { FakeEngine, type Registered } from "./fakeEngine";

const repository = join(__dirname, "../..");

interface Run {
    readonly code: number;
    readonly text: string;
    readonly registered: readonly Registered[];
}

/** Runs a TypeScript program as Pulumi's Node language host does: the SDK's own runner, with its own TypeScript loader. */
async function runProgram(directory: string, entry: string, config: Record<string, string> = {}): Promise<Run> {
    const engine = new FakeEngine();
    const address = await engine.start("shop", "dev");
    const args = [
        require.resolve("@pulumi/pulumi/cmd/run"),
        ...["--project", "shop", "--stack", "dev", "--organization", "organization", "--parallel", "8"],
        ...["--monitor", address, "--engine", address, "--root-directory", directory, "--pwd", directory, entry],
    ];
    const env = { ...process.env, PULUMI_NODEJS_TYPESCRIPT: "true", PULUMI_CONFIG: JSON.stringify(config) };
    try {
        return await new Promise((resolve) => {
            execFile(process.execPath, args, { cwd: directory, env, timeout: 90_000 }, (error, stdout, stderr) => {
                const text = [stdout, stderr, ...engine.logged].join("\n");
                resolve({ code: error ? 1 : 0, text, registered: engine.registered });
            });
        });
    } finally {
        engine.stop();
    }
}

/** `Ledger customers` and so on, of what a program registered. */
function ours(registered: readonly Registered[]): string[] {
    return registered
        .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/blnk:"))
        .map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`)
        .sort();
}

/** Of what a program registered, by name: the line that declares it, and those that lead there. */
function declarations(registered: readonly Registered[]): Record<string, [line: string, stack: readonly string[]]> {
    return Object.fromEntries(registered.map(({ name, declaredAt, stack }) => [name, [declaredAt, stack]]));
}

/** The files of the package as a user has them, in the node_modules of a new folder outside the repository. */
function freshFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-blnk-program-"));
    const modules = join(folder, "node_modules");
    mkdirSync(join(modules, "pulumi-blnk"), { recursive: true });
    cpSync(join(repository, "dist"), join(modules, "pulumi-blnk/dist"), { recursive: true });
    cpSync(join(repository, "package.json"), join(modules, "pulumi-blnk/package.json"));
    for (const name of ["@pulumi", "@types", "typescript", "valibot", "lossless-json", "node-fetch"]) {
        symlinkSync(join(repository, "node_modules", name), join(modules, name));
    }
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop", version: "1.0.0" }));
    return folder;
}

describe("Pulumi's own program runner", () => {
    it("runs the README's program in a fresh folder", async () => {
        const readme = readFileSync(join(repository, "README.md"), "utf8");
        const program = /<!-- program -->\n```typescript\n(.*?)```/s.exec(readme)?.[1] ?? "";
        const folder = freshFolder();
        try {
            writeFileSync(join(folder, "index.ts"), program);
            const { code, text, registered } = await runProgram(folder, "index.ts");
            expect(text).to.not.match(/error/i);
            expect(code).to.equal(0);
            expect(ours(registered)).to.deep.equal([
                "Balance alice-usd",
                "Instance blnk",
                "Ledger customers",
                "MetadataTag customers-billing",
            ]);
            const declaredAt = (line: number) => [`index.ts:${line}`, [`index.ts:${line}`]];
            const lines = (text: string) => program.slice(0, program.indexOf(text)).split("\n").length;
            expect(declarations(registered)).to.deep.include({
                customers: declaredAt(lines("new blnk.Ledger")),
                "alice-usd": declaredAt(lines("new blnk.Balance")),
                "customers-billing": declaredAt(lines("new blnk.MetadataTag")),
            });
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("learns which of the program's lines lead to a resource, and not those that run the program", async () => {
        const folder = freshFolder();
        try {
            const program = [
                'import * as blnk from "pulumi-blnk";',
                "const ledger = (name: string) => new blnk.Ledger(name, { name });",
                'ledger("one");',
                'new blnk.Ledger("two", { name: "two" });',
            ];
            writeFileSync(join(folder, "index.ts"), program.join("\n"));
            const { code, registered } = await runProgram(folder, "index.ts");
            expect(code).to.equal(0);
            expect(declarations(registered)).to.deep.include({
                one: ["index.ts:2", ["index.ts:2", "index.ts:3"]],
                two: ["index.ts:4", ["index.ts:4"]],
            });
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("runs the quickstart where Pulumi.yaml says it is", async () => {
        const settings = readFileSync(join(repository, "Pulumi.yaml"), "utf8");
        const main = join(repository, /^main: (.*)$/m.exec(settings)?.[1] ?? "");
        // The engine hands over the folder of `main` as working directory, and the file's name.
        const { code, text, registered } = await runProgram(dirname(main), main);
        expect(text).to.not.match(/error/i);
        expect(code).to.equal(0);
        expect(ours(registered)).to.have.length(7);
    });

    for (const name of readdirSync(join(repository, "examples"))) {
        it(`runs the example ${name} in a folder of its own`, async () => {
            const folder = freshFolder();
            try {
                cpSync(join(repository, "examples", name, "index.ts"), join(folder, "index.ts"));
                const config = { "shop:euInstanceId": "inst_eu", "shop:euAccessToken": "t" };
                const { code, text, registered } = await runProgram(folder, "index.ts", config);
                expect(text).to.not.match(/error/i);
                expect(code).to.equal(0);
                expect(ours(registered)).to.include("Instance blnk");
            } finally {
                rmSync(folder, { recursive: true });
            }
        });
    }
});
