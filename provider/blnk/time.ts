/**
 * A time as later reads give it: UTC, cut to microseconds, without trailing zeros. A create answers with nanoseconds and
 * the server's own offset.
 */
export function toMicroseconds(time: string): string {
    const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(time);
    const wholeSeconds = match && new Date(`${match[1]}${match[3]}`);
    if (!wholeSeconds || Number.isNaN(wholeSeconds.getTime())) return time;
    const fraction = (match[2] ?? "").slice(0, 6).replace(/0+$/, "");
    return `${wholeSeconds.toISOString().slice(0, 19)}${fraction ? `.${fraction}` : ""}Z`;
}
