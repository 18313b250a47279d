/**
 * A time in the form of later reads: UTC, cut to microseconds, without trailing zeros. The answer to a create has nanoseconds
 * and the server's own offset.
 */
export function toMicroseconds(time: string): string {
    const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(time);
    const wholeSeconds = match && new Date(`${match[1]}${match[3]}`);
    if (!wholeSeconds || Number.isNaN(wholeSeconds.getTime())) return time;
    const fraction = (match[2] ?? "").slice(0, 6).replace(/0+$/, "");
    return `${wholeSeconds.toISOString().slice(0, 19)}${fraction ? `.${fraction}` : ""}Z`;
}

/** Compares two times. As text they do not sort, because Blnk drops trailing zeros of the fraction. */
export function compareTimes(left: string, right: string): number {
    const [a, b] = [left, right].map(inNanoseconds) as [bigint, bigint];
    return a < b ? -1 : a > b ? 1 : 0;
}

function inNanoseconds(time: string): bigint {
    const [, seconds = "", fraction = "", zone = "Z"] = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/.exec(time) ?? [];
    const milliseconds = Date.parse(`${seconds}${zone}`);
    if (Number.isNaN(milliseconds)) return 0n;
    return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}
