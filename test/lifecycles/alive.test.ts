import { expect } from "chai";
import { AliveRegistry } from "../../provider/lifecycles/alive";

describe("the register of what a run declares", () => {
    it("keeps the first who declares a thing, and tells the second who that is", () => {
        const alive = new AliveRegistry();
        expect(alive.declare("ldg_1/team", "urn:a")).to.equal(undefined);
        expect(alive.declare("ldg_1/team", "urn:a")).to.equal(undefined);
        expect(alive.declare("ldg_1/team", "urn:b")).to.equal("urn:a");
        expect(alive.ownerOf("ldg_1/team")).to.equal("urn:a");
    });

    it("what nobody declared has no owner", () => {
        expect(new AliveRegistry().ownerOf("ldg_1")).to.equal(undefined);
    });
});
