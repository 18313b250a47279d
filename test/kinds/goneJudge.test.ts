import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { GoneJudge } from "../../provider/kinds/goneJudge";

/** The outcome of each read: the value, "gone", or why that is not believed. */
async function readAll(found: readonly (string | undefined | Error)[]): Promise<string[]> {
    const gone = new GoneJudge(0);
    const reads = found.map((answer) =>
        gone.around(async () => {
            if (answer instanceof Error) throw answer;
            return answer;
        }),
    );
    const outcomes = await Promise.allSettled(reads);
    return outcomes.map((outcome) =>
        outcome.status === "rejected" ? String(outcome.reason.message) : (outcome.value ?? "gone"),
    );
}

describe("a refresh that finds undeletable things gone", () => {
    it("believes one or two", async () => {
        expect(await readAll([undefined])).to.deep.equal(["gone"]);
        expect(await readAll([undefined, "a", undefined])).to.deep.equal(["gone", "a", "gone"]);
    });

    it("believes none when more are gone, not even the first of them, however many others there are", async () => {
        for (const others of [1, 40]) {
            const outcomes = await readAll([undefined, undefined, ...Array(others).fill("a"), undefined]);
            expect(outcomes.filter((outcome) => outcome === "gone")).to.deep.equal([]);
            const of = others + 3;
            expect(outcomes[0])
                .to.contain(`3 of the ${of} ledgers, balances and tags`)
                .and.to.contain("another database");
        }
    });

    it("decides also when another read fails", async () => {
        expect(await readAll([undefined, new Error("no answer")])).to.deep.equal(["gone", "no answer"]);
    });

    it("believes none when all that was read is gone, unless that is a single thing", async () => {
        for (const outcome of await readAll([undefined, undefined])) expect(outcome).to.contain("2 of the 2");
    });

    it("decides only when no further read has begun for a moment", async () => {
        const gone = new GoneJudge(100);
        const reads: Promise<unknown>[] = [];
        for (let index = 0; index < 4; index++) {
            reads.push(gone.around(async () => undefined));
            await setTimeout(20);
        }
        const outcomes = await Promise.allSettled(reads);
        expect(outcomes.map(({ status }) => status)).to.deep.equal(Array(4).fill("rejected"));
    });

    it("says so where something was dropped before it looked suspicious", async () => {
        const gone = new GoneJudge(0);
        const read = () =>
            gone
                .around(async () => undefined)
                .catch((error: Error) => error.message.replace(/.*(No more.*?)\. .*/, "$1"));
        expect(await read()).to.equal(undefined);
        expect(await Promise.all([read(), read()])).to.deep.equal(
            Array(2).fill("No more of them are dropped from the state (1 were dropped before this was noticed)"),
        );
    });
});
