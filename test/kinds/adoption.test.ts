import { expect } from "chai";
import { errorOf } from "../blnk/connections";
import { takeMessages } from "../host/engineOfThisProcess";
import { ADOPTED_TAG_SCENARIOS } from "./adoptedTagScenarios";
import { ADOPTED_BALANCE_SCENARIOS, ADOPTED_LEDGER_SCENARIOS } from "./adoptionScenarios";
import { describeScenarios } from "./describeScenarios";
import { sandboxServer } from "./servers";
import { type Declared, Stack } from "./stack";

describeScenarios("an adopted ledger", ADOPTED_LEDGER_SCENARIOS);
describeScenarios("an adopted balance", ADOPTED_BALANCE_SCENARIOS);
describeScenarios("an adopted tag", ADOPTED_TAG_SCENARIOS);

describe("two resources of one program", () => {
    it("cannot adopt one thing, nor one adopt what the other is: both are named", async () => {
        const server = await sandboxServer("cloud");
        const stack = new Stack(server, "shop", "dev", "inst_sandbox/k3f9ab");
        const { ledger_id: id } = await server.send("POST", "/ledgers", { name: "there" });
        const adopting = (name: string, adopt: unknown): Declared => ({ kind: "Ledger", name, inputs: { adopt } });
        expect(await stack.up([adopting("a", id), adopting("b", id)])).to.deep.equal(["created", "refused"]);
        const twice = `${id} is declared twice: by Ledger "a" and by Ledger "b"; keep one of them`;
        expect(stack.problems).to.deep.equal([twice]);
        const own: Declared = { kind: "Ledger", name: "own", inputs: {} };
        await stack.up([adopting("a", id), own]);
        const made = stack.kept.get(stack.urn(own))?.id;
        expect(await stack.up([adopting("a", id), own, adopting("b", made)])).to.deep.equal([
            "unchanged",
            "unchanged",
            "refused",
        ]);
        expect(stack.problems).to.deep.equal([
            `${made} is declared twice: by Ledger "own" and by Ledger "b"; keep one of them`,
        ]);
        takeMessages();
        await server.stop();
    });
});

describe("a thing that vanished before it was adopted", () => {
    it("is reported by its id, once", async () => {
        const server = await sandboxServer("cloud");
        const instance = "inst_sandbox/k3f9ab";
        const { Balance } = new Stack(server, "shop", "dev", instance).newHost();
        const inputs = { adopted: "bln_none", ledger: "ldg_1", currency: "USD", instance };
        expect((await errorOf(Balance.create(inputs))).message).to.equal(
            "cannot create balance bln_none: it does not exist in inst_sandbox, so it cannot be adopted. Check the id.",
        );
        const mark = "shop/dev/b@k3f9ab#0123456789abcdef";
        expect((await errorOf(Balance.create({ ...inputs, mark }))).message).to.equal(
            'cannot create balance "b": bln_none does not exist in inst_sandbox, so it cannot be adopted. Check the id.',
        );
        await server.stop();
    });
});

describe("an adopted thing that is not claimed", () => {
    // Its diff used to have no URN: a used balance was replaced without a check, and its keys could be declared twice.
    it("is checked before it is replaced, when money has moved on it", async () => {
        const server = await sandboxServer("cloud");
        const stack = new Stack(server, "shop", "dev", "inst_sandbox/k3f9ab");
        const { ledger_id } = await server.send("POST", "/ledgers", { name: "there" });
        const { balance_id } = await server.send("POST", "/balances", { ledger_id, currency: "USD" });
        await server.send("POST", "/transactions", {
            amount: 5,
            precision: 100,
            currency: "USD",
            reference: "r1",
            source: "@world",
            destination: balance_id,
            description: "opening",
            allow_overdraft: true,
            skip_queue: true,
        });
        const balance = (inputs: object): Declared => ({ kind: "Balance", name: "b", inputs: { ...inputs } });
        expect(await stack.up([balance({ adopt: balance_id, claim: false })])).to.deep.equal(["created"]);
        const destroyed = await errorOf(stack.destroy());
        expect(destroyed.message).to.contain(`cannot delete balance ${balance_id}: it cannot be removed: money`);
        const replaced = stack.up([balance({ ledger: ledger_id, currency: "NGN" })]);
        expect(await replaced.catch((error: Error) => error.message)).to.contain("cannot be removed: money has moved");
        expect([...stack.kept.values()].map(({ id }) => id)).to.deep.equal([balance_id]);

        const forgetting = { ledger: ledger_id, currency: "NGN", onDelete: "forget" };
        expect(await stack.up([balance(forgetting)])).to.deep.equal(["replaced"]);
        expect(JSON.stringify(takeMessages())).to.contain(`balance ${balance_id} is no longer managed and stays`);
        await server.stop();
    });

    it("shares no metadata key with a tag: both are named", async () => {
        const server = await sandboxServer("cloud");
        const stack = new Stack(server, "shop", "dev", "inst_sandbox/k3f9ab");
        const { ledger_id: target } = await server.send("POST", "/ledgers", { name: "there" });
        const ledger: Declared = {
            kind: "Ledger",
            name: "l",
            inputs: { adopt: target, claim: false, metadata: { via: "ledger" } },
        };
        expect(await stack.up([ledger])).to.deep.equal(["created"]);
        const inputs = { target, key: "via", value: "tag", replaceExisting: true };
        expect(await stack.up([ledger, { kind: "MetadataTag", name: "t", inputs }])).to.deep.equal([
            "unchanged",
            "refused",
        ]);
        expect(stack.problems.join()).to.contain('by Ledger "l" and by MetadataTag "t"; keep it in one');
        takeMessages();
        await server.stop();
    });
});
