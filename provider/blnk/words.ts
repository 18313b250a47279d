/** The most of a server's words that is told. */
const MOST_TOLD = 300;
/** Of a server's words no more is looked at: what they repeat has to be searched for. */
const MOST_READ = 4_000;
/** Shorter values of a request are in many sentences anyway, such as a currency. */
const SHORTEST_VALUE = 4;
/** So many characters in a row that a long value and a message share are taken for a piece of the value. */
const PIECE = 10;

/** Names of a question's own words, which are no secret and explain what is wrong with it. */
const WORDS_OF_QUESTIONS = new Set(["field", "operator", "sort_by", "sort_order"]);

/** What is sent in a request, as far as an answer may repeat it. */
export interface Sent {
    readonly effect: string;
    readonly path?: string;
    readonly body?: unknown;
    readonly query?: Readonly<Record<string, string>>;
}

/** Sequences by which terminals are told to move, colour, or retitle: CSI, OSC and the like, and two-character ones. */
const TERMINAL_SEQUENCE =
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

/** Controls and other ends of lines. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** Characters that show nothing themselves and change how others show, such as the turns of direction. */
const FORMATS = /[\p{Cf}\p{Cs}]/gu;

/** The text as one line, without what a terminal would obey rather than show. */
export function printable(text: string): string {
    return text.replace(TERMINAL_SEQUENCE, " ").replace(CONTROLS, " ").replace(FORMATS, "");
}

/** The same of a text of several lines. */
export function printableLines(text: string): string {
    return text.split("\n").map(printable).join("\n");
}

/**
 * A server's message as it may be told: short, without what a terminal would obey, and with `…` for whatever it repeats of
 * the request, secret or not, and of the credential. Empty where nothing is left.
 */
export function toldWords(message: string, sent: Sent, credential: string | undefined): string {
    let words = printable(message.slice(0, MOST_READ));
    const values = [...valuesOf(sent), ...(credential ? [credential] : [])].flatMap(spellings);
    const pieces = new Set(values.filter((value) => value.length > PIECE).flatMap(piecesOf));
    // What is left of two sides of a cut may spell a value together.
    for (let round = 0; repeats(words, values); round++) {
        if (round === 5) return "";
        words = without(words, values, pieces);
    }
    words = without(words, values, pieces).replace(/\s+/g, " ").trim();
    const told = words.length > MOST_TOLD ? `${words.slice(0, MOST_TOLD)}…` : words;
    const last = told.replace(/[.\s]+$/, "");
    return /[\p{L}\p{N}]/u.test(last) && !repeats(last, values) ? last : "";
}

function repeats(words: string, values: readonly string[]): boolean {
    return values.some((value) => words.includes(value));
}

/** The words with `…` for each stretch that is a value, a long piece of one, or the beginning of one that is cut off. */
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
    let told = "";
    for (let at = 0; at < words.length; at++) {
        if (!isHidden[at]) told += words[at];
        else if (!isHidden[at - 1]) told += "…";
    }
    return told;
}

/** How many of the last characters begin a value that the server did not repeat to its end; 0 where it is just a word. */
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
    // Route words are letters alone, and no ids are.
    for (const part of path.split("/")) if (!/^[a-z-]*$/.test(part)) found.push(part, decoded(part));
    const visit = (value: unknown, key: string): void => {
        if (effect === "none" && WORDS_OF_QUESTIONS.has(key)) return;
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

/** A value as an answer may spell it: as it is, and inside JSON, JSON in JSON, an address or a page. */
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
