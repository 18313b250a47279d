import { markBytes } from "../marks/mark";
import type { HostedKind } from "./hostedKind";
import { ownerIn } from "./operationContext";
import type { Properties } from "./values";

/** Marks take room in metadata, and a balance has little of it. */
const MOST_BYTES = 300;
/** At most this many keys of members are reported. */
const MOST_SHOWN = 10;
/** As long as an owner that is drawn at random, for a stack that has none yet. */
const DRAWN_OWNER = "______";

/**
 * Problems with names that make a mark too long. A thing that exists with such a long mark stays managed, also if its mark is
 * rewritten.
 */
export function longMarks<Inputs extends object, State extends object>(
    { facts, lifecycle: { members } }: HostedKind<Inputs, State>,
    urn: string | undefined,
    inputs: Properties,
    before: Properties,
): string[] {
    if (facts.locatedBy !== "mark" || urn === undefined || inputs.mark === undefined) return [];
    const bytes = markBytes(urn, ownerIn(inputs.instance) ?? DRAWN_OWNER);
    const had = typeof before.mark === "string" ? Buffer.byteLength(before.mark) : 0;
    const isLong = (size: number, old: number) => size > MOST_BYTES && old <= MOST_BYTES;
    if (members === undefined || bytes > MOST_BYTES) {
        if (!isLong(bytes, had)) return [];
        return [
            `the name of this resource is too long: with project and stack, its mark in Blnk would take ${bytes} bytes, more ` +
                `than ${MOST_BYTES}. Choose a shorter name`,
        ];
    }
    const known = new Set(members.keys(before as Partial<Inputs>));
    const long = [...members.keys(inputs as Partial<Inputs>)].filter((key) => {
        const more = 1 + Buffer.byteLength(key);
        return isLong(bytes + more, known.has(key) ? had + more : 0);
    });
    return long
        .slice(0, MOST_SHOWN)
        .map(
            (key) =>
                `${members.input}["${key}"]: the set's name and this key are too long together: the mark in Blnk would take ` +
                `${bytes + 1 + Buffer.byteLength(key)} bytes, more than ${MOST_BYTES}. Choose a shorter name or key`,
        );
}
