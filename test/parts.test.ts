import { expect } from "chai";
import { lineOf, runPart, sumOf } from "./parts";

// Not shown: they would be taken for counts of this very run.
const node = (script: string) => runPart(process.execPath, ["-e", script], () => undefined);

describe("the parts of a run of tests", () => {
    it("sums up what the parts say last, and counts a part that says nothing as one", async () => {
        const parts = [
            await node(
                'console.log("9 passed, 9 failed"); console.log("3 passed, 0 failed, 2 skipped"); console.log("bye")',
            ),
            await node('console.log("4 passed, 1 failed"); process.exitCode = 1'),
            await node(""),
        ];
        expect(lineOf(sumOf(parts))).to.equal("8 passed, 1 failed, 2 skipped");
    });

    it("takes a part that goes wrong for failed, whatever it says", async () => {
        const said = 'console.log("3 passed, 0 failed");';
        expect(await node(`${said} process.exitCode = 2`)).to.include({ passed: 3, failed: 1 });
        expect(await node(`${said} process.kill(process.pid)`)).to.include({ passed: 3, failed: 1 });
        expect(await node("process.exitCode = 2")).to.deep.equal({ passed: 0, failed: 1, skipped: 0 });
    });
});
