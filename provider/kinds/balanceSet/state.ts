import type { BalanceState } from "../balanceInputs";
import { type BalanceSetInputs, balanceOf, type Member, type SetOfBalances } from "./inputs";

/**
 * The state of a set. It may have ten thousand members, and the inputs are stored as well: so for most members it holds only
 * an id.
 */
export type BalanceSetState = SetOfBalances & {
    /** The id of each existing balance, by key. */
    readonly ids: Readonly<Record<string, string>>;
    /** The currency of every member for which `balances` holds no other one. */
    readonly currency: string;
    /** All other values of members, under the same keys as in the inputs: this keeps secrets secret. */
    readonly balances: Readonly<Record<string, Partial<Member>>>;
};

/** A member that exists in Blnk. */
export interface KnownMember extends Member {
    readonly id: string;
}

/** The members in a state, by key. */
export function membersOf({ ids, currency, balances }: BalanceSetState): Map<string, KnownMember> {
    const others = new Map(Object.entries(balances));
    return new Map(Object.entries(ids).map(([key, id]) => [key, { currency, ...others.get(key), id }]));
}

/** The state of a set with these members. */
export function stateWith(
    { mark, onDelete, ledger }: SetOfBalances,
    members: ReadonlyMap<string, KnownMember>,
): BalanceSetState {
    const currency = commonest([...members.values()].map((member) => member.currency));
    const remembered = [...members].flatMap(([key, { id: _id, currency: own, ...rest }]) => {
        const member = own === currency ? rest : { currency: own, ...rest };
        return Object.keys(member).length === 0 ? [] : [[key, member] as const];
    });
    return {
        ...(mark === undefined ? {} : { mark }),
        ...(onDelete === undefined ? {} : { onDelete }),
        ledger,
        ids: Object.fromEntries([...members].map(([key, { id }]) => [key, id])),
        currency,
        balances: Object.fromEntries(remembered),
    };
}

/** The inputs that would change nothing. */
export function inputsOfState(state: BalanceSetState): BalanceSetInputs {
    const { ids: _ids, currency: _currency, balances: _balances, ...set } = state;
    return {
        ...set,
        balances: Object.fromEntries([...membersOf(state)].map(([key, known]) => [key, inputsOfMember(known)])),
    };
}

/** The inputs of a member that would change nothing. */
export function inputsOfMember({ id: _id, drifted: _drifted, ...member }: KnownMember): Member {
    return member;
}

/** A member, from the state of its balance. */
export function knownMember(
    id: string,
    { currency, identity, metadata, takenBy, unsettled, drifted }: BalanceState,
    { adopted, unmarked, replaceExisting }: Member,
): KnownMember {
    return {
        id,
        currency,
        ...(identity === undefined ? {} : { identity }),
        ...(metadata === undefined ? {} : { metadata }),
        ...(adopted === undefined ? {} : { adopted }),
        ...(unmarked === undefined ? {} : { unmarked }),
        ...(replaceExisting === undefined ? {} : { replaceExisting }),
        ...(takenBy === undefined ? {} : { takenBy }),
        ...(unsettled === undefined ? {} : { unsettled }),
        ...(drifted === undefined ? {} : { drifted }),
    };
}

/** The state of a member as a single balance. */
export function rememberedBalance(set: SetOfBalances, key: string, member: KnownMember): BalanceState {
    const { id: _id, ...asked } = member;
    const { takenBy, unsettled, drifted } = member;
    return {
        ...balanceOf(set, key, asked),
        createdAt: "",
        ...(drifted === undefined ? {} : { drifted }),
        ...(takenBy === undefined ? {} : { takenBy }),
        ...(unsettled === undefined ? {} : { unsettled }),
    };
}

function commonest(words: readonly string[]): string {
    const counts = new Map<string, number>();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most), ["", 0])[0];
}
