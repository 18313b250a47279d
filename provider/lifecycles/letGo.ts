import type { Run } from "./lifecycle";
import { labelOf, withId } from "./mark";

/** What happens to a thing that cannot be deleted when it leaves the program. */
export const ON_DELETE = ["refuseIfUsed", "forget", "refuse"] as const;
export type OnDelete = (typeof ON_DELETE)[number];

/** A thing that is to be let go of. */
export interface Leaving {
    readonly id: string;
    /** What to call it in sentences. */
    readonly what: string;
    readonly policy: OnDelete | undefined;
    /** What it is used for, in words, or undefined where nothing depends on it. */
    usage(): Promise<string | undefined>;
    /** What to do to let it go all the same. */
    readonly way?: string;
}

const WAY =
    `set onDelete: "forget", run "pulumi up", and remove or replace it then; or run "pulumi state delete" for it, ` +
    `which touches nothing in Blnk`;

/** Throws where the policy does not allow to let go of a thing. */
export async function judge({ what, policy = "refuseIfUsed", usage, way = WAY }: Leaving): Promise<void> {
    if (policy === "forget") return;
    const reason = policy === "refuse" ? undefined : await usage();
    if (policy === "refuseIfUsed" && reason === undefined) return;
    const why = policy === "refuse" ? 'its onDelete is "refuse"' : `${reason}, and its onDelete is "refuseIfUsed"`;
    throw new Error(`${what} must not be let go: ${why}. Nothing was changed. To let it go all the same, ${way}.`);
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
    // What it is called stands before what is said of it.
    if (!run.alive.isLetGo(id)) await judge({ ...leaving, what: what === leaving.what ? "it" : `it (${id})` });
    run.warn(`${what} is no longer managed, and stays in Blnk: nothing can be deleted there`);
}

/** Judges the thing that is about to be replaced, before its successor is made. */
export async function judgeReplaced(run: Run, leaving: Leaving): Promise<void> {
    await judge({ ...leaving, what: withId(leaving.what, leaving.id) });
    run.alive.noteLetGo(leaving.id);
}
