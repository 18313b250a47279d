import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { writeReference } from "../../tools/reference";

const COMMITTED = join(__dirname, "../../docs/reference");

describe("docs/reference", () => {
    let directory: string;
    before(() => {
        directory = mkdtempSync(join(tmpdir(), "blnk-reference-"));
    });
    after(() => rmSync(directory, { recursive: true }));

    it("holds what the docstrings say, of which none is missing (npm run docs:reference writes it)", async () => {
        await writeReference(directory);
        const pages = readdirSync(directory).sort();
        expect(pages).to.include.members(["README.md", "ledger.md", "balance.md", "balanceSet.md", "metadataTag.md"]);
        expect(readdirSync(COMMITTED).sort()).to.deep.equal(pages);
        const lines = (folder: string, page: string) => readFileSync(join(folder, page), "utf8").split("\n");
        for (const page of pages) expect(lines(COMMITTED, page), page).to.deep.equal(lines(directory, page));
    });
});
