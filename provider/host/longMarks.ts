import type { Lifecycle } from "../kinds/lifecycle";
import { markBytes } from "../marks/mark";
import { parseBinding } from "../wire/binding";
import { hasUnknown, type Properties } from "./values";

/** Marks take room in metadata, of which a balance has little. */
const MOST_BYTES = 300;
/** So many keys of members are told. */
const MOST_TOLD = 10;
/** As long as a word that is drawn for a stack which has none yet. */
const DRAWN_OWNER = "______";

/**
 * Why a thing cannot be made under the name that it has: its mark would be too long. What exists under a mark as long as that
 * goes on, also where its mark is rewritten.
 */
export function longMarks<Inputs extends object, State extends object>(
    lifecycle: Lifecycle<Inputs, State>,
    urn: string | undefined,
    inputs: Properties,
    before: Properties,
): string[] {
    if (lifecycle.identify === undefined || urn === undefined || inputs.mark === undefined) return [];
    const { instance } = inputs;
    const owner = typeof instance === "string" && !hasUnknown(instance) ? parseBinding(instance).owner : DRAWN_OWNER;
    const bytes = markBytes(urn, owner);
    const had = typeof before.mark === "string" ? Buffer.byteLength(before.mark) : 0;
    const isLong = (size: number, old: number) => size > MOST_BYTES && old <= MOST_BYTES;
    if (lifecycle.memberKeys === undefined || bytes > MOST_BYTES) {
        if (!isLong(bytes, had)) return [];
        return [
            `the name of this resource is too long: with project and stack, its mark in Blnk would take ${bytes} bytes, more ` +
                `than ${MOST_BYTES}. Choose a shorter name`,
        ];
    }
    const known = new Set(lifecycle.memberKeys(before as Partial<Inputs>));
    const long = [...lifecycle.memberKeys(inputs as Partial<Inputs>)].filter((key) => {
        const more = 1 + Buffer.byteLength(key);
        return isLong(bytes + more, known.has(key) ? had + more : 0);
    });
    return long
        .slice(0, MOST_TOLD)
        .map(
            (key) =>
                `balances["${key}"]: the set's name and this key are too long together: the mark in Blnk would take ` +
                `${bytes + 1 + Buffer.byteLength(key)} bytes, more than ${MOST_BYTES}. Choose a shorter one`,
        );
}
