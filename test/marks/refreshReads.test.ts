import { expect } from "chai";
import { balances } from "../../provider/blnk/balances";
import { RefreshReads } from "../../provider/marks/refreshReads";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { connect, MODES } from "../blnk/connections";
import { fixturesOf, questions, someAtATime } from "../kinds/fixtures";

for (const mode of MODES) {
    describe(`reading single keys of metadata, over ${mode}`, () => {
        let sandbox: Sandbox;
        let fixtures: ReturnType<typeof fixturesOf>;
        let reads: RefreshReads;
        beforeEach(async () => {
            sandbox = await startSandbox();
            fixtures = fixturesOf(sandbox);
            reads = new RefreshReads(connect(mode, sandbox));
        });
        afterEach(() => sandbox.stop());

        const keys = Array.from({ length: 10 }, (_, n) => `k${n}`);
        const values = Object.fromEntries(keys.map((key) => [key, { of: key }]));

        it("ten keys of one thing are one question, whether they come at once or one by one", async () => {
            const id = await fixtures.ledger(values);
            expect(await Promise.all(keys.map((key) => reads.value(id, key)))).to.deep.equal(Object.values(values));
            expect(questions(sandbox)).to.deep.equal(["ledger by id 1"]);
            const other = await fixtures.ledger(values);
            for (const key of keys) expect(await reads.value(other, key)).to.deep.equal({ of: key });
            expect(questions(sandbox)).to.deep.equal(["ledger by id 1"]);
        });

        it("things of one kind share questions", async () => {
            const ids = await Promise.all(keys.map((key) => fixtures.identity({ key })));
            expect(await Promise.all(ids.map((id) => reads.value(id, "key")))).to.deep.equal(keys);
            expect(questions(sandbox)).to.deep.equal(["identit by id 1", "identit by id 9"]);
        });

        it("values from a list are not asked for, and used once", async () => {
            const things = await fixtures.balances(50, { tier: 1, plan: "pro" });
            await someAtATime(things, ({ id, mark }) => reads.of(balances).read(id, mark));
            expect(questions(sandbox)).to.deep.equal(["balance by mark 1", "balance by mark 15", "balance list"]);
            const tiers = () => someAtATime(things, ({ id }) => reads.value(id, "tier"));
            expect(await tiers()).to.deep.equal(things.map(() => 1));
            expect(questions(sandbox)).to.deep.equal([]);
            for (const { id } of things) sandbox.editMetadata(id, { tier: 2 });
            expect(await tiers()).to.deep.equal(things.map(() => 2));
            expect(questions(sandbox)).to.have.length.within(1, 8);
        });

        it("a second read asks again", async () => {
            const id = await fixtures.ledger({ tier: 1 });
            expect(await reads.value(id, "tier")).to.equal(1);
            sandbox.editMetadata(id, { tier: 2 });
            expect(await reads.value(id, "tier")).to.equal(2);
            expect(questions(sandbox)).to.deep.equal(["ledger by id 1", "ledger by id 1"]);
        });

        const nothing: [what: string, id: () => Promise<string>, asks: string[], value?: null][] = [
            ["a key that is not there", () => fixtures.ledger({ other: 1 }), ["ledger by id 1"], null],
            ["a key set to null", () => fixtures.ledger({ key: null }), ["ledger by id 1"], null],
            ["a thing that is not there", async () => "ldg_none", ["ledger by id 1", "GET", "ledger by id"]],
            ["a thing of no known kind", async () => "acc_1", []],
        ];
        for (const [what, id, asks, value] of nothing) {
            it(`${what} holds nothing`, async () => {
                expect(await reads.value(await id(), "key")).to.equal(value);
                expect(questions(sandbox)).to.deep.equal(asks);
            });
        }

        it("a key may be named like an inherited member", async () => {
            const id = await fixtures.ledger({ toString: "mine" });
            expect(await reads.value(id, "constructor")).to.equal(null);
            expect(await reads.value(id, "toString")).to.equal("mine");
        });

        it("false, 0 and an empty text are values", async () => {
            const id = await fixtures.ledger({ a: false, b: 0, c: "" });
            expect([await reads.value(id, "a"), await reads.value(id, "b"), await reads.value(id, "c")]).to.deep.equal([
                false,
                0,
                "",
            ]);
        });
    });
}
