import { expect } from "chai";
import { GoneJudge } from "../../provider/host/goneJudge";

/** What each read came to: what it found, "gone", or why that is not believed. */
async function judge(found: readonly (string | undefined | Error)[]): Promise<string[]> {
    const gone = new GoneJudge();
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
        expect(await judge([undefined])).to.deep.equal(["gone"]);
        expect(await judge([undefined, "a", undefined])).to.deep.equal(["gone", "a", "gone"]);
    });

    it("believes a few among many", async () => {
        const found = [undefined, undefined, undefined, "a", "b", "c", "d"];
        expect(await judge(found)).to.deep.equal(["gone", "gone", "gone", "a", "b", "c", "d"]);
    });

    it("believes none when most things are gone, the first of them neither", async () => {
        const outcomes = await judge([undefined, undefined, "a", undefined]);
        expect(outcomes.filter((outcome) => outcome === "gone")).to.deep.equal([]);
        expect(outcomes[0]).to.contain("3 of 4 ledgers and balances").and.to.contain("another database");
    });

    it("gives its verdict also when another read fails", async () => {
        expect(await judge([undefined, new Error("no answer")])).to.deep.equal(["gone", "no answer"]);
    });
});
