import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import ts from "typescript";

const ROOT = resolve(__dirname, "../..");
const WORK = join(ROOT, "test/resources/.work");

/** What the compiler says of programs of which each is a file of its own. */
export function problemsOf(programs: readonly (readonly [name: string, text: string])[]): string[] {
    // Inside the repository, where "pulumi-blnk" is this package.
    mkdirSync(WORK, { recursive: true });
    const folder = mkdtempSync(join(WORK, "programs-"));
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
