/** A variant's stack of one size before a sandbox of one latency. */
export interface Entry {
    readonly variant: string;
    /** How many balances. */
    readonly size: number;
    /** Milliseconds added to each request. */
    readonly latency: number;
}

export interface PlanOptions {
    readonly sizes: readonly number[];
    readonly latencies: readonly number[];
    /** The size at which those run that are only for large stacks; none of them runs without it. */
    readonly large?: number;
    /** Only these run; all without it. */
    readonly variants?: readonly string[];
}

/** Those that keep balances one by one and are compared with each other throughout. */
const COMPARED = ["floor", "ours", "by value"];

/**
 * Many balances. With state saves those by value take a quarter of an hour for each latency, so that here the refreshes are
 * compared without them; `sizes` compares everything.
 */
function largeOnly(size: number): Entry[] {
    return [
        { variant: "floor", size, latency: 0 },
        { variant: "ours", size, latency: 0 },
        { variant: "ours, saves off", size, latency: 0 },
        { variant: "ours, saves off", size, latency: 50 },
        { variant: "by value, saves off", size, latency: 50 },
        { variant: "BalanceSet", size, latency: 0 },
        { variant: "BalanceSet", size, latency: 50 },
        { variant: "BalanceSet", size: size * 10, latency: 0 },
    ];
}

/** What one round of the bench runs, in this order. */
export function planOf({ sizes, latencies, large, variants }: PlanOptions): Entry[] {
    const all = [
        { variant: "empty stack", size: 0, latency: 0 },
        ...sizes.flatMap((size) =>
            latencies.flatMap((latency) => COMPARED.map((variant) => ({ variant, size, latency }))),
        ),
        ...(large === undefined ? [] : largeOnly(large)),
    ];
    return all.filter(({ variant }) => variants?.includes(variant) ?? true);
}
