import { expect } from "chai";
import fc from "fast-check";
import { balances } from "../../provider/blnk/balances";
import { RefreshReads } from "../../provider/marks/refreshReads";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { cloudTo, connect, coreTo, MODES } from "../blnk/connections";
import { type BalanceFixture, fixturesOf, markNumber, questions, someAtATime } from "../kinds/fixtures";

for (const mode of MODES) {
    describe(`reading the things of a stack over ${mode}`, () => {
        let sandbox: Sandbox;
        let fixtures: ReturnType<typeof fixturesOf>;
        let reads: RefreshReads;
        beforeEach(async () => {
            sandbox = await startSandbox();
            fixtures = fixturesOf(sandbox);
            reads = new RefreshReads(connect(mode, sandbox));
        });
        afterEach(() => sandbox.stop());

        const read = ({ id, mark }: BalanceFixture) => reads.of(balances).read(id, mark);
        const idsOf = async (things: readonly BalanceFixture[]) =>
            (await Promise.all(things.map(read))).map((reading) => reading?.record.balance_id);

        it("simultaneous reads go in questions of a hundred", async () => {
            const things = await fixtures.balances(250);
            expect(await idsOf(things)).to.deep.equal(things.map(({ id }) => id));
            expect(questions(sandbox)).to.deep.equal([
                "balance by mark 1",
                "balance by mark 100",
                "balance by mark 100",
                "balance by mark 49",
            ]);
        });

        it("an answer is used once, from a list or not: a second read asks again", async () => {
            const things = await fixtures.balances(20);
            const [thing] = things as [BalanceFixture];
            for (const one of things) await read(one);
            expect(questions(sandbox)).to.deep.equal(["balance by mark 1", "balance by mark 1", "balance list"]);
            sandbox.editMetadata(thing.id, { tier: 1 });
            // The first two were read before the list was, and are in it once more.
            for (const one of [thing, things[1], things[5]] as BalanceFixture[]) await read(one);
            expect(questions(sandbox)).to.deep.equal(Array.from({ length: 3 }, () => "balance by mark 1"));
            sandbox.editMetadata(thing.id, { tier: 2 });
            expect((await read(thing))?.record.meta_data.tier).to.equal(2);
        });

        it("things without a mark are read together by id", async () => {
            const ledger = await fixtures.ledger();
            const unmarked = await Promise.all(Array.from({ length: 20 }, () => fixtures.balance(ledger)));
            const lost = unmarked.slice(10).map(({ id }, n) => ({ id, mark: markNumber(n) }));
            expect(await idsOf([...unmarked.slice(0, 10), ...lost])).to.deep.equal(unmarked.map(({ id }) => id));
            // The first of each go alone; what has queued meanwhile goes together, all of it or some at a time.
            const asked = questions(sandbox).map((question) => question.split(/ (?=\d+$)/) as [string, string]);
            const sum = (what: string) =>
                asked.filter(([it]) => it === what).reduce((all, [, n]) => all + Number(n), 0);
            expect([sum("balance by id"), sum("balance by mark")]).to.deep.equal([20, 10]);
            expect(asked).to.have.length.at.most(8);
        });

        it("a thing is gone when four answers miss it, the last two for it alone", async () => {
            const [thing, other] = (await fixtures.balances(2)) as [BalanceFixture, BalanceFixture];
            sandbox.forget(thing.id);
            expect(await idsOf([thing, other])).to.deep.equal([undefined, other.id]);
            expect(questions(sandbox).sort()).to.deep.equal([
                "GET",
                "balance by id",
                "balance by id 1",
                "balance by mark 1",
                "balance by mark 1",
            ]);
        });

        it("of things with one mark the one with the id is read, and the others are named as twins", async () => {
            const ledger = await fixtures.ledger();
            const twins = [];
            for (let n = 0; n < 3; n++) twins.push(await fixtures.balance(ledger, markNumber(1)));
            const [first, second, third] = twins as [BalanceFixture, BalanceFixture, BalanceFixture];
            const reading = await read(second);
            expect(reading?.record.balance_id).to.equal(second.id);
            expect(reading?.twins).to.deep.equal([first.id, third.id]);
            sandbox.editMetadata(first.id, { pulumi: null });
            expect((await read(first))?.twins).to.deep.equal([second.id, third.id]);
            sandbox.forget(first.id);
            expect(await read(first)).to.equal(undefined);
        });

        for (const [what, trouble] of [
            ["is not allowed", { kind: "answer", status: 403 }],
            ["is not understood", { kind: "answer", status: 400 }],
            ["is answered in part", { kind: "halfOfRows" }],
        ] as const) {
            it(`a batch that ${what} says nothing of single things: each is read alone`, async () => {
                const things = await fixtures.balances(3);
                sandbox.trouble({ match: { path: "/filter$" }, times: "always", do: trouble });
                expect(await idsOf(things)).to.deep.equal(things.map(({ id }) => id));
                expect(questions(sandbox).filter((asked) => asked === "GET")).to.have.length.of.at.least(2);
            });
        }

        for (const status of [401, 500, 503]) {
            it(`a batch that is answered with ${status} fails for all its things, and none counts as gone`, async () => {
                const things = await fixtures.balances(3);
                sandbox.trouble({ match: { path: "/filter$" }, do: { kind: "answer", status } });
                const outcomes = await Promise.allSettled(things.map(read));
                expect(outcomes.map((it) => it.status)).to.deep.equal(["rejected", "fulfilled", "fulfilled"]);
                expect(questions(sandbox)).to.deep.equal(["balance by mark 1", "balance by mark 2"]);
            });
        }
    });
}

