import { parseMark } from "../../marks/mark";
import { sameJson } from "../../wire/json";
import { balance } from "../balance";
import type { BalanceState } from "../balanceInputs";
import type { OperationContext } from "../context";
import type { Lifecycle } from "../lifecycle";
import { claimsOf, displayName } from "../marked";
import { PartialFailure } from "../partialFailure";
import { adoptionConflict, adoptMembers, newlyAdopted, preflightMembers } from "./adoption";
import { type BalanceSetInputs, balanceOf, checkMembers, describeChange, type Member, setInputs } from "./inputs";
import {
    checkChangedMembers,
    checkRemovedMembers,
    lookForMembers,
    type MemberFailure,
    MemberMessages,
    membersToRelease,
    reportReleased,
    workOnMembers,
} from "./members";
import {
    type BalanceSetState,
    inputsOfMember,
    inputsOfState,
    type KnownMember,
    knownMember,
    membersOf,
    rememberedBalance,
    stateWith,
} from "./state";

type Members = Map<string, KnownMember>;

/** Many balances of one ledger as one resource. Each is created, read, updated and released like a single balance. */
export const balanceSet: Lifecycle<BalanceSetInputs, BalanceSetState> = {
    noun: "balance set",
    inputs: setInputs,
    required: ["ledger", "balances"],
    preservedOnAdopt: [],
    replaceOn: ["ledger"],
    identify: ({ ledger }) => ({ ledger }),
    inputsOf: inputsOfState,
    claims(_id, inputs, state) {
        const wanted = new Map(Object.entries(inputs.balances));
        return [...membersOf(state)].flatMap(([key, { id, currency }]) => {
            const member = wanted.get(key);
            // Another currency means another balance.
            if (member?.currency !== currency) return [];
            return claimsOf(id, balanceOf(inputs, key, member));
        });
    },
    describe: ({ mark }, id) => `balance set ${displayName(mark, id)}`,
    check: checkMembers,
    objection: (_context, _id, inputs, state) => adoptionConflict(membersOf(state), inputs),
    preflightUpdate: preflightMembers,
    async checkRelease(context, _id, state, inputs, replaces) {
        await checkChangedMembers(
            context,
            inputs,
            replaces.length > 0 ? membersOf(state) : membersToRelease(state, inputs),
        );
    },
    preflightCreate: (context, inputs, _adoption, asking) => adoptMembers(context, inputs, asking),

    async create(context, inputs) {
        if (context.replacing !== undefined) {
            const leaving = membersOf(context.replacing.state as BalanceSetState);
            await checkChangedMembers(context, inputs, leaving);
        }
        const members = await applyMembers(context, inputs, new Map());
        return { id: idOfSet(inputs), state: stateWith(inputs, members) };
    },

    read: (context, _id, state) => refreshMembers(context, state),

    async update(context, _id, state, inputs) {
        const before = membersOf(state);
        const leaving = membersToRelease(state, inputs);
        await checkChangedMembers(context, inputs, leaving);
        const members = await applyMembers(context, inputs, before, state);
        reportReleased(context, leaving);
        return stateWith(inputs, members);
    },

    async delete(context, _id, state) {
        const members = membersOf(state);
        await checkRemovedMembers(context, state, members);
        reportReleased(context, members);
    },

    members: {
        input: "balances",
        remembered: ["unmarked", "lostMark", "takenBy", "unsettled", "drifted"],
        keys: ({ balances }) =>
            // Not an object while it is not known yet.
            typeof balances !== "object"
                ? []
                : Object.entries<Member | null>(balances).flatMap(([key, member]) => (member?.unmarked ? [] : [key])),
        adoptedIds: ({ balances }) => Object.values(balances ?? {}).flatMap(({ adopted }) => adopted ?? []),
        adoptsMore: (inputs, old) => newlyAdopted(inputs, old).length > 0,
        staying(state, { balances }) {
            const wanted = new Map(Object.entries(balances));
            // Another currency means another balance.
            const stays = ([key, { currency }]: [string, KnownMember]) => wanted.get(key)?.currency === currency;
            return new Map([...membersOf(state)].filter(stays).map(([key, { id }]) => [key, id]));
        },
        countMade: ({ ids, balances }) =>
            Object.keys(ids).length - Object.values(balances).filter(({ adopted }) => adopted !== undefined).length,
        describeChange,
    },
};

/**
 * Creates and updates members until they match the inputs. If one fails, the state records how far it got: the members that
 * are done, and the others as they were.
 */
