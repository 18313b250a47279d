import * as v from "valibot";

/** A rule that causes a fault on matching requests. */
export interface Trouble {
    /** The requests that it applies to. Default: all. */
    match?: {
        face?: "cloud" | "core";
        method?: string;
        /** A regular expression, or its source, for the path without the query. */
        path?: RegExp | string;
        /** The same for the request's body as text. */
        body?: RegExp | string;
        /** Only the nth match from now, counted from 1. */
        nth?: number;
    };
    /** How many times it acts; default 1. */
    times?: number | "always";
    /** The probability of acting on a match, 0 to 1. Default: 1. */
    probability?: number;
    /** Makes the random choice repeatable. */
    seed?: number;
    do: TroubleAct;
}

/** The effect of a rule on a request. */
export type TroubleAct =
    /** Refuse without acting. */
    | { kind: "answer"; status: number; body?: unknown; headers?: Record<string, string> }
    /** Act, then answer this. */
    | { kind: "answerAfter"; status: number; body?: unknown; headers?: Record<string, string> }
    /** Wait, then act and answer. */
    | { kind: "delay"; ms: number }
    /** Act, then delay the answer. */
    | { kind: "delayAnswer"; ms: number }
    /** Cut the connection before acting, after acting, or after half of the answer's body. */
    | { kind: "dropBefore" }
    | { kind: "dropAfter" }
    | { kind: "dropMiddle" }
    /** Neither act nor answer. */
    | { kind: "hang" }
    /** Without acting: a gateway's page with 200, a redirect, or a huge JSON answer. */
    | { kind: "html" }
    | { kind: "redirect"; to: string }
    | { kind: "large"; bytes: number }
    /** Act, then answer a list with only half of its rows but the count of all, or with each row twice. */
    | { kind: "halfOfRows" }
    | { kind: "rowsTwice" }
    /** Act, then answer a list as if only its first rows existed, in the count too. */
    | { kind: "shortList"; rows: number }
    /** Answer the first page of a list (or some rows of it) for every page and offset, with the true count. */
    | { kind: "firstPage"; rows?: number }
    /** Act, then answer a list with its true rows and this count. */
    | { kind: "total"; total: number }
    /** Refuse without acting, with a coded error of Blnk that contains the request's body. */
    | { kind: "echo"; status: number };

const milliseconds = v.pipe(v.number(), v.minValue(0));
const status = v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const pattern = v.pipe(v.string(), v.check(isPattern, "not a regular expression"));
const act = v.variant("kind", [
    v.object({
        kind: v.picklist(["answer", "answerAfter"]),
        status,
        body: v.optional(v.unknown()),
        headers: v.optional(v.record(v.string(), v.string())),
    }),
    v.object({ kind: v.literal("delay"), ms: milliseconds }),
    v.object({ kind: v.literal("delayAnswer"), ms: milliseconds }),
    v.object({
        kind: v.picklist(["dropBefore", "dropAfter", "dropMiddle", "hang", "html", "halfOfRows", "rowsTwice"]),
    }),
    v.object({ kind: v.literal("shortList"), rows: count }),
    v.object({ kind: v.literal("firstPage"), rows: v.optional(count) }),
    v.object({ kind: v.literal("total"), total: count }),
    v.object({ kind: v.literal("echo"), status }),
    v.object({ kind: v.literal("redirect"), to: v.string() }),
    v.object({ kind: v.literal("large"), bytes: count }),
]);
const rule = v.strictObject({
    match: v.optional(
        v.strictObject({
            face: v.optional(v.picklist(["cloud", "core"])),
            method: v.optional(v.string()),
            path: v.optional(pattern),
            body: v.optional(pattern),
            nth: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
        }),
    ),
    times: v.optional(v.union([v.pipe(v.number(), v.integer(), v.minValue(0)), v.literal("always")])),
    probability: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    seed: v.optional(v.number()),
    do: act,
});

/** Reads a rule from JSON. Throws an error with all its problems. */
export function readTrouble(value: unknown): Trouble {
    const result = v.safeParse(rule, value);
    if (!result.success) {
        throw new Error(result.issues.map((issue) => `${v.getDotPath(issue) ?? "rule"}: ${issue.message}`).join("; "));
    }
    return result.output as Trouble;
}

interface Armed {
    rule: Trouble;
    path: RegExp | undefined;
    body: RegExp | undefined;
    matched: number;
    left: number;
    chance: () => number;
}

/** The rules in force. */
export class Troubles {
    private armed: Armed[] = [];

    /** Adds a rule after the others. */
    add(rule: Trouble): void {
        this.armed.push({
            rule,
            path: expression(rule.match?.path),
            body: expression(rule.match?.body),
            matched: 0,
            left: rule.times === "always" ? Number.POSITIVE_INFINITY : (rule.times ?? 1),
            chance: rule.seed === undefined ? Math.random : seeded(rule.seed),
        });
    }

    /** Drops all rules. */
    clear(): void {
        this.armed = [];
    }

    /** The effect of the first rule that acts on this request. */
    pick(face: "cloud" | "core", method: string, path: string, body: string): TroubleAct | undefined {
        for (const armed of this.armed) {
            const { match = {}, probability = 1 } = armed.rule;
            const fits =
                armed.left > 0 &&
                (match.face ?? face) === face &&
                (match.method ?? method).toUpperCase() === method &&
                (armed.path?.test(path) ?? true) &&
                (armed.body?.test(body) ?? true);
            if (!fits) {
                continue;
            }
            armed.matched += 1;
            if ((match.nth ?? armed.matched) !== armed.matched || armed.chance() >= probability) {
                continue;
            }
            armed.left -= 1;
            return armed.rule.do;
        }
        return undefined;
    }
}

function expression(source: RegExp | string | undefined): RegExp | undefined {
    // A global or sticky expression remembers its last position.
    const flags = source instanceof RegExp ? source.flags.replace(/[gy]/g, "") : "";
    return source === undefined ? undefined : new RegExp(source, flags);
}

function isPattern(source: string): boolean {
    try {
        new RegExp(source);
        return true;
    } catch {
        return false;
    }
}

/** The mulberry32 generator: small, and the same everywhere. */
function seeded(seed: number): () => number {
    let state = seed | 0;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}
