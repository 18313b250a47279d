import { withId } from "../marks/mark";
import { labelOf } from "../wire/urn";
import type { OperationContext } from "./context";
import type { OnDelete } from "./onDelete";

/** The parts of a refusal that depend on why the thing is released. */
export interface RefusalTexts {
    /** A sentence that says what was not changed. */
    readonly unchanged: string;
    /** How to stop managing it anyway. */
    readonly remedy: string;
}

/** A thing that is about to be released. */
export interface ReleaseCandidate {
    readonly id: string;
    /** Its name in messages. */
    readonly what: string;
    readonly policy: OnDelete | undefined;
    /** How it is used, as part of a sentence; undefined if nothing depends on it. */
    usage(): Promise<string | undefined>;
}

/** The program no longer declares it, or the stack is destroyed. The engine may have removed other things before. */
const REMOVED: RefusalTexts = {
    unchanged: "It stays managed and was not changed; other removals of this run may already be done.",
    remedy:
        `set onDelete: "forget", run "pulumi up", and then remove it; or run "pulumi state delete" for it, ` +
        `which changes nothing in Blnk`,
};

/** Another thing replaces it. The new policy counts, so that policy and inputs can change together. */
const REPLACED: RefusalTexts = {
    unchanged: "This resource was not changed.",
    remedy: `set onDelete: "forget" together with the change`,
};

/** Throws if the policy forbids releasing a thing. */
export async function checkRelease(
    { what, policy = "refuseIfUsed", usage }: ReleaseCandidate,
    { unchanged, remedy }: RefusalTexts,
): Promise<void> {
    if (policy === "forget") return;
    const reason = policy === "refuse" ? undefined : await usage();
    if (policy === "refuseIfUsed" && reason === undefined) return;
    const why = policy === "refuse" ? 'its onDelete is "refuse"' : `${reason}, and its onDelete is "refuseIfUsed"`;
    throw new Error(`${what} cannot be removed: ${why}. ${unchanged} To stop managing it anyway, ${remedy}.`);
}

/** Releases a thing, which stays in Blnk. Another resource of this run may manage it from now on. */
export async function release(context: OperationContext, leaving: ReleaseCandidate): Promise<void> {
    const { id } = leaving;
    const what = withId(leaving.what, id);
    const declaredBy = context.declarations.ownerOf(id);
    if (declaredBy !== undefined) {
        context.warn(`${what} is now managed as ${labelOf(declaredBy)}`);
        return;
    }
    // A replacement has checked it by its new policy: the old policy does not count.
    if (!context.declarations.isReleased(id)) await checkRelease(withPronoun(leaving), REMOVED);
    context.warn(`${what} is no longer managed and stays in Blnk, which cannot delete it`);
}

/** Checks the thing that is about to be replaced, unless that was done or another resource manages it from now on. */
export async function checkReplaced(context: OperationContext, leaving: ReleaseCandidate): Promise<void> {
    const { id } = leaving;
    if (context.declarations.isReleased(id) || context.declarations.ownerOf(id) !== undefined) return;
    await checkRelease(withPronoun(leaving), REPLACED);
    context.declarations.noteReleased(id);
}

/** The error's beginning already names the thing. */
function withPronoun(leaving: ReleaseCandidate): ReleaseCandidate {
    const { id, what } = leaving;
    return { ...leaving, what: withId(what, id) === what ? "it" : `it (${id})` };
}
