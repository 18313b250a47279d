import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { expect } from "chai";
import { problemsOf } from "./compile";

const ROOT = resolve(__dirname, "../..");

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
