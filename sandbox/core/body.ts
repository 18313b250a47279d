import { isLosslessNumber, type LosslessNumber } from "lossless-json";
import { isObject, type Metadata, parseLiteral, toGoMap } from "../json";
import { Refusal } from "./answers";
import { timeComplaint } from "./goTime";

const bodyLimit = 5 * 1024 * 1024;

/** The values a Go field can take here; a number keeps its literal. */
interface GoKinds {
    string: string;
    bool: boolean;
    number: LosslessNumber;
    map: Metadata;
    list: unknown[];
    struct: Record<string, unknown>;
    time: string;
    /** Checked by the handler itself. */
    raw: unknown;
}

/** Field names of a Go struct with their kinds. */
export type Shape = Record<string, keyof GoKinds>;

/** The fields that were sent; null counts as absent, as in Go. */
export type Bound<S extends Shape> = { [K in keyof S]?: GoKinds[S[K]] };

const goTypes: Record<keyof GoKinds, string> = {
    string: "string",
    bool: "bool",
    number: "float64",
    map: "map[string]interface {}",
    list: "[]interface {}",
    struct: "struct",
    time: "time.Time",
    raw: "interface {}",
};

/** Reads a JSON body into a shape: keys in any case, unknown keys dropped, Go's complaints about wrong types. */
export async function bind<S extends Shape>(
    request: Request,
    struct: string,
    shape: S,
    key: "error" | "errors" = "error",
): Promise<Bound<S>> {
    const malformed = (message: string) => new Refusal(400, "GEN_MALFORMED_REQUEST", message, undefined, key);
    const text = await request.text();
    if (Buffer.byteLength(text) > bodyLimit) {
        throw malformed("http: request body too large");
    }
    let body: unknown;
    try {
        body = parseLiteral(text);
    } catch {
        throw malformed(syntaxComplaint(text));
    }
    try {
        return bindValue(body, struct, shape);
    } catch (cause) {
        throw malformed(cause instanceof Error ? cause.message : String(cause));
    }
}

/** Binds a parsed value; the error's message is Go's. */
export function bindValue<S extends Shape>(body: unknown, struct: string, shape: S): Bound<S> {
    if (!isObject(body)) {
        throw new Error(`json: cannot unmarshal ${jsonKind(body)} into Go value of type model.${struct}`);
    }
    const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
    const bound: Record<string, unknown> = {};
    for (const [sent, value] of Object.entries(body)) {
        const name = names.get(sent.toLowerCase());
        const kind = name === undefined ? undefined : shape[name];
        if (name === undefined || kind === undefined || value === null) {
            continue;
        }
        if (!fits(value, kind)) {
            const where = `Go struct field ${struct}.${name} of type ${goTypes[kind]}`;
            throw new Error(`json: cannot unmarshal ${jsonKind(value)} into ${where}`);
        }
        const wrong = kind === "time" ? timeComplaint(String(value)) : undefined;
        if (wrong !== undefined) {
            throw new Error(wrong);
        }
        bound[name] = kind === "map" ? toGoMap(value) : value;
    }
    return bound as Bound<S>;
}

function fits(value: unknown, kind: keyof GoKinds): boolean {
    switch (kind) {
        case "string":
        case "time":
            return typeof value === "string";
        case "bool":
            return typeof value === "boolean";
        case "number":
            return isLosslessNumber(value);
        case "list":
            return Array.isArray(value);
        case "map":
        case "struct":
            return isObject(value);
        case "raw":
            return true;
    }
}

function jsonKind(value: unknown): string {
    if (Array.isArray(value)) {
        return "array";
    }
    if (isLosslessNumber(value)) {
        return "number";
    }
    return typeof value === "boolean" ? "bool" : typeof value;
}

/** The complaints of Go's parser that are known word for word; others get the same form. */
function syntaxComplaint(text: string): string {
    const start = text.trimStart();
    if (start === "") {
        return "EOF";
    }
    const badKey = /^\{\s*([^"}\s])/.exec(start);
    if (badKey !== null) {
        return `invalid character '${badKey[1]}' looking for beginning of object key string`;
    }
    if (!/^[{["\-\dtfn]/.test(start)) {
        return `invalid character '${start[0]}' looking for beginning of value`;
    }
    return "unexpected EOF";
}
