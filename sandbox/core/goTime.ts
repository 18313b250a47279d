const layout = "2006-01-02T15:04:05Z07:00";

type Part = "2006" | "01" | "02" | "15" | "04" | "05";
const parts: [before: string, part: Part, most: number, name: string][] = [
    ["", "2006", 9999, "year"],
    ["-", "01", 12, "month"],
    ["-", "02", 99, "day"],
    ["T", "15", 23, "hour"],
    [":", "04", 59, "minute"],
    [":", "05", 59, "second"],
];

/** What Go's parser says against a time that is not RFC 3339; undefined if it is. */
export function timeComplaint(text: string): string | undefined {
    const wrong = (rest: string, part: string) =>
        `parsing time ${quoted(text)} as ${quoted(layout)}: cannot parse ${quoted(rest)} as ${quoted(part)}`;
    const told = (what: string) => `parsing time ${quoted(text)}: ${what}`;
    let rest = text;
    const read: number[] = [];
    for (const [before, part, most, name] of parts) {
        if (!rest.startsWith(before)) {
            return wrong(rest, before);
        }
        rest = rest.slice(before.length);
        const digits = rest.slice(0, part.length);
        if (digits.length < part.length || !/^\d+$/.test(digits)) {
            return wrong(rest, part);
        }
        const value = Number(digits);
        if (value > most || (part === "01" && value === 0)) {
            return told(`${name} out of range`);
        }
        read.push(value);
        rest = rest.slice(part.length);
    }
    rest = rest.replace(/^\.\d+/, "");
    const zone = /^(Z|[+-]\d\d:\d\d)/.exec(rest)?.[0];
    if (zone === undefined) {
        return wrong(rest, "Z07:00");
    }
    if (rest !== zone) {
        return told(`extra text: ${quoted(rest.slice(zone.length))}`);
    }
    const [year = 0, month = 0, day = 0] = read;
    const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
    return day < 1 || day > days ? told("day out of range") : undefined;
}

function quoted(text: string): string {
    return JSON.stringify(text);
}
