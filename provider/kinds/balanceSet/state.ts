import type { BalanceState } from "../balanceInputs";
import { type BalanceSetInputs, balanceOf, type Member, type SetOfBalances } from "./inputs";

/**
 * What a stack remembers of a set. There may be ten thousand members, and the inputs are stored beside it: most members are
 * no more than an id.
 */
export type BalanceSetState = SetOfBalances & {
    /** The id of each balance that is there, by key. */
    readonly ids: Readonly<Record<string, string>>;
    /** The currency of every member of which `balances` says no other. */
    readonly currency: string;
    /** What else there is to remember of members, under the same keys as in the inputs: that is how secrets stay secret. */
    readonly balances: Readonly<Record<string, Partial<Member>>>;
};

/** A member that is there. */
export interface KnownMember extends Member {
    readonly id: string;
}

/** The members that a state remembers, by key. */
export function membersOf({ ids, currency, balances }: BalanceSetState): Map<string, KnownMember> {
    const others = new Map(Object.entries(balances));
    return new Map(Object.entries(ids).map(([key, id]) => [key, { currency, ...others.get(key), id }]));
}

/** The state of a set that has these members. */
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

/** What a program would ask for to change nothing. */
export function askedBy(state: BalanceSetState): BalanceSetInputs {
    const { ids: _ids, currency: _currency, balances: _balances, ...set } = state;
    return { ...set, balances: Object.fromEntries([...membersOf(state)].map(([key, known]) => [key, asked(known)])) };
}

/** A member as it is asked for. */
export function asked({ id: _id, drifted: _drifted, ...member }: KnownMember): Member {
    return member;
}

/** A member as the balance has come to be. */
export function known(
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

/** A member as a balance of its own, as the stack remembers it. */
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
