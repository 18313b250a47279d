import type { Act } from "./acts";
import type { Case, Figure } from "./results";

/** A goal, and whether this run reached it. */
export interface Verdict {
    readonly goal: string;
    readonly figure: number;
    /** What the figure is measured against; absent where the goal is a plain number. */
    readonly against?: number;
    /** The figure may be at most this, or must be at least this. */
    readonly bound: number;
    readonly holds: boolean;
    readonly unit: Unit;
}

type Unit = "s" | "B" | "requests";

/** Finds a median, if the run has it. */
type Find = (variant: string, size: number, latency: number, act: Act) => number | undefined;

interface Goal {
    readonly says: string;
    readonly unit: Unit;
    readonly figure: (median: Medians) => number | undefined;
    readonly against?: (median: Medians) => number | undefined;
    readonly relation: "at most" | "at least";
    /** The bound is the other figure by this … */
    readonly times?: number;
    /** … and this more. */
    readonly plus?: number;
}

interface Medians {
    readonly seconds: Find;
    readonly bytes: Find;
    readonly memory: Find;
    readonly reads: Find;
}

const SMALL = 300;
const LARGE = 1_000;
const HUGE = 10_000;
const SET = "BalanceSet";

const GOALS: readonly Goal[] = [
    {
        says: "up of 300 at 0 ms takes ours at most 1.15 × the floor's time",
        unit: "s",
        figure: ({ seconds }) => seconds("ours", SMALL, 0, "up"),
        against: ({ seconds }) => seconds("floor", SMALL, 0, "up"),
        relation: "at most",
        times: 1.15,
    },
    {
        says: "the state of 300 is at most 1.5 × the floor's",
        unit: "B",
        figure: ({ bytes }) => bytes("ours", SMALL, 0, "up"),
        against: ({ bytes }) => bytes("floor", SMALL, 0, "up"),
        relation: "at most",
        times: 1.5,
    },
    {
        says: "up of 300 at 0 ms takes ours at most 0.5 × the time of by value",
        unit: "s",
        figure: ({ seconds }) => seconds("ours", SMALL, 0, "up"),
        against: ({ seconds }) => seconds("by value", SMALL, 0, "up"),
        relation: "at most",
        times: 0.5,
    },
    {
        says: "the state of 300 is at most 0.25 × that of by value",
        unit: "B",
        figure: ({ bytes }) => bytes("ours", SMALL, 0, "up"),
        against: ({ bytes }) => bytes("by value", SMALL, 0, "up"),
        relation: "at most",
        times: 0.25,
    },
    {
        says: "refresh of 1,000 sends at most 30 reads",
        unit: "requests",
        figure: ({ reads }) => reads("ours", LARGE, 0, "refresh"),
        relation: "at most",
        plus: 30,
    },
    {
        says: "refresh of 1,000 at 50 ms, built with saves off: by value takes at least 5 × our time",
        unit: "s",
        figure: ({ seconds }) => seconds("by value, saves off", LARGE, 50, "refresh"),
        against: ({ seconds }) => seconds("ours, saves off", LARGE, 50, "refresh"),
        relation: "at least",
        times: 5,
    },
    {
        says: "refresh of 1,000 at 50 ms, built with saves off: ours takes at most 1.5 × the floor's time at 0 ms",
        unit: "s",
        figure: ({ seconds }) => seconds("ours, saves off", LARGE, 50, "refresh"),
        // It asks nothing, so that latency is nothing to it.
        against: ({ seconds }) => seconds("floor", LARGE, 0, "refresh"),
        relation: "at most",
        times: 1.5,
    },
    {
        says: "refresh of a BalanceSet of 1,000 at 50 ms: by value takes at least 5 × its time",
        unit: "s",
        figure: ({ seconds }) => seconds("by value, saves off", LARGE, 50, "refresh"),
        against: ({ seconds }) => seconds(SET, LARGE, 50, "refresh"),
        relation: "at least",
        times: 5,
    },
    {
        says: "up of a BalanceSet of 1,000 takes at most 0.1 × the floor's time for 1,000 resources",
        unit: "s",
        figure: ({ seconds }) => seconds(SET, LARGE, 0, "up"),
        against: ({ seconds }) => seconds("floor", LARGE, 0, "up"),
        relation: "at most",
        times: 0.1,
    },
    {
        says: "no-op up of a BalanceSet of 1,000 takes at most 2 s more than that of an empty stack",
        unit: "s",
        figure: ({ seconds }) => seconds(SET, LARGE, 0, "no-op up"),
        against: ({ seconds }) => seconds("empty stack", 0, 0, "no-op up"),
        relation: "at most",
        plus: 2,
    },
    {
        says: "up of a BalanceSet of 10,000 takes at most 12 × the time of one of 1,000",
        unit: "s",
        figure: ({ seconds }) => seconds(SET, HUGE, 0, "up"),
        against: ({ seconds }) => seconds(SET, LARGE, 0, "up"),
        relation: "at most",
        times: 12,
    },
    {
        says: "up of a BalanceSet of 10,000 adds at most 8 × the memory that one of 1,000 adds to an empty stack",
        unit: "B",
        figure: ({ memory }) => minus(memory(SET, HUGE, 0, "up"), memory("empty stack", 0, 0, "up")),
        against: ({ memory }) => minus(memory(SET, LARGE, 0, "up"), memory("empty stack", 0, 0, "up")),
        relation: "at most",
        times: 8,
    },
    {
        says: "up of 1,000 with state saves off takes ours at most 0.25 × the floor's time with them",
        unit: "s",
        figure: ({ seconds }) => seconds("ours, saves off", LARGE, 0, "up"),
        against: ({ seconds }) => seconds("floor", LARGE, 0, "up"),
        relation: "at most",
        times: 0.25,
    },
];

/** The goals that this run has the figures for. */
export function verdictsOf(cases: readonly Case[]): Verdict[] {
    const find =
        (figure: Figure): Find =>
        (variant, size, latency, act) =>
            cases.find((it) => it.variant === variant && it.size === size && it.latency === latency)?.medians?.[act][
                figure
            ];
    const medians: Medians = {
        seconds: find("seconds"),
        bytes: find("stateBytes"),
        memory: find("peakBytes"),
        reads: find("reads"),
    };
    return GOALS.flatMap((goal) => verdictOf(goal, medians) ?? []);
}

function verdictOf(goal: Goal, medians: Medians): Verdict | undefined {
    const figure = goal.figure(medians);
    const against = goal.against?.(medians);
    if (figure === undefined || (goal.against !== undefined && against === undefined)) return undefined;
    const bound = (against ?? 0) * (goal.times ?? 1) + (goal.plus ?? 0);
    const holds = goal.relation === "at most" ? figure <= bound : figure >= bound;
    return { goal: goal.says, figure, ...(against !== undefined && { against }), bound, holds, unit: goal.unit };
}

function minus(value: number | undefined, less: number | undefined): number | undefined {
    return value === undefined || less === undefined ? undefined : value - less;
}
