import { balances as balancesTable } from "../../blnk/balances";
import { type Adopter, markingProblems, type Preflight, takenAway } from "../../creation/adoption";
import { MARK_KEY } from "../../marks/mark";
import { mergedKeys } from "../../metadata/metadata";
import { sameJson } from "../../wire/json";
import { balance, isRelinked } from "../balance";
import type { Asking, OperationContext } from "../context";
import { preflightOwned } from "../ownedMetadata";
import { type BalanceSetInputs, balanceOf, type Member, markOfMember } from "./inputs";
import { type BalanceSetState, inputsOfMember, type KnownMember, membersOf, rememberedBalance } from "./state";

/** The result of reading one member that is to be adopted. */
interface MemberPreflight {
    readonly key: string;
    readonly member: Member;
    readonly problems: readonly string[];
    readonly says: string | undefined;
}

/** The members that adopt a thing and did not adopt it under the same key before. */
export function newlyAdopted(
    { balances = {} }: Partial<BalanceSetInputs>,
    old: Partial<BalanceSetInputs> | undefined,
): [key: string, member: Member][] {
    const before = new Map(Object.entries(old?.balances ?? {}));
    return Object.entries(balances).filter(
        ([key, { adopted }]) => adopted !== undefined && before.get(key)?.adopted !== adopted,
    );
}

/** Reads the members that are newly adopted; undefined if there are none. */
export async function adoptMembers(
    context: OperationContext,
    inputs: Partial<BalanceSetInputs>,
    { by, old, mark }: Asking<BalanceSetInputs>,
): Promise<Preflight<BalanceSetInputs> | undefined> {
    const { balances = {} } = inputs;
    const set = { ...inputs, ...(mark === undefined ? {} : { mark }) };
    const fresh = newlyAdopted(inputs, old);
    if (fresh.length === 0) return undefined;
    const seen = await Promise.all(fresh.map(([key, member]) => preflightMember(context, set, key, member, by)));
    return {
        inputs: { ...inputs, balances: { ...balances, ...Object.fromEntries(seen.map((it) => [it.key, it.member])) } },
        problems: seen.flatMap(({ key, problems }) => problems.map((problem) => `balances["${key}"]: ${problem}`)),
        says: () => seen.map(({ key, says }) => `${key}: ${says}`).join("\n"),
    };
}

async function preflightMember(
    context: OperationContext,
    set: Partial<BalanceSetInputs>,
    key: string,
    { adoptFrom, ...member }: Member,
    by: Adopter,
): Promise<MemberPreflight> {
    const { adopted: id = "" } = member;
    const adoption = { id, by, ...(adoptFrom === undefined ? {} : { from: adoptFrom }) };
    // The ledger is compared, unless it is yet to be created.
    const { ledger: _ledger, ...wanted } = balanceOf({ ledger: "" }, key, member);
    const declared = { ...wanted, ...(set.ledger === undefined ? {} : { ledger: set.ledger }) };
    const preflight = await balance.preflightCreate?.(context, declared, adoption, { by });
    const { held, mark, problems = [], says } = preflight ?? {};
    if (mark !== undefined) context.seenMarks.set(id, mark);
    const { currency = member.currency, identity } = preflight?.inputs ?? {};
    const claim = markOfMember(set.mark, key, { currency }) ?? "";
    const claimed = mergedKeys(member.metadata ?? {}, { [MARK_KEY]: claim });
    return {
        key,
        member: {
            ...member,
            currency,
            ...(identity === undefined ? {} : { identity }),
        },
        problems: [...problems, ...(member.unmarked ? [] : markingProblems(id, held ?? {}, claimed))],
        says: says?.(!member.unmarked),
    };
}

/** Why a member cannot adopt the balance that it names, if the state tells. */
export function adoptionConflict(
    before: ReadonlyMap<string, KnownMember>,
    { balances }: BalanceSetInputs,
): string | undefined {
    const wanted = new Map(Object.entries(balances));
    const keyOf = new Map([...before].map(([key, { id }]) => [id, key]));
    for (const [key, { adopted }] of wanted) {
        if (adopted === undefined) continue;
        const there = before.get(key)?.id;
        if (there !== undefined && there !== adopted) {
            return `balances["${key}"] is already ${there} and cannot adopt ${adopted}: adopt that under another key.`;
        }
        const holder = keyOf.get(adopted);
        if (holder !== undefined && holder !== key && wanted.has(holder)) {
            return `balances["${key}"] cannot adopt ${adopted}, which is already balances["${holder}"]: keep one of them.`;
        }
    }
    return undefined;
}

/** Why a set cannot be updated because another stack has taken over a member, as a refresh found. */
function takenMember(
    before: ReadonlyMap<string, KnownMember>,
    { mark, balances = {} }: Partial<BalanceSetInputs>,
): string | undefined {
    const wanted = new Map(Object.entries(balances));
    for (const [key, { id, takenBy }] of before) {
        const member = wanted.get(key);
        if (takenBy === undefined || member === undefined) continue;
        if (takenBy !== markOfMember(mark, key, member)) return `balances["${key}"]: ${takenAway(id, takenBy)}`;
    }
    return undefined;
}

/** Reads the members that an update would write to, in batches, before any write. */
export async function preflightMembers(
    context: OperationContext,
    _id: string,
    state: BalanceSetState,
    inputs: Partial<BalanceSetInputs>,
): Promise<void> {
    const members = membersOf(state);
    const taken = takenMember(members, inputs);
    if (taken !== undefined) throw new Error(taken);
    const { ledger = state.ledger, mark, balances = {} } = inputs;
    const set = { ledger, ...(mark === undefined ? {} : { mark }) };
    const wanted = new Map(Object.entries(balances));
    await Promise.all(
        [...members].map(async ([key, there]) => {
            const member = wanted.get(key);
            if (member === undefined || member.currency !== there.currency) return;
            // Most of thousands stay the same, and computing each mark takes time.
            if (state.mark === mark && sameJson(inputsOfMember(there), member)) return;
            const before = rememberedBalance(state, key, there);
            try {
                const now = balanceOf(set, key, member);
                await preflightOwned(context, balancesTable, there.id, before, now, isRelinked(before, now));
            } catch (error) {
                throw new Error(`balances["${key}"]: ${error instanceof Error ? error.message : error}`, {
                    cause: error,
                });
            }
        }),
    );
}
