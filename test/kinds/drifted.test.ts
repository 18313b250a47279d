import { expect } from "chai";
import { takeMessages } from "../host/engineOfThisProcess";
import type { Declared } from "./stack";
import { type Shop, shop, type Thing } from "./things";

const warnings = () =>
    takeMessages()
        .filter(({ severity }) => severity === "warning")
        .map(({ text }) => text);

/** A value that a refresh found used to count as this stack's own: removing its key then cleared the application's data. */
for (const [index, kind] of ["Ledger", "Balance", "BalanceSet"].entries()) {
    describe(`a key of a ${kind} that an application has changed, as a refresh found`, () => {
        let fixture: Shop;
        let thing: Thing;
        let id: string;
        beforeEach(async () => {
            fixture = await shop();
            thing = fixture.things[index] as Thing;
            await fixture.stack.up([thing.declare({ risk: "low", tier: 1 })]);
            id = thing.idIn(fixture.stack);
            fixture.sandbox.editMetadata(id, { risk: { score: 91 } });
            await fixture.stack.refresh();
            takeMessages();
        });
        afterEach(() => fixture.stop());
        const held = () => fixture.held(id);

        it("stays when it leaves the program, in the next refresh's eyes too", async () => {
            await fixture.stack.refresh();
            expect(await fixture.stack.up([thing.declare({ tier: 1 })])).to.deep.equal(["updated"]);
            expect(held()).to.deep.include({ risk: { score: 91 }, tier: 1 });
            expect(warnings().join()).to.contain(`holds a value that this stack did not write under "risk"`);
        });

        it("is put right where it stays declared, and cleared when it leaves after that", async () => {
            expect(await fixture.stack.up([thing.declare({ risk: "low", tier: 1 })])).to.deep.equal(["updated"]);
            expect(held()).to.deep.include({ risk: "low" });
            expect(await fixture.stack.up([thing.declare({ tier: 1 })])).to.deep.equal(["updated"]);
            expect(held()).to.deep.include({ risk: null });
            expect(warnings()).to.deep.equal([]);
        });

        it("changes nothing where the program declares it as it is now", async () => {
            expect(await fixture.stack.up([thing.declare({ risk: { score: 91 }, tier: 1 })])).to.deep.equal([
                "unchanged",
            ]);
        });
    });
}

describe("a tag whose value an application has changed, as a refresh found", () => {
    it("is left as it is when it leaves the program", async () => {
        const fixture = await shop();
        const tag: Declared = {
            kind: "MetadataTag",
            name: "t",
            inputs: { target: fixture.ledger, key: "k", value: "mine" },
        };
        await fixture.stack.up([tag]);
        fixture.sandbox.editMetadata(fixture.ledger, { k: "app" });
        await fixture.stack.refresh();
        takeMessages();
        await fixture.stack.up([]);
        expect(fixture.held(fixture.ledger)).to.deep.include({ k: "app" });
        expect(warnings()).to.deep.equal([
            `metadata tag "k" on ${fixture.ledger} holds a value that this tag did not write; the value stays as it is`,
        ]);
        await fixture.stop();
    });
});

describe("a resource that leads to another server than it lives in", () => {
    it("is refused by its check, as where its provider was left out; nothing is written", async () => {
        const fixture = await shop();
        const ledger: Declared = { kind: "Ledger", name: "l", inputs: { name: "L" } };
        await fixture.stack.up([ledger]);
        const kept = fixture.stack.kept.get(fixture.stack.urn(ledger));
        if (kept === undefined) throw new Error("the ledger is not kept");
        const elsewhere = { instance: "inst_two/k3f9ab" };
        fixture.stack.kept.set(fixture.stack.urn(ledger), {
            ...kept,
            inputs: { ...kept.inputs, ...elsewhere },
            outputs: { ...kept.outputs, ...elsewhere },
        });
        fixture.sandbox.clearRequests();
        expect(await fixture.stack.up([ledger])).to.deep.equal(["refused"]);
        expect(fixture.stack.problems.join()).to.contain(
            `it lives in inst_two, but its provider in this program leads to ${fixture.identity}`,
        );
        expect(fixture.sandbox.writes()).to.deep.equal([]);
        await fixture.stop();
    });
});

describe("a state that was lost, and an owner that is named", () => {
    const instance: Declared = { kind: "Instance", name: "blnk", inputs: { stack: "shop/dev" } };

    it("the right one is shown how much it takes back; one that owns nothing is warned of, in the preview too", async () => {
        const fixture = await shop();
        await fixture.server.send("POST", "/ledgers", {
            name: "old",
            meta_data: { pulumi: "shop/dev/old@k3f9ab#0123456789abcdef" },
        });
        const named = (owner: string) => {
            const stack = fixture.stack.copied({});
            stack.kept.clear();
            stack.reach = { ...stack.reach, config: { ...stack.reach.config, "blnk:owner": owner } };
            return stack;
        };
        takeMessages();
        await named("k3f9ab").preview([instance]);
        expect(takeMessages().map(({ text }) => text)).to.deep.equal([
            "takes back what owner k3f9ab created; Blnk holds 1 thing marked shop/dev",
        ]);
        await named("zzz999").preview([instance]);
        expect(warnings().join()).to.contain("owner k3f9ab, but blnk:owner is zzz999, and nothing of zzz999 was found");
        await fixture.stop();
    });
});
