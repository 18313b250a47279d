/** How Go prints a date that was never set. */
export const zeroTime = "0001-01-01T00:00:00Z";

const offset = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
let last = 0n;

/**
 * A clock in nanoseconds. Each reading is at least a microsecond later than the one before. There is one for the whole process,
 * because the time of its first migration identifies a database, and two sandboxes may start at the same moment.
 */
export const clock = {
    /** Nanoseconds since 1970. */
    now(): bigint {
        const reading = process.hrtime.bigint() + offset;
        last = reading > last + 1000n ? reading : last + 1000n;
        return last;
    },
};

/** The server's own clock, as create answers show it: nanoseconds. */
export function printNanos(instant: bigint): string {
    return print(instant, 9);
}

/** A stored timestamp, as reads show it: microseconds. */
export function printMicros(instant: bigint): string {
    return print(instant / 1000n, 6);
}

/** Microseconds since 1970 of an RFC 3339 text or a plain date, to compare timestamps; undefined if it is neither. */
export function parseMicros(text: string): bigint | undefined {
    const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
    const ms = parts === null ? Number.NaN : Date.parse(`${parts[1]}T${parts[2] ?? "00:00:00"}${parts[4] ?? "Z"}`);
    if (Number.isNaN(ms)) {
        return undefined;
    }
    return BigInt(ms) * 1000n + BigInt((parts?.[3] ?? "").padEnd(6, "0").slice(0, 6));
}

function print(units: bigint, digits: number): string {
    const perSecond = 10n ** BigInt(digits);
    const seconds = new Date(Number(units / perSecond) * 1000).toISOString().slice(0, 19);
    // Go drops trailing zeros of the fraction, and the point with the last of them.
    const fraction = (units % perSecond).toString().padStart(digits, "0").replace(/0+$/, "");
    return fraction === "" ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}
