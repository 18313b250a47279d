import type { Metadata } from "../blnk/metadata";
import { MARK_KEY, parseMark } from "../marks/mark";
import { bytesOf, heldUnder, MOST_MERGED_BYTES, mergedKeys } from "../metadata/metadata";
import type { Json } from "../wire/json";
import { sameJson } from "../wire/json";

/** What `check` learns from Blnk about something that exists already. */
export interface Preflight<Inputs> {
    /** The inputs, those left out filled in as they are in Blnk. */
    readonly inputs: Partial<Inputs>;
    readonly problems: readonly string[];
    /** The mark that an adopted thing carries; null where it has none. */
    readonly mark?: string | null;
    /** All metadata that an adopted thing holds. */
    readonly held?: Metadata;
    /** What the preview says on the resource's row, given whether the thing gets another mark. */
    says?(isMarked: boolean): string;
}

/** How a program brings an existing thing under management. */
export interface Adoption {
    /** The id of the thing. */
    readonly id: string;
    /** The mark of another stack that it is taken from. */
    readonly from?: string;
    /** Names of the declared properties whose values are secret. */
    readonly secret?: ReadonlySet<string>;
    readonly by: Adopter;
}

/** The project, the stack and, where it is known, the owner of the resource that adopts. */
export interface Adopter {
    readonly project: string;
    readonly stack: string;
    readonly owner: string | undefined;
}

/** What a preview says where a thing gets the mark of this stack. */
export const claimsIt = "claims it";
/** What a preview says where the mark of this stack takes the place of another. */
export const takesOver = (mark: string) => `takes over from ${mark}`;

/** The sentence of a preview: what is adopted, what would change about it, and what becomes of its mark. */
export function adopts(id: string, name: string | undefined, changes: readonly string[], mark: string | null = null) {
    return (isMarked: boolean): string => {
        const claim = !isMarked ? "" : `; ${mark === null ? claimsIt : takesOver(mark)}`;
        return `adopts ${id}${name === undefined ? "" : ` "${name}"`}; changes: ${changes.join(", ") || "none"}${claim}`;
    };
}

/**
 * What is wrong with putting this stack's mark, and the declared keys, on a thing that is adopted: another value is in the
 * mark's place, or there is no room for it.
 */
export function markingProblems(id: string, held: Metadata, added: Metadata): string[] {
    const mark = heldMark(held);
    if (mark !== null) return parseMark(mark) === undefined ? [noMark(id)] : [];
    return isRoomFor(held, added) ? [] : [noRoomToClaim(id, held, added)];
}

/** How a property of an adopted thing changes; the values are left out where the declared one may be secret. */
export function propertyChange(
    name: string,
    declared: string | undefined,
    held: string,
    { secret }: Pick<Adoption, "secret">,
): string[] {
    if (declared === undefined || declared === held) return [];
    return [secret?.has(name) !== false ? name : `${name} ${JSON.stringify(held)} → ${JSON.stringify(declared)}`];
}

/** Which declared keys of metadata differ from what is held. */
export function metadataChanges(declared: Metadata | undefined, held: Metadata): string[] {
    return Object.entries(declared ?? {})
        .filter(([key, value]: [string, Json]) => !sameJson(heldUnder(held, key), value))
        .map(([key]) => `metadata.${key}`);
}

/** The mark in a thing's metadata, null where there is none. */
export function heldMark(held: Metadata): string | null {
    const mark = held[MARK_KEY] ?? null;
    return mark === null ? null : String(mark);
}

/** Why a thing that carries this mark cannot be adopted, if it cannot. */
export function markProblems({ id, from, by }: Adoption, mark: string | null): string[] {
    const place = parseMark(mark);
    const isOwn = place?.project === by.project && place.stack === by.stack && place.owner === by.owner;
    if (place === undefined || isOwn || from === mark) return [];
    if (from !== undefined) return [`${id} carries the mark ${mark}, not the one that adoptFrom names`];
    return [
        `${id} belongs to another stack: it carries the mark ${mark}. To take it from there, remove it from that ` +
            `stack's program and say adoptFrom: "${mark}"`,
    ];
}

/** The mark of another stack on a thing that this stack knows by its own, if it carries one. */
export function otherMark(held: Metadata, { mark: own, unsettled }: Declaration): string | undefined {
    const mark = heldMark(held);
    const place = parseMark(mark);
    if (mark === null || place === undefined || own === undefined || mark === own) return undefined;
    // One that an update of this stack was writing when it failed.
    return unsettled && place.owner === parseMark(own)?.owner ? undefined : mark;
}

/** What is said of a thing that this stack had marked, and that carries the mark of another now. */
export function takenAway(id: string, mark: string): string {
    return (
        `${id} has been taken over by another stack: it carries the mark ${mark}. Remove it from this program; to take it ` +
        `back, declare it anew after that, with adopt: "${id}" and adoptFrom: "${mark}".`
    );
}

/** One declaration of a marked thing, as far as its mark goes. */
interface Declaration {
    readonly mark?: string;
    readonly adopted?: string;
    readonly unsettled?: readonly number[];
}

/**
 * Why a thing is to be left alone, if it is: it carries a mark that is neither the one that this stack knows nor its own.
 * Copies of one state would otherwise rewrite each other's marks in turn.
 */
export function foreignMark(id: string, held: Metadata, before: Declaration, now: Declaration): string | undefined {
    const mark = heldMark(held);
    if (mark === null || mark === before.mark || mark === now.mark) return undefined;
    if (before.mark === undefined && now.mark === undefined) return undefined;
    const place = parseMark(mark);
    // What is no mark was put over ours, and is put right like other drift; on a thing that never had ours it stays.
    if (place === undefined) {
        return before.mark === undefined && now.adopted !== undefined ? `${noMark(id)}.` : undefined;
    }
    const owners = [before.mark, now.mark].map((own) => parseMark(own)?.owner);
    if (before.unsettled && owners.includes(place.owner)) return undefined;
    return takenAway(id, mark);
}

/** Whether a thing's metadata has room for what is added to it. */
export function isRoomFor(held: Metadata, added: Metadata): boolean {
    return bytesOf(mergedKeys(held, added)) <= MOST_MERGED_BYTES;
}

/** Why a thing cannot be claimed whose metadata is nearly full already. */
export function noRoomToClaim(id: string, held: Metadata, added: Metadata): string {
    return (
        `the metadata of ${id} would take ${bytesOf(mergedKeys(held, added))} bytes with the mark of this stack, more than ` +
        `the ${MOST_MERGED_BYTES} that are safe. Set claim: false to manage it without a mark`
    );
}

function noMark(id: string): string {
    return (
        `${id} holds something under the metadata key "${MARK_KEY}" that is no mark of a stack, and a claim would replace it. ` +
        `Set claim: false to manage it without a mark`
    );
}

/** An immutable input that is declared otherwise than the thing is. */
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
        `${id} has ${name} ${is}${want === undefined ? "" : `, not ${want}`}. Blnk cannot change it: declare ${is}, or leave ${name} out`,
    ];
}
