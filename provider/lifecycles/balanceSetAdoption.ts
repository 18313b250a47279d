import type { Adopter, Foreseen } from "./adoption";
import { balance } from "./balance";
import { type BalanceSetInputs, balanceOf, type Member } from "./balanceSetInputs";
import type { KnownMember } from "./balanceSetState";
import type { Run } from "./lifecycle";

/** What is seen of one member that is to be adopted. */
interface Seen {
    readonly key: string;
    readonly member: Member;
    readonly problems: readonly string[];
    readonly says: string | undefined;
}

/** The members that adopt something and did not before, under the same key. */
export function newlyAdopted(
    { balances = {} }: Partial<BalanceSetInputs>,
    old: Partial<BalanceSetInputs> | undefined,
): [key: string, member: Member][] {
    const before = new Map(Object.entries(old?.balances ?? {}));
    return Object.entries(balances).filter(
        ([key, { adopted }]) => adopted !== undefined && before.get(key)?.adopted !== adopted,
    );
}

/** Looks at the members that are to be adopted and were not before; undefined where there are none. */
export async function adoptMembers(
    run: Run,
    inputs: Partial<BalanceSetInputs>,
    by: Adopter,
    old: Partial<BalanceSetInputs> | undefined,
): Promise<Foreseen<BalanceSetInputs> | undefined> {
    const { balances = {} } = inputs;
    const fresh = newlyAdopted(inputs, old);
    if (fresh.length === 0) return undefined;
    const seen = await Promise.all(fresh.map(([key, member]) => look(run, inputs, key, member, by)));
    return {
        inputs: { ...inputs, balances: { ...balances, ...Object.fromEntries(seen.map((it) => [it.key, it.member])) } },
        problems: seen.flatMap(({ key, problems }) => problems.map((problem) => `balances["${key}"]: ${problem}`)),
        says: () => seen.map(({ key, says }) => `${key}: ${says}`).join("\n"),
    };
}

async function look(
    run: Run,
    set: Partial<BalanceSetInputs>,
    key: string,
    { adoptFrom, ...member }: Member,
    by: Adopter,
): Promise<Seen> {
    const { adopted: id = "" } = member;
    const adoption = { id, by, ...(adoptFrom === undefined ? {} : { from: adoptFrom }) };
    // Its ledger is compared, unless it is one that is yet to be made.
    const { ledger: _ledger, ...wanted } = balanceOf({ instance: "", ledger: "" }, key, member);
    const declared = { ...wanted, ...(set.ledger === undefined ? {} : { ledger: set.ledger }) };
    const foreseen = await balance.foresee?.(run, declared, adoption, { by });
    const { mark, problems = [], says } = foreseen ?? {};
    const { currency = member.currency, identity } = foreseen?.inputs ?? {};
    return {
        key,
        member: {
            ...member,
            currency,
            ...(identity === undefined ? {} : { identity }),
            ...(mark === null ? { unmarked: true } : {}),
        },
        problems,
        says: says?.(mark !== null),
    };
}

/** Why a member cannot be the balance that it adopts, where what is there tells. */
export function misadoption(
    before: ReadonlyMap<string, KnownMember>,
    { balances }: BalanceSetInputs,
): string | undefined {
    const wanted = new Map(Object.entries(balances));
    const keyOf = new Map([...before].map(([key, { id }]) => [id, key]));
    for (const [key, { adopted }] of wanted) {
        if (adopted === undefined) continue;
        const there = before.get(key)?.id;
        if (there !== undefined && there !== adopted) {
            return `balances["${key}"] is ${there} already, and cannot adopt ${adopted}: give that another key.`;
        }
        const holder = keyOf.get(adopted);
        if (holder !== undefined && holder !== key && wanted.has(holder)) {
            return `balances["${key}"] cannot adopt ${adopted}, which is balances["${holder}"] already: keep one of them.`;
        }
    }
    return undefined;
}
