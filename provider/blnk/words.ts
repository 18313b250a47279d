/** The longest quote of a server's message. */
const MOST_QUOTED = 300;
/** The rest of a longer message is ignored: searching it for values of the request costs time. */
const MOST_READ = 4_000;
/** Shorter values, such as a currency, occur in many sentences by chance. */
const SHORTEST_VALUE = 4;
/** A shared run of this many characters counts as a piece of a long value. */
const PIECE = 10;

/** Properties of a filter that hold no secrets. Errors may quote their values. */
const WORDS_OF_FILTERS = new Set(["field", "operator", "sort_by", "sort_order"]);

/** The parts of a request that an answer may repeat. */
export interface Sent {
    readonly effect: string;
    readonly path?: string;
    readonly body?: unknown;
    readonly query?: Readonly<Record<string, string>>;
}

/** Terminal control sequences: CSI, OSC and similar, and sequences of two characters. */
const TERMINAL_SEQUENCE =
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it searches for control characters.
    /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

/** Control characters and line separators. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** Invisible characters that change how others are shown, such as a change of direction. */
const FORMATS = /[\p{Cf}\p{Cs}]/gu;

/** The text as one line, without terminal control. */
export function printable(text: string): string {
    return text.replace(TERMINAL_SEQUENCE, " ").replace(CONTROLS, " ").replace(FORMATS, "");
}

/** The same for a text with several lines. */
export function printableLines(text: string): string {
    return text.split("\n").map(printable).join("\n");
}

/**
 * The part of a server's message that may be quoted: short, without terminal control, and with `…` in place of everything
 * that it repeats of the request (secret or not) and of the credential. Empty when nothing is left.
 */
export function quotableWords(message: string, sent: Sent, credential: string | undefined): string {
    let words = printable(message.slice(0, MOST_READ));
    const values = [...valuesOf(sent), ...(credential ? [credential] : [])].flatMap(spellings);
    const pieces = new Set(values.filter((value) => value.length > PIECE).flatMap(piecesOf));
    // Removing a value can join its two sides into another value.
    for (let round = 0; repeats(words, values); round++) {
        if (round === 5) return "";
        words = without(words, values, pieces);
    }
    words = without(words, values, pieces).replace(/\s+/g, " ").trim();
    const quoted = words.length > MOST_QUOTED ? `${words.slice(0, MOST_QUOTED)}…` : words;
    const last = quoted.replace(/[.\s]+$/, "");
    return /[\p{L}\p{N}]/u.test(last) && !repeats(last, values) ? last : "";
}

function repeats(words: string, values: readonly string[]): boolean {
    return values.some((value) => words.includes(value));
}

/** The words with `…` in place of each value, long piece of a value, and cut-off value at the end. */
function without(words: string, values: readonly string[], pieces: ReadonlySet<string>): string {
    const isHidden = new Array<boolean>(words.length).fill(false);
    for (const value of values) {
        for (let at = words.indexOf(value); at >= 0; at = words.indexOf(value, at + 1)) {
            isHidden.fill(true, at, at + value.length);
        }
        const rest = beginningAtEnd(words, value);
        isHidden.fill(true, words.length - rest);
    }
    for (let at = 0; pieces.size > 0 && at + PIECE <= words.length; at++) {
        if (pieces.has(words.slice(at, at + PIECE))) isHidden.fill(true, at, at + PIECE);
    }
    let shown = "";
    for (let at = 0; at < words.length; at++) {
        if (!isHidden[at]) shown += words[at];
        else if (!isHidden[at - 1]) shown += "…";
    }
    return shown;
}

/** How many of the last characters are the beginning of a value that was cut off. 0 for an ordinary word. */
function beginningAtEnd(words: string, value: string): number {
    const [end = ""] = /[^\p{L}\p{N}]*$/u.exec(words) ?? [];
    const most = Math.min(value.length - 1, words.length - end.length);
    for (let length = most; length >= SHORTEST_VALUE; length--) {
        const stop = words.length - end.length;
        if (words.slice(stop - length, stop) === value.slice(0, length)) return length + end.length;
    }
    return 0;
}

function piecesOf(value: string): string[] {
    return Array.from({ length: value.length - PIECE + 1 }, (_, at) => value.slice(at, at + PIECE));
}

/** Every value that a request carries. */
function valuesOf({ effect, path = "", body, query = {} }: Sent): string[] {
    const found = Object.values(query);
    // Words of a route are letters only, and ids are not.
    for (const part of path.split("/")) if (!/^[a-z-]*$/.test(part)) found.push(part, decoded(part));
    const visit = (value: unknown, key: string): void => {
        if (effect === "none" && WORDS_OF_FILTERS.has(key)) return;
        if (typeof value === "string") found.push(value);
        else if (typeof value === "number" || typeof value === "bigint") found.push(String(value));
        else if (Array.isArray(value)) for (const inner of value) visit(inner, "");
        else if (value !== null && typeof value === "object") {
            for (const [name, inner] of Object.entries(value)) visit(inner, name);
        }
    };
    visit(body, "");
    return found;
}

/** All spellings of a value in an answer: plain, in JSON, in JSON inside JSON, in an address and in HTML. */
function spellings(value: string): string[] {
    const inJson = JSON.stringify(value).slice(1, -1);
    const inGo = inJson.replace(/[<>&\u2028\u2029]/g, escaped);
    const all = [
        value,
        inJson,
        inGo,
        inJson.replace(/[^ -~]/g, escaped),
        JSON.stringify(inJson).slice(1, -1),
        JSON.stringify(inGo).slice(1, -1),
        encoded(value),
        new URLSearchParams([["", value]]).toString().slice(1),
        value.replace(/[&<>"']/g, (sign) => HTML[sign] ?? sign),
    ].flatMap((spelling) => [printable(spelling), printable(spelling).trim()]);
    return [...new Set(all)].filter((spelling) => spelling.length >= SHORTEST_VALUE && spelling.trim() !== "");
}

const HTML: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };

function escaped(sign: string): string {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function encoded(value: string): string {
    try {
        return encodeURIComponent(value);
    } catch {
        return value;
    }
}

function decoded(part: string): string {
    try {
        return decodeURIComponent(part);
    } catch {
        return part;
    }
}
