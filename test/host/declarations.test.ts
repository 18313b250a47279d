import { expect } from "chai";
import { Declarations } from "../../provider/host/declarations";

describe("the register of what a run declares", () => {
    it("keeps the first who declares a thing, and names it to the second", () => {
        const alive = new Declarations();
        expect(alive.declare("ldg_1/team", "urn:a")).to.equal(undefined);
        expect(alive.declare("ldg_1/team", "urn:a")).to.equal(undefined);
        expect(alive.declare("ldg_1/team", "urn:b")).to.equal("urn:a");
        expect(alive.ownerOf("ldg_1/team")).to.equal("urn:a");
    });

    it("what no resource declares has no owner", () => {
        expect(new Declarations().ownerOf("ldg_1")).to.equal(undefined);
    });
});
