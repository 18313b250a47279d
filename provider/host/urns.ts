import { parseMark } from "../marks/mark";
import { typeToken } from "../wire/typeToken";
import { formatUrn, labelOf } from "../wire/urn";
import type { Properties } from "./values";

/** The URN of a marked thing, rebuilt from its mark. */
export function urnOf(kind: string, { mark, under }: Properties): string | undefined {
    const place = parseMark(mark);
    if (place === undefined) return undefined;
    return formatUrn({ ...place, under: typeof under === "string" ? under : "", type: typeToken(kind) });
}

/**
 * The error for two resources of one program that declare the same thing, or the same metadata key (`<id>/<key>`): they
 * would overwrite each other in every run.
 */
export function declaredTwice(claim: string, first: string, second: string): string {
    const slash = claim.indexOf("/");
    if (slash >= 0) return keyDeclaredTwice(claim.slice(slash + 1), claim.slice(0, slash), first, second);
    return `${claim} is declared twice: by ${labelOf(first)} and by ${labelOf(second)}; keep one of them`;
}

/** The same for a metadata key, given a name for the thing that carries it. */
export function keyDeclaredTwice(key: string, carrier: string, first: string, second: string): string {
    return (
        `the metadata key "${key}" of ${carrier} is declared twice: ` +
        `by ${labelOf(first)} and by ${labelOf(second)}; keep it in one of them`
    );
}
