import { expect } from "chai";
import { unknownValue } from "../../provider/host/values";
import { markOf } from "../../provider/marks/mark";
import { sandboxServer } from "../kinds/servers";
import { type Bag, type Declared, Stack } from "../kinds/stack";
import { takeMessages } from "./engineOfThisProcess";

const BELL = "\u0007";
const ODD = "USD\u200b";
const [owner, project, stackName] = ["k3f9ab", "shop", "dev"];
/** The bytes that a mark takes besides the name: for project, stack, owner and hash. */
const AROUND = `${project}/${stackName}/@${owner}#0123456789abcdef`.length;

describe("values that are new, and values that Blnk holds already", () => {
    let server: Awaited<ReturnType<typeof sandboxServer>>;
    let stack: Stack;
    let ledger: string;
    beforeEach(async () => {
        server = await sandboxServer("core");
        const probe = new Stack(server, project, "probe");
        await probe.up([{ kind: "Instance", name: "blnk", inputs: { stack: "shop/probe" } }]);
        stack = new Stack(server, project, stackName, `${[...probe.kept.values()][0]?.outputs.server}/${owner}`);
        ledger = await made("/ledgers", { name: "l" });
    });
    afterEach(async () => {
        takeMessages();
        await server.stop();
    });
    const made = async (path: string, body: object) => {
        const answer = await server.send("POST", path, body);
        return String(answer.balance_id ?? answer.ledger_id);
    };
    const refusal = async (declared: Declared) => {
        const [outcome] = await stack.up([declared]);
        expect(outcome).to.equal("refused");
        return stack.problems.join("\n");
    };
    const thing = (kind: Declared["kind"], inputs: Bag, name = "thing"): Declared => ({ kind, name, inputs });
    const set = (balances: Bag, name = "thing") => thing("BalanceSet", { ledger, balances }, name);
    const balance = (currency: string, more: Bag = {}) => thing("Balance", { ledger, currency, ...more });
    /** A thing that an earlier version created, without this rule in its check. */
    const fromBefore = async (declared: Declared, odd: Declared) => {
        expect(await stack.up([declared])).to.deep.equal(["created"]);
        const urn = stack.urn(declared);
        const kept = stack.kept.get(urn);
        if (kept === undefined) throw new Error("nothing kept");
        const { currency } = odd.inputs;
        const mark = markOf(owner, urn, currency === undefined ? {} : { ledger, currency });
        const now = { ...odd.inputs, mark };
        stack.kept.set(urn, { ...kept, inputs: { ...kept.inputs, ...now }, outputs: { ...kept.outputs, ...now } });
    };

    it("are refused when they are new, wherever they are declared", async () => {
        expect(await refusal(balance(ODD))).to.contain("currency contains an invisible character (U+200B)");
        expect(await refusal(balance(BELL))).to.contain("currency contains an invisible character (U+0007)");
        expect(await refusal(set({ a: { currency: ODD } }))).to.contain(
            'balances["a"]: currency contains an invisible',
        );
        expect(await refusal(set({ [BELL]: { currency: "USD" } }))).to.contain(
            "its key contains a control character (U+0007)",
        );
        expect(await refusal(set({ "\u200b": { currency: "USD" } }))).to.contain("its key contains only invisible");
        expect(await refusal(thing("Ledger", { name: `a${BELL}` }))).to.contain(
            "name contains a control character (U+0007)",
        );
        expect(await refusal(thing("Ledger", { name: "\u200b" }))).to.contain("name contains only invisible");
        expect(await refusal(thing("Ledger", {}, "\u2060"))).to.contain("name contains only invisible");
        expect(await stack.up([thing("Ledger", { name: "a\u200db" })])).to.deep.equal(["created"]);
    });

    it("are refused when a value changes to them", async () => {
        await stack.up([balance("USD"), thing("Ledger", { name: "fine" })]);
        expect(await refusal(balance(ODD))).to.contain("currency contains an invisible character");
        expect(await refusal(thing("Ledger", { name: BELL }))).to.contain("name contains a control character");
    });

    it("stay usable where the state has them, also when the thing is replaced", async () => {
        await fromBefore(thing("Ledger", { name: "old" }, "l"), thing("Ledger", { name: BELL }, "l"));
        const changed = thing("Ledger", { name: BELL, metadata: { a: 1 } }, "l");
        expect(await stack.up([changed])).to.deep.equal(["updated"]);
        const odd = balance(ODD);
        await fromBefore(balance("USD"), odd);
        expect((await stack.up([changed, odd]))[1]).to.equal("unchanged");
        const replaced = balance(ODD, { allocationStrategy: "LIFO" });
        expect((await stack.up([changed, replaced]))[1]).to.equal("replaced");
    });

    it("stay usable where they are adopted, left out or declared as they are, but no new ones are brought in by that", async () => {
        const odd = await made("/ledgers", { name: BELL });
        const other = await made("/ledgers", { name: BELL });
        for (const inputs of [{ adopt: odd }, { adopt: other, name: BELL }]) {
            const adopting = thing("Ledger", inputs, inputs.adopt);
            expect((await stack.up([adopting]))[0], stack.problems.join()).to.equal("created");
            expect((await stack.up([adopting]))[0], stack.problems.join()).to.equal("unchanged");
        }
        for (const currency of [ODD, " USD"]) {
            const id = await made("/balances", { ledger_id: ledger, currency });
            const adopting = thing("Balance", { adopt: id }, id);
            expect((await stack.up([adopting]))[0], stack.problems.join()).to.equal("created");
            expect((await stack.up([adopting]))[0], stack.problems.join()).to.equal("unchanged");
            const member = await made("/balances", { ledger_id: ledger, currency });
            const members = set({ a: { adopt: member, currency } }, member);
            expect((await stack.up([members]))[0], stack.problems.join()).to.equal("created");
            expect((await stack.up([members]))[0], stack.problems.join()).to.equal("unchanged");
        }
        const plain = await made("/ledgers", { name: "plain" });
        expect(await refusal(thing("Ledger", { adopt: plain, name: BELL }, "p"))).to.contain("name contains a control");
    });

    it("of names: a mark of more than 300 bytes is refused, one of 300 is not", async () => {
        const longest = "n".repeat(300 - AROUND);
        expect(await stack.up([thing("Ledger", { name: "l" }, longest)])).to.deep.equal(["created"]);
        for (const name of [`${longest}n`, "n".repeat(3000), "é".repeat((300 - AROUND) / 2 + 1)]) {
            for (const declared of [
                thing("Ledger", { name: "l" }, name),
                thing("Balance", { ledger, currency: "USD" }, name),
                set({ a: { currency: "USD" } }, name),
            ]) {
                expect(await refusal(declared)).to.match(/^the name of this resource is too long: .* more than 300/);
            }
        }
    });

    it("of names: a set's name and a key count together", async () => {
        const name = "n".repeat(300 - AROUND - 11);
        expect(await stack.up([set({ ["k".repeat(10)]: { currency: "USD" } }, name)])).to.deep.equal(["created"]);
        expect(await refusal(set({ ["k".repeat(11)]: { currency: "USD" } }, name))).to.contain(
            `balances["${"k".repeat(11)}"]: the set's name and this key are too long together`,
        );
    });

    it("of names: what exists under a long mark stays managed, also where its mark is rewritten", async () => {
        const long = "n".repeat(400);
        const urn = `urn:pulumi:${stackName}::${project}::pulumi-nodejs:dynamic/blnk:Ledger::${long}`;
        const host = stack.newHost();
        const news = { name: "l", instance: stack.binding, ownUrn: urn, __provider: "x" };
        const old = { name: "l", instance: stack.binding, mark: `shop/other/${long}@${owner}#0123456789abcdef` };
        expect((await host.Ledger.check?.(old, news))?.failures).to.deep.equal([]);
        // For a replacement, the engine checks again as for a new resource.
        expect((await host.Ledger.check?.({}, news))?.failures).to.deep.equal([]);
        expect((await stack.newHost().Ledger.check?.({}, news))?.failures).to.have.length(1);
    });

    it("of names: a preview that does not know the owner yet reports this as well", async () => {
        const urn = `urn:pulumi:${stackName}::${project}::pulumi-nodejs:dynamic/blnk:Ledger::${"n".repeat(400)}`;
        const news = { name: "l", instance: unknownValue, ownUrn: urn, __provider: "x" };
        const { failures } = (await stack.newHost().Ledger.check?.({}, news)) ?? {};
        expect(failures).to.have.length(1);
    });
});
