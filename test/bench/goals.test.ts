import { expect } from "chai";
import { ACTS } from "../../bench/acts";
import { verdictsOf } from "../../bench/goals";
import { planOf } from "../../bench/plan";
import { casesOf, type Gathered, type Life, type Measure } from "../../bench/results";

const gathered = (variant: string, size: number, latency: number, ...measures: Partial<Measure>[]): Gathered => ({
    entry: { variant, size, latency },
    runs: measures.map((measure) => {
        const whole = { seconds: 1, stateBytes: 1000, peakBytes: 100, reads: 0, writes: 0, changes: {}, ...measure };
        return Object.fromEntries(ACTS.map((act) => [act, whole])) as Life;
    }),
    failed: 0,
});

describe("what the bench makes of its runs", () => {
    it("medians are the middle of the runs, and ratios those of medians of one size and latency", () => {
        const [ours, slow] = casesOf([
            gathered("ours", 300, 0, { seconds: 9 }, { seconds: 1 }, { seconds: 3 }),
            gathered("ours", 300, 50, { seconds: 6 }, { seconds: 8 }),
            gathered("floor", 300, 0, { seconds: 2 }),
        ]);
        expect(ours?.medians?.up.seconds).to.equal(3);
        expect(ours?.ratios?.up).to.deep.equal({ toFloor: { seconds: 1.5, stateBytes: 1, peakBytes: 1 } });
        expect(slow?.medians?.up.seconds).to.equal(7);
        expect(slow?.ratios?.up).to.deep.equal({});
    });

    it("goals are told that the run has figures for, those on a bound as reached", () => {
        const cases = casesOf([
            gathered("ours", 300, 0, { seconds: 1.2, stateBytes: 1500 }),
            gathered("floor", 300, 0, {}),
            gathered("ours", 1000, 0, { reads: 30 }),
            gathered("ours, saves off", 1000, 50, { seconds: 2 }),
            gathered("by value, saves off", 1000, 50, { seconds: 9.9 }),
        ]);
        expect(verdictsOf(cases).map(({ goal, holds }) => [goal, holds])).to.deep.equal([
            ["up of 300 at 0 ms takes ours at most 1.15 × the floor's time", false],
            ["the state of 300 is at most 1.5 × the floor's", true],
            ["refresh of 1,000 sends at most 30 reads", true],
            ["refresh of 1,000 at 50 ms, built with saves off: by value takes at least 5 × our time", false],
        ]);
    });

    it("a run of other sizes has nothing to tell of goals, nor has one that failed", () => {
        expect(verdictsOf(casesOf([gathered("ours", 3, 0, {}), gathered("floor", 3, 0, {})]))).to.deep.equal([]);
        expect(verdictsOf(casesOf([gathered("ours", 300, 0), gathered("floor", 300, 0, {})]))).to.deep.equal([]);
    });

    it("each round takes the variants of one size and latency one after the other", () => {
        const plan = planOf({ sizes: [3], latencies: [0, 50], large: 4 });
        expect(plan.map(({ variant, size, latency }) => `${variant} ${size} ${latency}`)).to.deep.equal([
            "empty stack 0 0",
            "floor 3 0",
            "ours 3 0",
            "by value 3 0",
            "floor 3 50",
            "ours 3 50",
            "by value 3 50",
            "floor 4 0",
            "ours 4 0",
            "ours, saves off 4 0",
            "ours, saves off 4 50",
            "by value, saves off 4 50",
            "BalanceSet 4 0",
            "BalanceSet 4 50",
            "BalanceSet 40 0",
        ]);
    });
});
