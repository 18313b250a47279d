import { balances } from "../../blnk/balances";
import { labelOf } from "../../wire/urn";
import { batchedUsage } from "../balance";
import type { OperationContext } from "../context";
import { checkRelease, type RefusalTexts, type ReleaseCandidate } from "../release";
import { type BalanceSetInputs, listed, type Member, markOfMember, type SetOfBalances } from "./inputs";
import { type BalanceSetState, type KnownMember, membersOf } from "./state";

/** Progress is shown at this interval, in milliseconds. */
const PROGRESS_MS = 250;
/** At most this many messages about single members are shown. */
const MOST_SHOWN = 10;

/** The set is updated or replaced, and loses some of its members. */
const CHANGED: RefusalTexts = {
    unchanged: "This set was not changed.",
    remedy: 'set onDelete: "forget" on the set together with the change',
};

/** The set itself has left the program. */
const REMOVED: RefusalTexts = {
    unchanged: "The set stays managed and was not changed; other removals of this run may already be done.",
    remedy:
        'set onDelete: "forget" on the set, run "pulumi up", and then remove it; or run "pulumi state delete" for it, ' +
        "which changes nothing in Blnk",
};

/** A member that could not be worked on. */
export interface MemberFailure {
    readonly key: string;
    readonly error: unknown;
    /** How many others were done. */
    readonly done: number;
}

/**
 * Works on several members at once. After one fails, no other is started, and those in progress finish: a refused token is
 * not tried ten thousand times. Returns the first failure.
 */
export async function workOnMembers(
    context: OperationContext,
    members: readonly (readonly [key: string, member: Member])[],
    work: (context: OperationContext, key: string, member: Member) => Promise<void>,
): Promise<MemberFailure | undefined> {
    const { default: pLimit } = await import("p-limit");
    const limit = pLimit(context.blnk.policy.concurrency);
    const messages = new MemberMessages();
    let failure: Omit<MemberFailure, "done"> | undefined;
    let done = 0;
    let shownAt = performance.now();
    let hasShown = false;
    await Promise.all(
        members.map(([key, member]) =>
            limit(async () => {
                if (failure !== undefined) return;
                try {
                    await work(messages.of(context, key), key, member);
                    done++;
                } catch (error) {
                    failure ??= { key, error };
                }
                if (performance.now() - shownAt < PROGRESS_MS) return;
                shownAt = performance.now();
                hasShown = true;
                context.status(`${done} of ${members.length} balances`);
            }),
        ),
    );
    // The last status stays on the row.
    if (hasShown) context.status(`${done} of ${members.length} balances`);
    messages.show(context);
    return failure && { ...failure, done };
}

/** Collects messages about single members, and shows them together afterwards: not one by one for thousands. */
export class MemberMessages {
    private readonly texts = { warn: [] as string[], inform: [] as string[] };

    /** The same context, with messages about one member. */
    of(context: OperationContext, key: string): OperationContext {
        const { warn, inform } = this.texts;
        return {
            ...context,
            replacing: undefined,
            warn: (text) => void warn.push(`${key}: ${text}`),
            inform: (text) => void inform.push(`${key}: ${text}`),
        };
    }

    show(context: OperationContext): void {
        for (const kind of ["warn", "inform"] as const) {
            const texts = this.texts[kind];
            if (texts.length === 0) continue;
            const more = texts.length - MOST_SHOWN;
            context[kind](texts.slice(0, MOST_SHOWN).join("\n") + (more > 0 ? `\nand ${more} more like these` : ""));
        }
    }
}

/** Starts the look-ups of all members that are to be created, before the first one waits for its answer. */
export function lookForMembers(
    context: OperationContext,
    set: SetOfBalances,
    members: Iterable<readonly [string, Member]>,
) {
    for (const [key, member] of members) {
        const mark = markOfMember(set.mark, key, member);
        context.markIndex.lookAhead(balances, mark);
    }
}

/** The members that a change certainly releases: those that are dropped or get another currency. */
export function membersToRelease(
    state: BalanceSetState,
    { balances }: Partial<BalanceSetInputs>,
): [key: string, member: KnownMember][] {
    if (balances === undefined) return [];
    const wanted = new Map<string, Partial<Member> | undefined>(Object.entries(balances));
    return [...membersOf(state)].filter(([key, { currency }]) => {
        if (!wanted.has(key)) return true;
        const next = wanted.get(key)?.currency;
        return next !== undefined && next !== currency;
    });
}

/** Throws if an updated set would release a member that must stay, by the set's new policy. */
export async function checkChangedMembers(
    context: OperationContext,
    set: Pick<SetOfBalances, "onDelete">,
    leaving: Iterable<readonly [string, KnownMember]>,
): Promise<void> {
    for (const id of await checkMembersRelease(context, set, leaving, CHANGED)) context.declarations.noteReleased(id);
}

/** Throws if a set that leaves the program has a member that must stay. */
export async function checkRemovedMembers(
    context: OperationContext,
    set: Pick<SetOfBalances, "onDelete">,
    leaving: Iterable<readonly [string, KnownMember]>,
): Promise<void> {
    await checkMembersRelease(context, set, leaving, REMOVED);
}

/** Returns the ids that were checked. Skips members that another resource now manages, or that were checked before. */
async function checkMembersRelease(
    context: OperationContext,
    set: Pick<SetOfBalances, "onDelete">,
    members: Iterable<readonly [string, KnownMember]>,
    occasion: RefusalTexts,
): Promise<string[]> {
    const leaving = [...members].filter(
        // A member that another stack has taken over is always released.
        ([, { id, takenBy }]) =>
            takenBy === undefined &&
            context.declarations.ownerOf(id) === undefined &&
            !context.declarations.isReleased(id),
    );
    // Wait for all and report the first by order: the message must not depend on which answer arrives first.
    const verdicts = await Promise.allSettled(
        leaving.map(([key, { id }]) => checkRelease(memberToRelease(context, set, key, id), occasion)),
    );
    for (const verdict of verdicts) if (verdict.status === "rejected") throw verdict.reason;
    return leaving.map(([, { id }]) => id);
}

function memberToRelease(
    context: OperationContext,
    set: Pick<SetOfBalances, "onDelete">,
    key: string,
    id: string,
): ReleaseCandidate {
    return {
        id,
        what: `balance "${key}" (${id})`,
        policy: set.onDelete,
        usage: () => batchedUsage(context, id),
    };
}

/** Reports which members are no longer managed, and which are now managed by another resource. */
export function reportReleased(context: OperationContext, members: Iterable<readonly [string, KnownMember]>): void {
    const leaving: string[] = [];
    for (const [key, { id }] of members) {
        const declaredBy = context.declarations.ownerOf(id);
        if (declaredBy === undefined) leaving.push(`${key} (${id})`);
        else if (declaredBy !== context.urn) context.warn(`${key} (${id}) is now managed as ${labelOf(declaredBy)}`);
    }
    if (leaving.length === 0) return;
    const [are, stay] = leaving.length === 1 ? ["balance is", "stays"] : ["balances are", "stay"];
    context.warn(
        `${leaving.length} ${are} no longer managed and ${stay} in Blnk, which cannot delete balances: ${listed(leaving)}`,
    );
}
