import { expect } from "chai";
import type { BlnkError } from "../../provider/blnk/errors";
import { createLedger, type LedgerRecord, ledgers } from "../../provider/blnk/ledgers";
import { ExistingByMark } from "../../provider/marks/existingByMark";
import { markOf } from "../../provider/marks/mark";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { connect, errorOf, MODES } from "../blnk/connections";

const markNumber = (number: number, owner = "k3f9ab") =>
    markOf(owner, `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/blnk:Ledger::l${number}`, {});
const marks = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => markNumber(from + index));

for (const mode of MODES) {
    describe(`searching for marks over ${mode}`, () => {
        let sandbox: Sandbox;
        let finder: ExistingByMark<LedgerRecord>;
        beforeEach(async () => {
            sandbox = await startSandbox();
            finder = new ExistingByMark(connect(mode, sandbox), ledgers);
        });
        afterEach(() => sandbox.stop());

        const make = async (mark: string, name = "l") =>
            (await createLedger(connect(mode, sandbox), { name, meta_data: { pulumi: mark } })).ledger_id;
        const find = async (wanted: readonly string[]) =>
            (await Promise.all(wanted.map((mark) => finder.find(mark)))).map((rows) =>
                rows.map(({ ledger_id }) => ledger_id),
            );
        /** How each question was asked: the number of marks, or `list`. */
        const questions = () => {
            const asked = sandbox.requests().map(({ body }) => {
                const [filter] = (body as { filters: { values?: unknown[] }[] }).filters;
                return filter?.values?.length ?? "list";
            });
            sandbox.clearRequests();
            return asked;
        };

        it("marks that queue during a question are asked in the next one", async () => {
            const there = await make(markNumber(3));
            sandbox.clearRequests();
            const found = await find(marks(0, 40));
            expect(questions()).to.deep.equal([1, 39]);
            expect(found.map((ids) => ids.length)).to.deep.equal(marks(0, 40).map((_, n) => (n === 3 ? 1 : 0)));
            expect(found[3]).to.deep.equal([there]);
        });

        it("after two questions the marks of the stack are listed, and missing ones are asked for", async () => {
            const there = await make(markNumber(150));
            await make(markNumber(150, "other"));
            sandbox.clearRequests();
            await find(marks(0, 1));
            await find(marks(1, 2));
            expect((await find(marks(2, 90))).flat()).to.deep.equal([]);
            expect(await find(marks(100, 300))).to.deep.include([there]);
            // A list may be short: nothing is made for want of a row in it.
            expect(questions()).to.deep.equal([1, 1, "list", 1, 87, 1, 99, 99]);
        });

        it("marks missing from an incomplete list are found", async () => {
            const made = await Promise.all(marks(0, 30).map((mark) => make(mark)));
            sandbox.trouble({ match: { body: '"like"' }, times: "always", do: { kind: "shortList", rows: 3 } });
            await find(marks(200, 201));
            await find(marks(201, 202));
            expect((await find(marks(0, 30))).flat()).to.deep.equal(made);
        });

        it("a stack of more than one page is listed completely", async () => {
            const made = await Promise.all(marks(0, 130).map((mark) => make(mark)));
            sandbox.clearRequests();
            await find(marks(200, 201));
            await find(marks(201, 202));
            questions();
            expect((await find(marks(0, 130))).flat()).to.deep.equal(made);
            // No page is read twice.
            expect(questions()).to.deep.equal(["list", "list"]);
        });

        it("a full question is sent at once: a list would not cost less", async () => {
            const there = await make(markNumber(220));
            sandbox.clearRequests();
            const found = await find(marks(0, 250));
            expect(questions()).to.deep.equal([1, 100, 100, 49]);
            expect(found.flat()).to.deep.equal([there]);
        });

        it("if listing fails, marks are asked for, and no other list is tried", async () => {
            const there = await make(markNumber(7));
            sandbox.clearRequests();
            sandbox.trouble({ match: { path: "/filter$", nth: 3 }, do: { kind: "answer", status: 400 } });
            await find(marks(0, 1));
            await find(marks(1, 2));
            expect(await find(marks(2, 12))).to.deep.include([there]);
            expect(questions()).to.deep.equal([1, 1, "list", 1, 9]);
        });

        it("a large stack is listed after enough questions to make the list worth it", async () => {
            const there = await make(markNumber(9));
            sandbox.clearRequests();
            const page = { data: [], total: 2_600, total_count: 2_600 };
            sandbox.trouble({ match: { path: "/filter$", nth: 3 }, do: { kind: "answer", status: 200, body: page } });
            const found = [];
            for (const mark of marks(0, 10)) found.push(...(await find([mark])));
            expect(found.flat()).to.deep.equal([there]);
            // 26 pages: six more than are listed without much thought, and each question makes up for two.
            expect(questions()).to.deep.equal([1, 1, "list", 1, "list", 1, 1, 1, 1, 1, 1]);
        });

        it("an answer is used for the whole run", async () => {
            await make(markNumber(1));
            sandbox.clearRequests();
            const [first, second] = [await finder.find(markNumber(1)), await finder.find(markNumber(1))];
            expect(second).to.equal(first);
            expect(questions()).to.deep.equal([1]);
            await finder.findNow(markNumber(1));
            expect(questions()).to.deep.equal([1]);
        });

        it("all things with one mark are found, the oldest first", async () => {
            const ids = [await make(markNumber(1)), await make(markNumber(1)), await make(markNumber(1))];
            expect(await find([markNumber(1)])).to.deep.equal([ids]);
        });

        // Blnk cuts zeros at the end of a second's fraction: as texts, 30.123 comes before 30.12.
        it("the oldest is found from times with any number of digits", async () => {
            const at = ["2026-08-22T10:15:30Z", "2026-08-22T10:15:30.12Z", "2026-08-22T10:15:30.123Z"];
            const rows = at.map((created_at, index) => ({
                ledger_id: `ldg_${index}`,
                name: "l",
                created_at,
                meta_data: { pulumi: markNumber(1) },
            }));
            const body = { data: [...rows].reverse(), total: 3, total_count: 3 };
            sandbox.trouble({ do: { kind: "answer", status: 200, body } });
            expect(await find([markNumber(1)])).to.deep.equal([["ldg_0", "ldg_1", "ldg_2"]]);
        });

        for (const [what, body] of [
            ["half an answer", { data: [], total: 3, total_count: 3 }],
            ["no list at all", {}],
            ["rows of another shape", { data: [{ id: 1 }], total: 1, total_count: 1 }],
        ] as const) {
            it(`${what} is not an answer: the search fails, and may be repeated`, async () => {
                const there = await make(markNumber(1));
                sandbox.trouble({ do: { kind: "answer", status: 200, body } });
                const { fault } = (await errorOf(finder.find(markNumber(1)))) as BlnkError;
                expect(fault).to.be.oneOf(["unreadable", "unlisted"]);
                expect(await find([markNumber(1)])).to.deep.equal([[there]]);
            });
        }

        it("a failed question fails for all its marks, and for no others", async () => {
            const there = await make(markNumber(3));
            sandbox.trouble({ match: { path: "/filter$", nth: 2 }, do: { kind: "answer", status: 500 } });
            const outcomes = await Promise.allSettled(marks(0, 4).map((mark) => finder.find(mark)));
            expect(outcomes.map(({ status }) => status)).to.deep.equal([
                "fulfilled",
                "rejected",
                "rejected",
                "rejected",
            ]);
            expect((await find(marks(0, 4))).flat()).to.deep.equal([there]);
        });

        it("a question that nothing awaits may fail silently", async () => {
            sandbox.trouble({ do: { kind: "answer", status: 500 } });
            void finder.find(markNumber(1));
            expect(await find([markNumber(2)])).to.deep.equal([[]]);
        });
    });
}
