import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import ts from "typescript";

const ROOT = resolve(__dirname, "../..");
const RESOURCES = join(ROOT, "provider/resources");

/** The examples in the documentation of the public classes and functions, with a file name for each. */
function examples(): [name: string, text: string][] {
    return readdirSync(RESOURCES).flatMap((file) => {
        const text = readFileSync(join(RESOURCES, file), "utf8");
        const found = [...text.matchAll(/\* ```typescript\n([\s\S]*?)\* ```/g)];
        return found.map(([, lines = ""], index): [string, string] => [
            `${file.replace(/\.ts$/, "")}-${index}.ts`,
            lines.replace(/^ *\* ?/gm, ""),
        ]);
    });
}

describe("the examples in the documentation", () => {
    it("compile as they are", () => {
        const all = examples();
        expect(all).to.have.length.greaterThan(12);
        mkdirSync(join(ROOT, "test/resources/.work"), { recursive: true });
        const folder = mkdtempSync(join(ROOT, "test/resources/.work/examples-"));
        try {
            const files = all.map(([name, text]) => {
                writeFileSync(join(folder, name), text);
                return join(folder, name);
            });
            const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
            const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
            const program = ts.createProgram(files, { ...options, noEmit: true, noUnusedLocals: false });
            const problems = ts
                .getPreEmitDiagnostics(program)
                .map(
                    ({ file, messageText }) =>
                        `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
                );
            expect(problems).to.deep.equal([]);
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    });
});
