import { createHash } from "node:crypto";
import { canonicalJson } from "../wire/json";
import { type Place, parseUrn } from "../wire/urn";

/** The metadata key of the mark, which every thing of a stack carries. */
export const MARK_KEY = "pulumi";

/** The name of a thing in messages, followed by its id unless the name contains it already. */
export function withId(what: string, id: string): string {
    return what.includes(id) ? what : `${what} (${id})`;
}

/**
 * The mark that a thing carries in its metadata: `<project>/<stack>/<name>@<owner>#<hash>`. The hash covers the owner, the
 * URN and the immutable inputs (without defaults), so that a replacement never finds the thing that it replaces. Never change
 * the format: by their marks, things of older versions are found.
 */
export function markOf(owner: string, urn: string, identity: Readonly<Record<string, unknown>>): string {
    return formatMark({ ...parseUrn(urn), owner }, [owner, urn, identity]);
}

/**
 * The mark of one member of a set: `<project>/<stack>/<name>/<key>@<owner>#<hash>`. The hash covers the mark of the set, the
 * key and the immutable inputs of the member.
 */
export function memberMark(mark: string, key: string, identity: Readonly<Record<string, unknown>>): string {
    const set = parseMark(mark);
    if (set === undefined) throw new Error(`"${mark}" is not a mark`);
    return formatMark({ ...set, name: `${set.name}/${key}` }, [mark, key, identity]);
}

function formatMark(
    { project, stack, name, owner }: Pick<Place, "project" | "stack" | "name"> & { readonly owner: string },
    hashed: readonly unknown[],
): string {
    const hash = createHash("sha256").update(canonicalJson(hashed)).digest("hex").slice(0, 16);
    return `${project}/${stack}/${name}@${owner}#${hash}`;
}

/** The size of a resource's mark in bytes. It does not depend on the inputs. */
export function markBytes(urn: string, owner: string): number {
    return Buffer.byteLength(formatMark({ ...parseUrn(urn), owner }, []));
}

/** The parts of a mark. Undefined when the text is not a mark. */
export function parseMark(
    mark: unknown,
): { project: string; stack: string; name: string; owner: string; hash: string } | undefined {
    if (typeof mark !== "string") return undefined;
    const match = /^([^/]+)\/([^/]+)\/(.*)@([^@#]+)#([0-9a-f]{16})$/s.exec(mark);
    if (!match) return undefined;
    const [, project = "", stack = "", name = "", owner = "", hash = ""] = match;
    return { project, stack, name, owner, hash };
}

/** The pattern for Blnk's `like` that finds every mark of a stack, of any owner. */
export function marksOfStack(projectAndStack: string): string {
    return `${escapeLike(projectAndStack)}/%`;
}

/** The pattern for Blnk's `like` that finds the marks of a stack that belong to one owner. */
export function marksOfOwner({ project, stack, owner }: { project: string; stack: string; owner: string }): string {
    return `${escapeLike(`${project}/${stack}`)}/%@${escapeLike(owner)}#%`;
}

/** The text as a literal pattern for `like`, with its wildcards `_` and `%` escaped by a backslash. */
export function escapeLike(text: string): string {
    return text.replace(/[\\_%]/g, "\\$&");
}
