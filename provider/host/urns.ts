import { parseMark } from "../marks/mark";
import { typeToken } from "../wire/typeToken";
import { formatUrn, labelOf } from "../wire/urn";
import type { Properties } from "./values";

/** The URN of a thing of a kind that carries a mark, put together from it. */
export function urnOf(kind: string, { mark, under }: Properties): string | undefined {
    const place = parseMark(mark);
    if (place === undefined) return undefined;
    return formatUrn({ ...place, under: typeof under === "string" ? under : "", type: typeToken(kind) });
}

/**
 * What to say when two resources of one program declare the same thing, or the same key of its metadata (`<id>/<key>`):
 * the later would undo the earlier for ever.
 */
export function declaredTwice(claim: string, first: string, second: string): string {
    const slash = claim.indexOf("/");
    if (slash >= 0) return keyDeclaredTwice(claim.slice(slash + 1), claim.slice(0, slash), first, second);
    return `${claim} is declared twice: by ${labelOf(first)} and by ${labelOf(second)}; keep one of them`;
}

/** The same of a key of metadata, given what carries it in words. */
export function keyDeclaredTwice(key: string, carrier: string, first: string, second: string): string {
    return (
        `the metadata key "${key}" of ${carrier} is declared twice: ` +
        `by ${labelOf(first)} and by ${labelOf(second)}; keep it in one of them`
    );
}
