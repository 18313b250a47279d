import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PAGE = join(__dirname, "..", "docs", "performance.md");
const BEGIN = "<!-- bench: made by npm run bench -- --docs -->";
const END = "<!-- end of bench -->";

/** Puts the text between the two comments of the documentation's page, in place of what is there. */
export function writePage(text: string): void {
    const page = readFileSync(PAGE, "utf8");
    const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
    if (begin < 0 || end < begin) throw new Error(`docs/performance.md has no "${BEGIN}" before "${END}"`);
    writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n${text}\n${page.slice(end)}`);
}
