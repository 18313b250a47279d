import type { Metadata } from "../blnk/metadata";
import { MARK_KEY, parseMark } from "../marks/mark";
import { bytesOf, heldUnder, MOST_MERGED_BYTES, mergedKeys } from "../metadata/metadata";
import type { Json } from "../wire/json";
import { sameJson } from "../wire/json";

/** What `check` learns from Blnk about a thing that exists already. */
export interface Preflight<Inputs> {
    /** The inputs. Those left out get their values from Blnk. */
    readonly inputs: Partial<Inputs>;
    readonly problems: readonly string[];
    /** The mark that an adopted thing carries. Null when it has none. */
    readonly mark?: string | null;
    /** All metadata that an adopted thing holds. */
    readonly held?: Metadata;
    /** The text on the resource's row in a preview. `isMarked` says whether the mark changes. */
    says?(isMarked: boolean): string;
}

/** How a program brings an existing thing under management. */
export interface Adoption {
    /** The id of the thing. */
    readonly id: string;
    /** The mark of the other stack from which this stack takes over. */
    readonly from?: string;
    /** Names of the declared properties whose values are secret. */
    readonly secret?: ReadonlySet<string>;
    readonly by: Adopter;
}

/** The project, the stack and (if known) the owner of the adopting resource. */
export interface Adopter {
    readonly project: string;
    readonly stack: string;
    readonly owner: string | undefined;
}

/** The text of a preview when a thing gets the mark of this stack. */
export const claimsIt = "claims it";
/** The text of a preview when the mark of this stack replaces another. */
export const takesOver = (mark: string) => `takes over from ${mark}`;

/** The text of a preview: which thing is adopted, which of its values change, and how its mark changes. */
export function adopts(id: string, name: string | undefined, changes: readonly string[], mark: string | null = null) {
    return (isMarked: boolean): string => {
        const claim = !isMarked ? "" : `; ${mark === null ? claimsIt : takesOver(mark)}`;
        return `adopts ${id}${name === undefined ? "" : ` "${name}"`}; changes: ${changes.join(", ") || "none"}${claim}`;
    };
}

/**
 * Why an adopted thing cannot get this stack's mark and the declared keys: another value is in the mark's place, or the
 * metadata would be too large.
 */
export function markingProblems(id: string, held: Metadata, added: Metadata): string[] {
    const mark = heldMark(held);
    if (mark !== null) return parseMark(mark) === undefined ? [notAMark(id)] : [];
    return isRoomFor(held, added) ? [] : [noRoomToClaim(id, held, added)];
}

/** How a property of an adopted thing changes. Without the values if the declared one may be secret. */
export function propertyChange(
    name: string,
    declared: string | undefined,
    held: string,
    { secret }: Pick<Adoption, "secret">,
): string[] {
    if (declared === undefined || declared === held) return [];
    return [secret?.has(name) !== false ? name : `${name} ${JSON.stringify(held)} → ${JSON.stringify(declared)}`];
}

/** The declared metadata keys whose values differ in Blnk. */
export function metadataChanges(declared: Metadata | undefined, held: Metadata): string[] {
    return Object.entries(declared ?? {})
        .filter(([key, value]: [string, Json]) => !sameJson(heldUnder(held, key), value))
        .map(([key]) => `metadata.${key}`);
}

/** The mark in a thing's metadata. Null when there is none. */
export function heldMark(held: Metadata): string | null {
    const mark = held[MARK_KEY] ?? null;
    return mark === null ? null : String(mark);
}

/** Why a thing with this mark cannot be adopted. Empty if it can. */
export function markProblems({ id, from, by }: Adoption, mark: string | null): string[] {
    const place = parseMark(mark);
    const isOwn = place?.project === by.project && place.stack === by.stack && place.owner === by.owner;
    if (place === undefined || isOwn || from === mark) return [];
    if (from !== undefined)
        return [
            `${id} carries the mark ${mark}, which differs from adoptFrom. Check which stack manages it, and correct adoptFrom`,
        ];
    return [
        `${id} belongs to another stack: it carries the mark ${mark}. To take it over, remove it from the ` +
            `program of that stack and set adoptFrom: "${mark}"`,
    ];
}

/** The foreign mark on a thing for which this stack expects its own mark, if there is one. */
export function otherMark(held: Metadata, { mark: own, unsettled }: Declaration): string | undefined {
    const mark = heldMark(held);
    const place = parseMark(mark);
    if (mark === null || place === undefined || own === undefined || mark === own) return undefined;
    // A failed update of this stack may have written it.
    return unsettled && place.owner === parseMark(own)?.owner ? undefined : mark;
}

/** The error for a thing that another stack has marked over this stack's mark. */
export function takenAway(id: string, mark: string): string {
    return (
        `another stack has taken over ${id}: it carries the mark ${mark}. Remove it from this program. To take it back ` +
        `afterwards, declare it again with adopt: "${id}" and adoptFrom: "${mark}".`
    );
}

/** The parts of a declaration that concern the mark. */
interface Declaration {
    readonly mark?: string;
    readonly adopted?: string;
    readonly unsettled?: readonly number[];
}

/**
 * Why a thing must not be changed, if so: it carries a mark that is neither the recorded one nor the new one of this stack.
 * Without this rule, two copies of one state would overwrite each other's marks in turn.
 */
export function foreignMark(id: string, held: Metadata, before: Declaration, now: Declaration): string | undefined {
    const mark = heldMark(held);
    if (mark === null || mark === before.mark || mark === now.mark) return undefined;
    if (before.mark === undefined && now.mark === undefined) return undefined;
    const place = parseMark(mark);
    // A value that is not a mark has replaced ours: it is corrected like drift. On a thing that never had our mark it stays.
    if (place === undefined) {
        return before.mark === undefined && now.adopted !== undefined ? `${notAMark(id)}.` : undefined;
    }
    const owners = [before.mark, now.mark].map((own) => parseMark(own)?.owner);
    if (before.unsettled && owners.includes(place.owner)) return undefined;
    return takenAway(id, mark);
}

/** Whether a thing's metadata has room for more keys. */
export function isRoomFor(held: Metadata, added: Metadata): boolean {
    return bytesOf(mergedKeys(held, added)) <= MOST_MERGED_BYTES;
}

/** The error for a claim when the thing's metadata is nearly full. */
export function noRoomToClaim(id: string, held: Metadata, added: Metadata): string {
    return (
        `the metadata of ${id} would take ${bytesOf(mergedKeys(held, added))} bytes with the mark of this stack; ` +
        `the safe limit is ${MOST_MERGED_BYTES} bytes. Set claim: false to manage it without a mark`
    );
}

function notAMark(id: string): string {
    return (
        `the metadata key "${MARK_KEY}" of ${id} holds a value that is not a mark, and a claim would overwrite it. ` +
        `Set claim: false to manage it without a mark`
    );
}

/** The problem of an immutable input that differs from the thing. */
export function differs(
    id: string,
    name: string,
    declared: unknown,
    held: unknown,
    secret?: ReadonlySet<string>,
): string[] {
    if (declared === undefined || declared === held) return [];
    const [is, want] = [JSON.stringify(held), secret?.has(name) === false ? JSON.stringify(declared) : undefined];
    return [
        `${id} has ${name} ${is}${want === undefined ? "" : `, not ${want}`}. Blnk cannot change this: declare ${is}, or omit ${name}`,
    ];
}
