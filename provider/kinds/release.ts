import { withId } from "../marks/mark";
import { labelOf } from "../wire/urn";
import type { OperationContext } from "./context";
import type { OnDelete } from "./onDelete";

/** How a thing comes to be let go of, as a refusal tells it. */
export interface Occasion {
    /** What was not changed, as a sentence. */
    readonly unchanged: string;
    /** What to do to let it go all the same. */
    readonly way: string;
}

/** A thing that is to be let go of. */
export interface Leaving {
    readonly id: string;
    /** What to call it in sentences. */
    readonly what: string;
    readonly policy: OnDelete | undefined;
    /** What it is used for, in words, or undefined where nothing depends on it. */
    usage(): Promise<string | undefined>;
}

/** The program declares it no longer, or the stack is destroyed. The engine may have removed other things by then. */
const REMOVED: Occasion = {
    unchanged: "It stays managed and was not changed; other removals of this run may already be done.",
    way:
        `set onDelete: "forget", run "pulumi up", and then remove it; or run "pulumi state delete" for it, ` +
        `which changes nothing in Blnk`,
};

/** Another is to take its place. The policy that counts is the new one, so that both can be changed together. */
const REPLACED: Occasion = {
    unchanged: "This resource was not changed.",
    way: `set onDelete: "forget" together with the change`,
};

/** Throws where the policy does not allow to let go of a thing. */
export async function checkRelease(
    { what, policy = "refuseIfUsed", usage }: Leaving,
    { unchanged, way }: Occasion,
): Promise<void> {
    if (policy === "forget") return;
    const reason = policy === "refuse" ? undefined : await usage();
    if (policy === "refuseIfUsed" && reason === undefined) return;
    const why = policy === "refuse" ? 'its onDelete is "refuse"' : `${reason}, and its onDelete is "refuseIfUsed"`;
    throw new Error(`${what} cannot be removed: ${why}. ${unchanged} To stop managing it anyway, ${way}.`);
}

/** Lets go of a thing, which stays in Blnk; another resource of this run may go on with it. */
export async function release(context: OperationContext, leaving: Leaving): Promise<void> {
    const { id } = leaving;
    const what = withId(leaving.what, id);
    const living = context.declarations.ownerOf(id);
    if (living !== undefined) {
        context.warn(`${what} is now managed as ${labelOf(living)}`);
        return;
    }
    // What a replacement has judged by its new policy is not judged again by the old one.
    if (!context.declarations.isReleased(id)) await checkRelease(calledIt(leaving), REMOVED);
    context.warn(`${what} is no longer managed and stays in Blnk, which cannot delete it`);
}

/** Judges the thing that is about to be replaced, unless that was done, or another resource goes on with it. */
export async function checkReplaced(context: OperationContext, leaving: Leaving): Promise<void> {
    const { id } = leaving;
    if (context.declarations.isReleased(id) || context.declarations.ownerOf(id) !== undefined) return;
    await checkRelease(calledIt(leaving), REPLACED);
    context.declarations.noteReleased(id);
}

/** What it is called stands before what is said of it. */
function calledIt(leaving: Leaving): Leaving {
    const { id, what } = leaving;
    return { ...leaving, what: withId(what, id) === what ? "it" : `it (${id})` };
}
