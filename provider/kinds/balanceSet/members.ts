import { balances } from "../../blnk/balances";
import { labelOf } from "../../wire/urn";
import { usageOf } from "../balance";
import type { OperationContext } from "../context";
import { checkRelease, type Leaving, type Occasion } from "../release";
import { type BalanceSetInputs, listed, type Member, markOfMember, type SetOfBalances } from "./inputs";
import { type BalanceSetState, type KnownMember, membersOf } from "./state";

/** The display hears of progress so often, in milliseconds. */
const PROGRESS_MS = 250;
/** So many sentences, or names, about single members are shown. */
const MOST_TOLD = 10;

/** The set goes on, or another takes its place, without some of its members. */
const CHANGED: Occasion = {
    unchanged: "This set was not changed.",
    way: 'set onDelete: "forget" on the set together with the change',
};

/** The set itself has left the program. */
const REMOVED: Occasion = {
    unchanged: "The set stays managed and was not changed; other removals of this run may already be done.",
    way:
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
 * Works on members, several at once. Once one has failed no other is begun, and what is under way is finished: a refused
 * token is not tried ten thousand times. Returns the first failure.
 */
export async function workOnMembers(
    context: OperationContext,
    members: readonly (readonly [key: string, member: Member])[],
    work: (context: OperationContext, key: string, member: Member) => Promise<void>,
): Promise<MemberFailure | undefined> {
    const { default: pLimit } = await import("p-limit");
    const limit = pLimit(context.blnk.policy.concurrency);
    const sayings = new Sayings();
    let failure: Omit<MemberFailure, "done"> | undefined;
    let done = 0;
    let told = performance.now();
    let hasTold = false;
    await Promise.all(
        members.map(([key, member]) =>
            limit(async () => {
                if (failure !== undefined) return;
                try {
                    await work(sayings.of(context, key), key, member);
                    done++;
                } catch (error) {
                    failure ??= { key, error };
                }
                if (performance.now() - told < PROGRESS_MS) return;
                told = performance.now();
                hasTold = true;
                context.status(`${done} of ${members.length} balances`);
            }),
        ),
    );
    // What is shown last stays on the row.
    if (hasTold) context.status(`${done} of ${members.length} balances`);
    sayings.tell(context);
    return failure && { ...failure, done };
}

/** What is said about single members while all are worked on: told afterwards, so that the display is not flooded. */
export class Sayings {
    private readonly said = { warn: [] as string[], inform: [] as string[] };

    /** The same run, whose messages are about one member. */
    of(context: OperationContext, key: string): OperationContext {
        const { warn, inform } = this.said;
        return {
            ...context,
            replacing: undefined,
            warn: (text) => void warn.push(`${key}: ${text}`),
            inform: (text) => void inform.push(`${key}: ${text}`),
        };
    }

    tell(context: OperationContext): void {
        for (const kind of ["warn", "inform"] as const) {
            const texts = this.said[kind];
            if (texts.length === 0) continue;
            const more = texts.length - MOST_TOLD;
            context[kind](texts.slice(0, MOST_TOLD).join("\n") + (more > 0 ? `\nand ${more} more like these` : ""));
        }
    }
}

/** Asks about all members that are to be made, before the first of them waits for an answer. */
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

/** The members that a change lets go of for certain: those that are dropped, or become balances of another currency. */
export function leavingMembers(
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

/** Throws where a member that a changed set lets go of must stay, by the set's new policy. */
export async function checkChangedMembers(
    context: OperationContext,
    set: Pick<SetOfBalances, "onDelete">,
    leaving: Iterable<readonly [string, KnownMember]>,
): Promise<void> {
    for (const id of await checkMembersRelease(context, set, leaving, CHANGED)) context.declarations.noteReleased(id);
}

/** Throws where a member of a set that leaves the program must stay. */
export async function checkRemovedMembers(
    context: OperationContext,
    set: Pick<SetOfBalances, "onDelete">,
    leaving: Iterable<readonly [string, KnownMember]>,
): Promise<void> {
    await checkMembersRelease(context, set, leaving, REMOVED);
}

/** Returns the ids of those that were judged. What goes on under another resource is not asked about, nor asked about twice. */
async function checkMembersRelease(
    context: OperationContext,
    set: Pick<SetOfBalances, "onDelete">,
    members: Iterable<readonly [string, KnownMember]>,
    occasion: Occasion,
): Promise<string[]> {
    const leaving = [...members].filter(
        // What another stack has taken over is that one's to judge.
        ([, { id, takenBy }]) =>
            takenBy === undefined &&
            context.declarations.ownerOf(id) === undefined &&
            !context.declarations.isReleased(id),
    );
    // All are waited for, and the first by order is told: which of them is refused must not hang on which answer comes first.
    const verdicts = await Promise.allSettled(
        leaving.map(([key, { id }]) => checkRelease(leavingMember(context, set, key, id), occasion)),
    );
    for (const verdict of verdicts) if (verdict.status === "rejected") throw verdict.reason;
    return leaving.map(([, { id }]) => id);
}

function leavingMember(
    context: OperationContext,
    set: Pick<SetOfBalances, "onDelete">,
    key: string,
    id: string,
): Leaving {
    return {
        id,
        what: `balance "${key}" (${id})`,
        policy: set.onDelete,
        async usage() {
            const now = await context.refreshReads.of(balances).read(id);
            return now && usageOf(now.record);
        },
    };
}

/** Says which members are no longer managed, and which go on elsewhere. */
export function tellOfLeaving(context: OperationContext, members: Iterable<readonly [string, KnownMember]>): void {
    const leaving: string[] = [];
    for (const [key, { id }] of members) {
        const living = context.declarations.ownerOf(id);
        if (living === undefined) leaving.push(`${key} (${id})`);
        else if (living !== context.urn) context.warn(`${key} (${id}) is now managed as ${labelOf(living)}`);
    }
    if (leaving.length === 0) return;
    const [are, stay] = leaving.length === 1 ? ["balance is", "stays"] : ["balances are", "stay"];
    context.warn(
        `${leaving.length} ${are} no longer managed and ${stay} in Blnk, which cannot delete balances: ${listed(leaving)}`,
    );
}
