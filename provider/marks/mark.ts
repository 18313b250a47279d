import { createHash } from "node:crypto";
import { canonicalJson } from "../wire/json";
import { type Place, parseUrn } from "../wire/urn";

/** The metadata key under which everything that is made here carries its mark. */
export const MARK_KEY = "pulumi";

/** What a thing is called, with its id where the words do not hold that already: things without a mark are called by it. */
export function withId(what: string, id: string): string {
    return what.includes(id) ? what : `${what} (${id})`;
}

/**
 * The mark that a thing carries in its metadata: `<project>/<stack>/<name>@<owner>#<hash>`. The hash covers the owner, the
 * URN and the immutable inputs (defaults left out), so that a replacement never finds the thing it replaces. The format
 * is for ever: marks are how things made by older versions are found again.
 */
export function markOf(owner: string, urn: string, identity: Readonly<Record<string, unknown>>): string {
    return spell({ ...parseUrn(urn), owner }, [owner, urn, identity]);
}

/**
 * The mark of one of the things that one resource makes, from the resource's own: `<project>/<stack>/<name>/<key>@<owner>#<hash>`.
 * The hash covers that mark, the key and the immutable inputs of the one thing.
 */
export function memberMark(mark: string, key: string, identity: Readonly<Record<string, unknown>>): string {
    const set = parseMark(mark);
    if (set === undefined) throw new Error(`"${mark}" is not a mark`);
    return spell({ ...set, name: `${set.name}/${key}` }, [mark, key, identity]);
}

function spell(
    { project, stack, name, owner }: Pick<Place, "project" | "stack" | "name"> & { readonly owner: string },
    hashed: readonly unknown[],
): string {
    const hash = createHash("sha256").update(canonicalJson(hashed)).digest("hex").slice(0, 16);
    return `${project}/${stack}/${name}@${owner}#${hash}`;
}

/** How many bytes the mark of a resource takes, whatever its inputs. */
export function markBytes(urn: string, owner: string): number {
    return Buffer.byteLength(spell({ ...parseUrn(urn), owner }, []));
}

/** What a mark tells of the one who made it, or undefined where the text is no mark. */
export function parseMark(
    mark: unknown,
): { project: string; stack: string; name: string; owner: string; hash: string } | undefined {
    if (typeof mark !== "string") return undefined;
    const match = /^([^/]+)\/([^/]+)\/(.*)@([^@#]+)#([0-9a-f]{16})$/s.exec(mark);
    if (!match) return undefined;
    const [, project = "", stack = "", name = "", owner = "", hash = ""] = match;
    return { project, stack, name, owner, hash };
}

/** The pattern for Blnk's `like` that finds every mark of a stack, whoever owns it. */
export function marksOfStack(projectAndStack: string): string {
    return `${escapeLike(projectAndStack)}/%`;
}

/** The pattern for Blnk's `like` that finds the marks of a stack that belong to one owner. */
export function marksOfOwner({ project, stack, owner }: { project: string; stack: string; owner: string }): string {
    return `${escapeLike(`${project}/${stack}`)}/%@${escapeLike(owner)}#%`;
}

/** The text as `like` finds it literally: `_` and `%` are wildcards there, and a backslash escapes them. */
export function escapeLike(text: string): string {
    return text.replace(/[\\_%]/g, "\\$&");
}
