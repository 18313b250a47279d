import { formatUrn, labelOf, parseMark } from "../lifecycles/mark";
import { typeToken } from "./typeToken";
import type { Properties } from "./values";

/** The URN of a thing of a kind that carries a mark, put together from it. */
export function urnOf(kind: string, { mark, under }: Properties): string | undefined {
    const place = parseMark(mark);
    if (place === undefined) return undefined;
    return formatUrn({ ...place, under: typeof under === "string" ? under : "", type: typeToken(kind) });
}

/** What to say when two resources of one program declare the same thing: the later would undo the earlier for ever. */
export function declaredTwice(what: string, first: string, second: string): string {
    return `${what} is declared twice: by ${labelOf(first)} and by ${labelOf(second)}`;
}