async function applyMembers(
    context: OperationContext,
    inputs: BalanceSetInputs,
    before: ReadonlyMap<string, KnownMember>,
    state?: BalanceSetState,
): Promise<Members> {
    const wanted = new Map(Object.entries(inputs.balances));
    const members: Members = new Map();
    for (const [key, there] of before) {
        const isSame = state?.mark === inputs.mark && sameJson(inputsOfMember(there), wanted.get(key));
        if (isSame) members.set(key, there);
    }
    const isThere = (key: string, { currency }: Member) => before.get(key)?.currency === currency;
    const unsettled = [...wanted].filter(([key]) => !members.has(key));
    const isNew = ([key, member]: [string, Member]) => !isThere(key, member);
    lookForMembers(context, inputs, unsettled.filter(isNew));
    const failure = await workOnMembers(context, unsettled, async (memberContext, key, member) => {
        const old = before.get(key);
        const declared = balanceOf(inputs, key, member);
        if (old === undefined || state === undefined || !isThere(key, member)) {
            const made = await balance.create(memberContext, declared);
            members.set(key, knownMember(made.id, made.state, member));
            return;
        }
        try {
            const now = await balance.update(memberContext, old.id, rememberedBalance(state, key, old), declared);
            members.set(key, knownMember(old.id, now, member));
        } catch (error) {
            if (error instanceof PartialFailure)
                members.set(key, knownMember(old.id, error.state as BalanceState, old));
            throw error;
        }
    });
    if (failure === undefined) return members;
    throw failureOf(context, inputs, { state, before, members, failure, all: unsettled.length });
}

/** The error of a set that failed after some members were done, with the state to record. */
function failureOf(
    context: OperationContext,
    inputs: BalanceSetInputs,
    { state, before, members, failure: { key, error, done }, all }: Unfinished,
): Error {
    const reason = error instanceof Error ? error.message : String(error);
    const rest = `Done: ${done} of ${all} balances. Run "pulumi up" again to continue with the rest.`;
    const failed = new Error(`balance "${key}": ${reason}${done === 0 ? "" : ` ${rest}`}`, { cause: error });
    const isChanged = [...members].some(([name, member]) => before.get(name) !== member);
    if (!isChanged) return failed;
    if (state !== undefined) {
        // Members' marks derive from the set's mark. While that changes, each member may carry its old or its new mark.
        const isMarkedAnew = state.mark !== inputs.mark;
        const open = (member: KnownMember): KnownMember => ({ unsettled: [], ...member });
        const changed = [...members].map(([name, it]): [string, KnownMember] => [name, isMarkedAnew ? open(it) : it]);
        return new PartialFailure(undefined, stateWith(state, new Map([...before, ...changed])), failed);
    }
    // Members that were taken back may belong to the set that this one replaces. The next run finds them by their marks.
    const isAllMade = [...members.values()].every(({ id }) => context.declarations.isMade(id));
    if (context.replacing !== undefined || !isAllMade) return failed;
    return new PartialFailure(idOfSet(inputs), stateWith(inputs, members), failed);
}

interface Unfinished {
    readonly state: BalanceSetState | undefined;
    readonly before: ReadonlyMap<string, KnownMember>;
    readonly members: Members;
    readonly failure: MemberFailure;
    /** How many members were to be created or updated. */
    readonly all: number;
}

function idOfSet({ ledger, mark }: BalanceSetInputs): string {
    return `${ledger}/${parseMark(mark)?.name}`;
}

/** Reads the set again. A member that is gone is left out, so that the next preview shows its creation. */
async function refreshMembers(context: OperationContext, state: BalanceSetState): Promise<BalanceSetState> {
    const members = membersOf(state);
    const found: Members = new Map();
    const messages = new MemberMessages();
    await Promise.all(
        [...members].map(async ([key, member]) => {
            const remembered = rememberedBalance(state, key, member);
            const memberContext = messages.of(context, key);
            const now = await context.gone.around(() => balance.read(memberContext, member.id, remembered));
            if (now === undefined) {
                memberContext.warn(
                    `${member.id} is gone from Blnk and was dropped from the state. "pulumi up" creates a new one.`,
                );
                return;
            }
            const hasLostMark = !member.unmarked && now.mark === undefined;
            found.set(key, { ...knownMember(member.id, now, member), ...(hasLostMark ? { lostMark: true } : {}) });
        }),
    );
    messages.show(context);
    return stateWith(state, found);
}