describe("reading the things of a stack", () => {
    it("a thousand reads, some at a time, use a list and no page twice: 12 requests", async () => {
        const sandbox = await startSandbox();
        try {
            const things = await fixturesOf(sandbox).balances(1_000);
            const reads = new RefreshReads(cloudTo(sandbox, { timeoutMs: 60_000 }));
            const readings = await someAtATime(things, ({ id, mark }) => reads.of(balances).read(id, mark));
            expect(readings.map((reading) => reading?.record.balance_id)).to.deep.equal(things.map(({ id }) => id));
            expect(questions(sandbox)).to.deep.equal([
                "balance by mark 1",
                "balance by mark 15",
                ...Array.from({ length: 10 }, () => "balance list"),
            ]);
        } finally {
            await sandbox.stop();
        }
    });

    /** What has become of a thing since it was made. */
    const fates = fc.constantFrom("stays", "lost its mark", "gone", "has a twin", "never had a mark");

    it("each read gets its own thing, in batches of any size", async () => {
        const plans = fc.array(fates, { minLength: 1, maxLength: 60 });
        await fc.assert(
            fc.asyncProperty(plans, fc.constantFrom(1, 4, 16, 100), async (plan, most) => {
                const sandbox = await startSandbox();
                try {
                    const fixtures = fixturesOf(sandbox);
                    const ledger = await fixtures.ledger();
                    const expected = await Promise.all(plan.map((fate, n) => prepare(sandbox, ledger, fate, n)));
                    const reads = new RefreshReads(coreTo(sandbox));
                    const found = await someAtATime(
                        expected,
                        async ({ thing }) => {
                            const reading = await reads.of(balances).read(thing.id, thing.mark);
                            return { thing, reading: reading && [reading.record.balance_id, reading.twins] };
                        },
                        most,
                    );
                    expect(found).to.deep.equal(expected);
                    expect(sandbox.writes()).to.deep.equal([]);
                } finally {
                    await sandbox.stop();
                }
            }),
            { numRuns: 15 },
        );
    });

    async function prepare(sandbox: Sandbox, ledger: string, fate: string, number: number) {
        const fixtures = fixturesOf(sandbox);
        const mark = fate === "never had a mark" ? undefined : markNumber(number);
        const thing = await fixtures.balance(ledger, mark);
        if (fate === "gone") sandbox.forget(thing.id);
        if (fate === "lost its mark") sandbox.editMetadata(thing.id, { pulumi: null });
        const twins = fate === "has a twin" ? [(await fixtures.balance(ledger, mark)).id] : [];
        return { thing, reading: fate === "gone" ? undefined : [thing.id, twins] };
    }
});
