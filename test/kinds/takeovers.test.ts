import { expect } from "chai";
import { errorOf } from "../blnk/connections";
import { takeMessages } from "../host/engineOfThisProcess";
import type { Declared, Stack } from "./stack";
import { type Shop, shop, type Thing } from "./things";

const shown = (severity: "warning" | "other") =>
    takeMessages()
        .filter((message) => message.severity === severity)
        .map(({ text }) => text);
const takenAway = (id: string, mark: string) =>
    `another stack has taken over ${id}: it carries the mark ${mark}. Remove it from this program. To take it back ` +
    `afterwards, declare it again with adopt: "${id}" and adoptFrom: "${mark}".`;
const OTHER_OWNER = "shop/elsewhere/thing@x7#0123456789abcdef";
const OWN_OWNER = "shop/elsewhere/thing@k3f9ab#0123456789abcdef";

for (const [index, kind] of ["Ledger", "Balance", "BalanceSet"].entries()) {
    describe(`a ${kind} whose id another stack, project, owner or name knows`, () => {
        let fixture: Shop;
        let thing: Thing;
        let id: string;
        let mark: string;
        let declared: Declared;
        beforeEach(async () => {
            fixture = await shop();
            thing = fixture.things[index] as Thing;
            declared = thing.declare({ tier: 1 });
            expect(await fixture.stack.up([declared])).to.deep.equal(["created"]);
            id = thing.idIn(fixture.stack);
            mark = String(fixture.mark(id));
            fixture.sandbox.clearRequests();
            takeMessages();
        });
        afterEach(async () => {
            takeMessages();
            await fixture.stop();
        });
        const inMark = (stack: Stack) => String(stack.kept.get(stack.urn(declared))?.outputs.mark);
        const made = () => fixture.sandbox.writes().filter(({ path }) => /\/(ledgers|balances)$/.test(path));
        /** The same program leads to an update that only rewrites the mark, as previewed; then to no change. */
        const takesOver = async (stack: Stack, program: Declared = declared) => {
            const old = String(stack.kept.get(stack.urn(program))?.outputs.mark);
            const before = fixture.mark(id);
            expect(await stack.preview([program])).to.deep.equal(["updated"]);
            expect(shown("other")).to.deep.equal([`takes over from ${old}`]);
            expect(fixture.sandbox.writes()).to.deep.equal([]);
            expect(await stack.up([program])).to.deep.equal(["updated"]);
            takeMessages();
            const now = fixture.mark(id);
            expect(now).not.to.equal(before);
            expect(made()).to.deep.equal([]);
            for (const { body } of fixture.sandbox.writes()) {
                expect(Object.keys((body as { meta_data: object }).meta_data)).to.deep.equal(["pulumi"]);
            }
            expect(stack.kept.get(stack.urn(program))?.id).to.equal(
                fixture.stack.kept.get(fixture.stack.urn(declared))?.id,
            );
            expect(await stack.up([program])).to.deep.equal(["unchanged"]);
            expect(await stack.refresh()).to.deep.equal(["same"]);
            expect(shown("warning")).to.deep.equal([]);
            fixture.sandbox.clearRequests();
        };
        const refuses = async (stack: Stack, other: string, program: Declared = declared) => {
            expect((await errorOf(stack.preview([program]))).message).to.contain(takenAway(id, other));
            expect((await errorOf(stack.up([program]))).message).to.contain(takenAway(id, other));
            expect(fixture.sandbox.writes()).to.deep.equal([]);
            takeMessages();
        };

        for (const [what, change] of [
            ["stack", { stack: "prod" }],
            ["project", { project: "store" }],
            ["owner", { binding: "other" }],
        ] as const) {
            it(`is taken over in place by another ${what}: an update that replaces nothing`, async () => {
                const binding = "binding" in change ? { binding: `${fixture.identity}/${change.binding}` } : {};
                await takesOver(fixture.stack.copied({ ...change, ...binding }));
            });
        }

        it("is taken over in place by another name, as an alias brings it", async () => {
            const renamed = { ...declared, name: "renamed" };
            const { stack } = fixture;
            const kept = stack.kept.get(stack.urn(declared));
            const copy = stack.copied({});
            copy.kept.clear();
            if (kept !== undefined) copy.kept.set(copy.urn(renamed), { ...kept, name: "renamed", id: kept.id });
            expect(await copy.preview([renamed])).to.deep.equal(["updated"]);
            expect(await copy.up([renamed])).to.deep.equal(["updated"]);
            expect(made()).to.deep.equal([]);
            expect(String(fixture.mark(id))).to.contain("shop/dev/renamed");
            expect(await copy.up([renamed])).to.deep.equal(["unchanged"]);
        });

        it("is not rewritten in turn by two copies of one state: the second is refused, and the original too", async () => {
            const first = fixture.stack.copied({ stack: "first" });
            const second = fixture.stack.copied({ stack: "second" });
            await takesOver(first);
            const taken = String(fixture.mark(id));
            await refuses(second, taken);
            const changed = thing.declare({ tier: 2 });
            await refuses(fixture.stack, taken, changed);
            expect(await first.up([changed])).to.deep.equal(["updated"]);
            expect(fixture.mark(id)).to.equal(taken);
        });

        for (const [who, other] of [
            ["another owner", OTHER_OWNER],
            ["the same owner in another stack", OWN_OWNER],
        ] as const) {
            it(`is left to ${who} that has marked it: its keys are not written, and a refresh never makes that mark ours`, async () => {
                fixture.sandbox.editMetadata(id, { pulumi: other });
                await refuses(fixture.stack, other, thing.declare({ tier: 2 }));
                for (const outcome of ["drifted", "same"]) {
                    expect(await fixture.stack.refresh()).to.deep.equal([outcome]);
                    expect(shown("warning").join()).to.contain(takenAway(id, other));
                }
                const kept = fixture.stack.kept.get(fixture.stack.urn(declared))?.outputs;
                expect(JSON.stringify(kept)).to.contain(`"takenBy":"${other}"`);
                if (kind !== "BalanceSet") expect(inMark(fixture.stack)).to.equal(mark);
                // The state knows it now: no request is needed.
                fixture.sandbox.clearRequests();
                await refuses(fixture.stack, other);
                await refuses(fixture.stack.copied({ stack: "prod" }), other);
                expect(fixture.sandbox.requests().filter(({ path }) => path.includes("balances"))).to.deep.equal([]);
            });

            it(`is managed here again after ${who} has released it`, async () => {
                fixture.sandbox.editMetadata(id, { pulumi: other });
                await fixture.stack.refresh();
                fixture.sandbox.editMetadata(id, { pulumi: null });
                expect(await fixture.stack.refresh()).to.deep.equal(["drifted"]);
                expect(await fixture.stack.up([declared])).to.deep.equal(["updated"]);
                expect(fixture.mark(id)).to.equal(mark);
                expect(await fixture.stack.up([declared])).to.deep.equal(["unchanged"]);
                fixture.sandbox.editMetadata(id, { pulumi: other });
                await fixture.stack.refresh();
                fixture.sandbox.editMetadata(id, { pulumi: mark });
                expect(await fixture.stack.refresh()).to.deep.equal(["drifted"]);
                expect(await fixture.stack.up([declared])).to.deep.equal(["unchanged"]);
            });

            it(`can leave the program after ${who} has taken it, money or not`, async () => {
                await pay();
                fixture.sandbox.editMetadata(id, { pulumi: other });
                await fixture.stack.refresh();
                if (kind === "BalanceSet") await fixture.stack.up([without("a")]);
                else await fixture.stack.destroy();
                expect(fixture.mark(id)).to.equal(other);
            });
        }

        it("whose mark another writer has erased gets that of the other stack", async () => {
            fixture.sandbox.editMetadata(id, { pulumi: null });
            const copy = fixture.stack.copied({ stack: "prod" });
            expect(await copy.up([declared])).to.deep.equal(["updated"]);
            expect(String(fixture.mark(id))).to.contain("shop/prod/thing");
            expect(await copy.up([declared])).to.deep.equal(["unchanged"]);
        });

        /** The set without one of its members. */
        function without(key: string): Declared {
            const { balances, ...rest } = declared.inputs as { balances: Record<string, object> };
            const others = Object.entries(balances).filter(([name]) => name !== key);
            return { ...declared, inputs: { ...rest, balances: Object.fromEntries(others) } };
        }

        async function pay(): Promise<void> {
            if (kind === "Ledger") return;
            await fixture.server.send("POST", "/transactions", {
                amount: 5,
                precision: 100,
                currency: "USD",
                reference: "r1",
                source: "@world",
                destination: id,
                description: "opening",
                allow_overdraft: true,
                skip_queue: true,
            });
        }
    });
}

describe("a state of 0.1.0 that holds the mark of another owner in the place of its own", () => {
    it("is refused like one that says who has taken the thing over", async () => {
        const fixture = await shop();
        const [thing] = fixture.things;
        const declared = (thing as Thing).declare({});
        await fixture.stack.up([declared]);
        const urn = fixture.stack.urn(declared);
        const kept = fixture.stack.kept.get(urn);
        if (kept === undefined) throw new Error("nothing was made");
        const mark = { mark: OTHER_OWNER };
        fixture.stack.kept.set(urn, {
            ...kept,
            inputs: { ...kept.inputs, ...mark },
            outputs: { ...kept.outputs, ...mark },
        });
        fixture.sandbox.editMetadata(kept.id, { pulumi: OTHER_OWNER });
        expect((await errorOf(fixture.stack.up([declared]))).message).to.contain(takenAway(kept.id, OTHER_OWNER));
        takeMessages();
        await fixture.stop();
    });
});
