import { ACTS, type Act } from "./acts";
import type { Entry } from "./plan";

/** What one act cost. */
export interface Measure {
    readonly seconds: number;
    /** Size of the state file after it. */
    readonly stateBytes: number;
    /** The most that the engine and the provider hosts held at once; absent where it cannot be told. */
    readonly peakBytes?: number;
    /** The most that the process of the inline program held. */
    readonly programBytes?: number;
    readonly reads: number;
    readonly writes: number;
    /** What the engine says it did to how many resources. */
    readonly changes: Readonly<Record<string, number>>;
}

/** All acts of one stack. */
export type Life = Readonly<Record<Act, Measure>>;

/** The figures of a measure, without the engine's words. */
export type Figure = Exclude<keyof Measure, "changes">;

export type Medians = Readonly<Partial<Record<Figure, number>>>;

/** All runs of one entry of the plan, and their medians by act. */
export interface Case extends Entry {
    readonly runs: readonly Life[];
    /** How many runs came to nothing. */
    readonly failed: number;
    readonly medians: Readonly<Record<Act, Medians>> | undefined;
    /** Medians divided by those of the floor and of by value, where these ran with the same size and latency. */
    readonly ratios: Readonly<Record<Act, Ratios>> | undefined;
}

const COMPARED_FIGURES = ["seconds", "stateBytes", "peakBytes"] as const;

export interface Ratios {
    readonly toFloor?: Readonly<Partial<Record<(typeof COMPARED_FIGURES)[number], number>>>;
    readonly toByValue?: Readonly<Partial<Record<(typeof COMPARED_FIGURES)[number], number>>>;
}

/** The runs of one entry as they come in. */
export interface Gathered {
    readonly entry: Entry;
    readonly runs: Life[];
    failed: number;
}

/** Medians and ratios of what was gathered. */
export function casesOf(gathered: readonly Gathered[]): Case[] {
    const medians = new Map(gathered.map((it) => [it, mediansOf(it.runs)]));
    const peer = ({ entry: { size, latency } }: Gathered, variant: string) => {
        const found = gathered.find(({ entry }) => {
            return entry.variant === variant && entry.size === size && entry.latency === latency;
        });
        return found && medians.get(found);
    };
    return gathered.map((it) => {
        const own = medians.get(it);
        const [floor, byValue] = [peer(it, "floor"), peer(it, "by value")];
        const ratios =
            own &&
            byAct((act) => ({
                ...(floor && { toFloor: ratiosOf(own[act], floor[act]) }),
                ...(byValue && { toByValue: ratiosOf(own[act], byValue[act]) }),
            }));
        return { ...it.entry, runs: it.runs, failed: it.failed, medians: own, ratios };
    });
}

/** The middle of the values; the mean of the two in the middle where their number is even. */
export function median(values: readonly number[]): number | undefined {
    const sorted = [...values].sort((a, b) => a - b);
    const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
    return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function mediansOf(runs: readonly Life[]): Record<Act, Medians> | undefined {
    if (runs.length === 0) return undefined;
    const figures = ["seconds", "stateBytes", "peakBytes", "programBytes", "reads", "writes"] as const;
    return byAct((act) => {
        const all = figures.map((figure) => [figure, median(runs.flatMap((life) => life[act][figure] ?? []))] as const);
        return Object.fromEntries(all.filter(([, value]) => value !== undefined));
    });
}

function ratiosOf(own: Medians, other: Medians): Partial<Record<(typeof COMPARED_FIGURES)[number], number>> {
    const all = COMPARED_FIGURES.map((figure) => {
        const [value, against] = [own[figure], other[figure]];
        return [figure, value !== undefined && against ? value / against : undefined] as const;
    });
    return Object.fromEntries(all.filter(([, ratio]) => ratio !== undefined));
}

function byAct<Value>(make: (act: Act) => Value): Record<Act, Value> {
    return Object.fromEntries(ACTS.map((act) => [act, make(act)])) as Record<Act, Value>;
}
