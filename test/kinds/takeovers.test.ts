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
    `${id} has been taken over by another stack: it carries the mark ${mark}. Remove it from this program; to take it back, ` +
    `declare it anew after that, with adopt: "${id}" and adoptFrom: "${mark}".`;
const OTHER_OWNER = "shop/elsewhere/thing@x7#0123456789abcdef";
const OWN_OWNER = "shop/elsewhere/thing@k3f9ab#0123456789abcdef";

for (const [index, kind] of ["Ledger", "Balance", "BalanceSet"].entries()) {
    describe(`a ${kind} whose id another stack, project, owner or name knows`, () => {
        let shelf: Shop;
        let thing: Thing;
        let id: string;
        let mark: string;
        let declared: Declared;
        beforeEach(async () => {
            shelf = await shop();
            thing = shelf.things[index] as Thing;
            declared = thing.declare({ tier: 1 });
            expect(await shelf.stack.up([declared])).to.deep.equal(["created"]);
            id = thing.idIn(shelf.stack);
            mark = String(shelf.mark(id));
            shelf.sandbox.clearRequests();
            takeMessages();
        });
        afterEach(async () => {
            takeMessages();
            await shelf.stop();
        });
        const inMark = (stack: Stack) => String(stack.kept.get(stack.urn(declared))?.outputs.mark);
        const made = () => shelf.sandbox.writes().filter(({ path }) => /\/(ledgers|balances)$/.test(path));
        /** The same program comes to an update that rewrites the mark alone, previewed as such; then to nothing. */
        const takesOver = async (stack: Stack, program: Declared = declared) => {
            const old = String(stack.kept.get(stack.urn(program))?.outputs.mark);
            const before = shelf.mark(id);
            expect(await stack.preview([program])).to.deep.equal(["updated"]);
            expect(shown("other")).to.deep.equal([`takes over from ${old}`]);
            expect(shelf.sandbox.writes()).to.deep.equal([]);
            expect(await stack.up([program])).to.deep.equal(["updated"]);
            takeMessages();
            const now = shelf.mark(id);
            expect(now).not.to.equal(before);
            expect(made()).to.deep.equal([]);
            for (const { body } of shelf.sandbox.writes()) {
                expect(Object.keys((body as { meta_data: object }).meta_data)).to.deep.equal(["pulumi"]);
            }
            expect(stack.kept.get(stack.urn(program))?.id).to.equal(
                shelf.stack.kept.get(shelf.stack.urn(declared))?.id,
            );
            expect(await stack.up([program])).to.deep.equal(["unchanged"]);
            expect(await stack.refresh()).to.deep.equal(["same"]);
            expect(shown("warning")).to.deep.equal([]);
            shelf.sandbox.clearRequests();
        };
        const refuses = async (stack: Stack, other: string, program: Declared = declared) => {
            expect((await errorOf(stack.preview([program]))).message).to.contain(takenAway(id, other));
            expect((await errorOf(stack.up([program]))).message).to.contain(takenAway(id, other));
            expect(shelf.sandbox.writes()).to.deep.equal([]);
            takeMessages();
        };

        for (const [what, change] of [
            ["stack", { stack: "prod" }],
            ["project", { project: "store" }],
            ["owner", { binding: "other" }],
        ] as const) {
            it(`is taken over in place by another ${what}: an update that replaces nothing`, async () => {
                const binding = "binding" in change ? { binding: `${shelf.server}/${change.binding}` } : {};
                await takesOver(shelf.stack.copied({ ...change, ...binding }));
            });
        }

        it("is taken over in place by another name, as an alias brings it", async () => {
            const renamed = { ...declared, name: "renamed" };
            const { stack } = shelf;
            const kept = stack.kept.get(stack.urn(declared));
            const copy = stack.copied({});
            copy.kept.clear();
            if (kept !== undefined) copy.kept.set(copy.urn(renamed), { ...kept, name: "renamed", id: kept.id });
            expect(await copy.preview([renamed])).to.deep.equal(["updated"]);
            expect(await copy.up([renamed])).to.deep.equal(["updated"]);
            expect(made()).to.deep.equal([]);
            expect(String(shelf.mark(id))).to.contain("shop/dev/renamed");
            expect(await copy.up([renamed])).to.deep.equal(["unchanged"]);
        });

        it("is not rewritten in turn by two copies of one state: the second is refused, and the original too", async () => {
            const first = shelf.stack.copied({ stack: "first" });
            const second = shelf.stack.copied({ stack: "second" });
            await takesOver(first);
            const taken = String(shelf.mark(id));
            await refuses(second, taken);
            const changed = thing.declare({ tier: 2 });
            await refuses(shelf.stack, taken, changed);
            expect(await first.up([changed])).to.deep.equal(["updated"]);
            expect(shelf.mark(id)).to.equal(taken);
        });

        for (const [who, other] of [
            ["another owner", OTHER_OWNER],
            ["the same owner in another stack", OWN_OWNER],
        ] as const) {
            it(`is left to ${who} that has marked it: its keys are not written, and a refresh never makes that mark ours`, async () => {
                shelf.sandbox.editMetadata(id, { pulumi: other });
                await refuses(shelf.stack, other, thing.declare({ tier: 2 }));
                for (const outcome of ["drifted", "same"]) {
                    expect(await shelf.stack.refresh()).to.deep.equal([outcome]);
                    expect(shown("warning").join()).to.contain(takenAway(id, other));
                }
                const kept = shelf.stack.kept.get(shelf.stack.urn(declared))?.outputs;
                expect(JSON.stringify(kept)).to.contain(`"takenBy":"${other}"`);
                if (kind !== "BalanceSet") expect(inMark(shelf.stack)).to.equal(mark);
                // What the state knows now, nothing need be asked for.
                shelf.sandbox.clearRequests();
                await refuses(shelf.stack, other);
                await refuses(shelf.stack.copied({ stack: "prod" }), other);
                expect(shelf.sandbox.requests().filter(({ path }) => path.includes("balances"))).to.deep.equal([]);
            });

            it(`goes on here after ${who} has let go of it`, async () => {
                shelf.sandbox.editMetadata(id, { pulumi: other });
                await shelf.stack.refresh();
                shelf.sandbox.editMetadata(id, { pulumi: null });
                expect(await shelf.stack.refresh()).to.deep.equal(["drifted"]);
                expect(await shelf.stack.up([declared])).to.deep.equal(["updated"]);
                expect(shelf.mark(id)).to.equal(mark);
                expect(await shelf.stack.up([declared])).to.deep.equal(["unchanged"]);
                shelf.sandbox.editMetadata(id, { pulumi: other });
                await shelf.stack.refresh();
                shelf.sandbox.editMetadata(id, { pulumi: mark });
                expect(await shelf.stack.refresh()).to.deep.equal(["drifted"]);
                expect(await shelf.stack.up([declared])).to.deep.equal(["unchanged"]);
            });

            it(`can leave the program after ${who} has taken it, money or not`, async () => {
                await pay();
                shelf.sandbox.editMetadata(id, { pulumi: other });
                await shelf.stack.refresh();
                if (kind === "BalanceSet") await shelf.stack.up([without("a")]);
                else await shelf.stack.destroy();
                expect(shelf.mark(id)).to.equal(other);
            });
        }

        it("whose mark somebody has erased gets that of the other stack", async () => {
            shelf.sandbox.editMetadata(id, { pulumi: null });
            const copy = shelf.stack.copied({ stack: "prod" });
            expect(await copy.up([declared])).to.deep.equal(["updated"]);
            expect(String(shelf.mark(id))).to.contain("shop/prod/thing");
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
            await shelf.ground.send("POST", "/transactions", {
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
        const shelf = await shop();
        const [thing] = shelf.things;
        const declared = (thing as Thing).declare({});
        await shelf.stack.up([declared]);
        const urn = shelf.stack.urn(declared);
        const kept = shelf.stack.kept.get(urn);
        if (kept === undefined) throw new Error("nothing was made");
        const mark = { mark: OTHER_OWNER };
        shelf.stack.kept.set(urn, {
            ...kept,
            inputs: { ...kept.inputs, ...mark },
            outputs: { ...kept.outputs, ...mark },
        });
        shelf.sandbox.editMetadata(kept.id, { pulumi: OTHER_OWNER });
        expect((await errorOf(shelf.stack.up([declared]))).message).to.contain(takenAway(kept.id, OTHER_OWNER));
        takeMessages();
        await shelf.stop();
    });
});
