import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { expect } from "chai";
import ts from "typescript";

const ROOT = resolve(__dirname, "../..");
const WORK = join(ROOT, "test/resources/.work");

/** The pages that may hold programs. */
const PAGES = [
    join(ROOT, "README.md"),
    ...readdirSync(join(ROOT, "docs"))
        .filter((name) => name.endsWith(".md"))
        .map((name) => join(ROOT, "docs", name)),
];

/** The programs of a page, each with the line on which it begins. */
function programsOf(page: string): [name: string, text: string][] {
    const text = readFileSync(page, "utf8");
    return [...text.matchAll(/^```typescript\n(.*?)^```/gms)].map(({ 1: program = "", index }) => {
        const line = text.slice(0, index).split("\n").length + 1;
        return [`${basename(page, ".md")}-${line}.ts`, program];
    });
}

/** What the compiler says of programs of which each is a file of its own. */
function problemsOf(programs: readonly [name: string, text: string][]): string[] {
    // Inside the repository, where "pulumi-blnk" is this package.
    mkdirSync(WORK, { recursive: true });
    const folder = mkdtempSync(join(WORK, "pages-"));
    try {
        const files = programs.map(([name, text]) => {
            writeFileSync(join(folder, name), text);
            return join(folder, name);
        });
        const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
        const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
        const program = ts.createProgram(files, { ...options, noEmit: true, noUnusedLocals: false });
        return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
            const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
            const name = file === undefined ? "" : basename(file.fileName);
            return `${name}, line ${line} of the program: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
        });
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

describe("the programs in README and docs", () => {
    it("compile as they are", () => {
        const programs = PAGES.flatMap(programsOf);
        expect(programs).to.have.length.greaterThan(6);
        expect(problemsOf(programs)).to.deep.equal([]);
    });

    it("are refused where one has an argument that does not exist", () => {
        const program = 'import * as blnk from "pulumi-blnk";\nnew blnk.Ledger("customers", { nam: "Wallets" });\n';
        expect(problemsOf([["wrong.ts", program]]).join()).to.contain("'nam' does not exist");
    });
});
