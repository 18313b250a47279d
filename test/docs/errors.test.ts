import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { errorsPage } from "../../tools/sentences";

describe("docs/errors.md", () => {
    it("holds every sentence that the provider can print (npm run docs:errors writes it)", () => {
        const page = readFileSync(join(__dirname, "../../docs/errors.md"), "utf8");
        expect(page.split("\n")).to.deep.equal(errorsPage().split("\n"));
    });
});
