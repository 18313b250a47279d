import { expect } from "chai";
import { takeMessages } from "../host/engineOfThisProcess";
import { ADOPTED_TAG_WALKS } from "./adoptedTagWalks";
import { ADOPTED_BALANCE_WALKS, ADOPTED_LEDGER_WALKS } from "./adoptionWalks";
import { describeWalks } from "./describeWalks";
import { sandboxGround } from "./grounds";
import { type Declared, Stack } from "./stack";

describeWalks("an adopted ledger", ADOPTED_LEDGER_WALKS);
describeWalks("an adopted balance", ADOPTED_BALANCE_WALKS);
describeWalks("an adopted tag", ADOPTED_TAG_WALKS);

describe("two resources of one program", () => {
    it("cannot adopt one thing, nor one adopt what the other is: both are named", async () => {
        const ground = await sandboxGround("cloud");
        const stack = new Stack(ground, "shop", "dev", "inst_sandbox/k3f9ab");
        const { ledger_id: id } = await ground.send("POST", "/ledgers", { name: "there" });
        const adopting = (name: string, adopt: unknown): Declared => ({ kind: "Ledger", name, inputs: { adopt } });
        expect(await stack.up([adopting("a", id), adopting("b", id)])).to.deep.equal(["created", "refused"]);
        const twice = `ledger ${id} is declared twice: by Ledger "a" and by Ledger "b"`;
        expect(stack.problems).to.deep.equal([twice]);
        const own: Declared = { kind: "Ledger", name: "own", inputs: {} };
        await stack.up([adopting("a", id), own]);
        const made = stack.kept.get(stack.urn(own))?.id;
        expect(await stack.up([adopting("a", id), own, adopting("b", made)])).to.deep.equal([
            "unchanged",
            "unchanged",
            "refused",
        ]);
        expect(stack.problems).to.deep.equal([`ledger ${made} is declared twice: by Ledger "own" and by Ledger "b"`]);
        takeMessages();
        await ground.stop();
    });
});
