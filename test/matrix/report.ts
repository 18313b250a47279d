import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { markdownTable } from "markdown-table";
import { LANGUAGES, NOT_RUN } from "./cells";

const PAGE = join(__dirname, "..", "..", "docs", "matrix.md");
const BEGIN = "<!-- matrix: made by npm run test:matrix -->";
const END = "<!-- end of the matrix -->";

/** A line of the table. */
export interface Row {
    readonly node: string;
    readonly sdk: string;
    readonly program: string;
    readonly manager: string;
    result: string;
}

/** The page's own part: the cells, the warnings that are not ours, and what could not be run. */
export function tables(engine: string, rows: readonly Row[], warnings: ReadonlySet<string>): string {
    const head = ["Node", "@pulumi/pulumi", "Program", "Installed with", "Result"];
    const cells = rows.map(({ node, sdk, program, manager, result }) => [node, sdk, program, manager, result]);
    return [
        `Engine: Pulumi ${engine}.`,
        markdownTable([head, ...cells]),
        "The programs:",
        Object.entries(LANGUAGES)
            .map(([language, how]) => `- ${language}: ${how}`)
            .join("\n"),
        "Warnings that Node printed about Pulumi's own code, which the test lets pass:",
        warnings.size === 0 ? "- none" : [...warnings].map((warning) => `- ${warning}`).join("\n"),
        "Not run:",
        Object.entries(NOT_RUN)
            .map(([what, why]) => `- ${what}: ${why}.`)
            .join("\n"),
    ].join("\n\n");
}

/** Puts the tables of this run into the page. */
export function write(made: string): void {
    const page = readFileSync(PAGE, "utf8");
    const [before = "", rest = ""] = page.split(BEGIN);
    const [, behind = ""] = rest.split(END);
    writeFileSync(PAGE, `${before}${BEGIN}\n${made}\n${END}${behind}`);
}
