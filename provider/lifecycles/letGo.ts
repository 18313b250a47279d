import type { Run } from "./lifecycle";
import { labelOf, withId } from "./mark";

/** What happens to a thing that cannot be deleted when it leaves the program. */
export const ON_DELETE = ["refuseIfUsed", "forget", "refuse"] as const;
export type OnDelete = (typeof ON_DELETE)[number];

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
    unchanged:
        "It stays managed and nothing of it was changed; other removals of this run may already have been carried out.",
    way:
        `set onDelete: "forget", run "pulumi up", and remove it then; or run "pulumi state delete" for it, ` +
        `which touches nothing in Blnk`,
};

/** Another is to take its place. The policy that counts is the new one, so that both can be changed together. */
const REPLACED: Occasion = {
    unchanged: "Nothing of this resource was changed.",
    way: `set onDelete: "forget" together with the change`,
};

/** Throws where the policy does not allow to let go of a thing. */
export async function judge(
    { what, policy = "refuseIfUsed", usage }: Leaving,
    { unchanged, way }: Occasion,
): Promise<void> {
    if (policy === "forget") return;
    const reason = policy === "refuse" ? undefined : await usage();
    if (policy === "refuseIfUsed" && reason === undefined) return;
    const why = policy === "refuse" ? 'its onDelete is "refuse"' : `${reason}, and its onDelete is "refuseIfUsed"`;
    throw new Error(`${what} must not be let go: ${why}. ${unchanged} To let it go all the same, ${way}.`);
}

/** Lets go of a thing, which stays in Blnk; another resource of this run may go on with it. */
export async function letGo(run: Run, leaving: Leaving): Promise<void> {
    const { id } = leaving;
    const what = withId(leaving.what, id);
    const living = run.alive.ownerOf(id);
    if (living !== undefined) {
        run.warn(`${what} goes on as ${labelOf(living)}`);
        return;
    }
    // What a replacement has judged by its new policy is not judged again by the old one.
    if (!run.alive.isLetGo(id)) await judge(calledIt(leaving), REMOVED);
    run.warn(`${what} is no longer managed, and stays in Blnk: nothing can be deleted there`);
}

/** Judges the thing that is about to be replaced, unless that was done, or another resource goes on with it. */
export async function judgeReplaced(run: Run, leaving: Leaving): Promise<void> {
    const { id } = leaving;
    if (run.alive.isLetGo(id) || run.alive.ownerOf(id) !== undefined) return;
    await judge(calledIt(leaving), REPLACED);
    run.alive.noteLetGo(id);
}

/** What it is called stands before what is said of it. */
function calledIt(leaving: Leaving): Leaving {
    const { id, what } = leaving;
    return { ...leaving, what: withId(what, id) === what ? "it" : `it (${id})` };
}
