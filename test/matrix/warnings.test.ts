import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { OF_PULUMI, ofPulumi, type Warning, warningsIn } from "./warnings";

const run = promisify(execFile);

/** What Node prints when a file of a project warns, and the file. */
async function warned(file: string): Promise<{ printed: string; place: string }> {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-blnk-warns-"));
    try {
        const place = join(folder, file);
        mkdirSync(dirname(place), { recursive: true });
        const lines = ['process.emitWarning("old", "DeprecationWarning", "DEP9999");', "setTimeout(() => {}, 10);"];
        writeFileSync(place, lines.join("\n"));
        return { printed: (await run(process.execPath, ["--trace-warnings", place])).stderr, place };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

describe("the warnings that Node prints", () => {
    it("are found with their trace, as Node prints them and as the engine shows those of a provider host", async () => {
        const { printed, place } = await warned("node_modules/pulumi-blnk/index.js");
        const found = warningsIn(`before\n${printed}after`);
        expect(found.map(({ text }) => text)).to.deep.equal(["[DEP9999] DeprecationWarning: old"]);
        expect(found[0]?.trace[0]).to.include(place);
        const shown = printed.trim().replace(/^/gm, " +  pulumi:pulumi:Stack shop-dev create ");
        expect(warningsIn(shown)).to.deep.equal(found);
    });

    it("may be ours unless text and trace are those of a known one of Pulumi's", () => {
        const [known] = OF_PULUMI;
        const text = "[DEP0180] DeprecationWarning: fs.Stats constructor is deprecated.";
        const from = (...trace: string[]): Warning => ({ text, trace });
        const theirs = "at f (/p/node_modules/ts-node/dist-raw/x.js:1:1)";
        expect(ofPulumi(from(theirs))).to.equal(known?.why);
        expect(ofPulumi(from())).to.equal(undefined);
        expect(ofPulumi(from("at f (/p/node_modules/other/x.js:1:1)"))).to.equal(undefined);
        expect(ofPulumi(from(theirs, "at g (/p/node_modules/pulumi-blnk/x.js:1:1)"))).to.equal(undefined);
        expect(ofPulumi({ ...from(theirs), text: "[DEP0181] DeprecationWarning: other" })).to.equal(undefined);
    });
});
