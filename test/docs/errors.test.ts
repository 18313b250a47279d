import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { comparePage, listedSentences, sourceSentences } from "../../tools/sentences";

const page = readFileSync(join(__dirname, "../../docs/errors.md"), "utf8");

describe("docs/errors.md", () => {
    it("lists every sentence that the provider can print, and none that is gone (npm run docs:errors)", () => {
        expect(sourceSentences()).to.have.length.above(100);
        expect(comparePage(page)).to.deep.equal({ missing: [], stale: [] });
    });

    it("lists each sentence once", () => {
        const listed = listedSentences(page);
        expect(listed.filter((sentence, index) => listed.indexOf(sentence) !== index)).to.deep.equal([]);
    });

    it("gives each entry its sentences, a cause and what to do, in this order", () => {
        const entries = page.split(/^#{2,3} /m).slice(1);
        const chapters = entries.filter((entry) => entry.trim().split("\n").length === 1);
        const incomplete = entries
            .filter((entry) => !chapters.includes(entry))
            .filter((entry) => !/^.+\n\n(- .+\n)+\n\*\*Cause:\*\* .+\n\n\*\*What to do:\*\* .+\n*$/.test(entry))
            .map((entry) => entry.split("\n")[0]);
        expect(incomplete).to.deep.equal([]);
        expect(chapters).to.have.length(page.match(/^## /gm)?.length ?? 0);
    });

    it("has no two headings alike, so that a link to one stays right", () => {
        const headings = page.match(/^#+ .+$/gm) ?? [];
        expect(new Set(headings).size).to.equal(headings.length);
    });
});
