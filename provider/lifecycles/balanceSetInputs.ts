import * as v from "valibot";
import type { Metadata } from "../blnk/metadata";
import { type BalanceInputs, balanceProblems } from "./balanceInputs";
import type { OnDelete } from "./letGo";
import type { Asked, Checked } from "./lifecycle";
import { memberMark } from "./mark";
import { metadataProblems, normaliseMetadata } from "./metadata";

/** One balance of a set, as it is asked for. */
export interface Member {
    readonly currency: string;
    readonly identity?: string;
    readonly metadata?: Metadata;
    /** The id of the balance, where it was adopted. */
    readonly adopted?: string;
    /** The mark of another stack that it is adopted from; said once, and not kept. */
    readonly adoptFrom?: string;
    /** It was adopted without a mark, and is left without. */
    readonly unmarked?: true;
    /** A refresh found it without its mark. No program asks for that, so that the next update puts it back. */
    readonly lostMark?: true;
}

/** What is the same for all members of a set. */
export interface SetOfBalances {
    readonly instance: string;
    /** What the marks of all members are made from. No thing in Blnk carries it itself. */
    readonly mark?: string;
    readonly under?: string;
    readonly onDelete?: OnDelete;
    readonly ledger: string;
}

/** What a program asks of a set of balances. */
export interface BalanceSetInputs extends SetOfBalances {
    /** The balances, by key. */
    readonly balances: Readonly<Record<string, Member>>;
}

/** A member as a balance of its own, with the mark that it carries. */
export function balanceOf(set: SetOfBalances, key: string, member: Member): BalanceInputs {
    const { instance, mark, onDelete, ledger } = set;
    const { adoptFrom: _adoptFrom, unmarked, lostMark, ...asked } = member;
    const own = unmarked || lostMark ? undefined : markOfMember(mark, key, member);
    return {
        instance,
        ledger,
        ...asked,
        ...(onDelete === undefined ? {} : { onDelete }),
        ...(own === undefined ? {} : { mark: own }),
    };
}

/** The mark that a member is to carry, from the set's own. */
export function markOfMember(mark: string | undefined, key: string, { currency }: Member): string | undefined {
    return mark === undefined ? undefined : memberMark(mark, key, { currency });
}

/** What a program may say of a member. */
const memberShape = v.strictObject({
    currency: v.optional(v.string()),
    identity: v.optional(v.string()),
    metadata: v.optional(v.record(v.string(), v.unknown())),
    adopt: v.optional(v.string()),
    adoptFrom: v.optional(v.string()),
});
type MemberArguments = v.InferOutput<typeof memberShape>;

/** So many sentences about members are shown at once. */
const MOST_PROBLEMS = 10;

/** The members as they are asked for, normalised, and what is wrong with them. */
export function checkMembers({ inputs, unknown, old }: Asked<BalanceSetInputs>): Checked<BalanceSetInputs> {
    const { ledger, balances } = inputs;
    const problems = balanceProblems({ inputs: ledger === undefined ? {} : { ledger }, unknown });
    if (balances === undefined) return { inputs, problems };
    const members: [string, Member][] = [];
    const found: string[] = [];
    // In another ledger all of them are new.
    const before = old?.ledger === ledger ? old?.balances : undefined;
    for (const [key, given] of Object.entries<unknown>(balances)) {
        if (given === null) continue;
        const { member, wrong } = checkMember(key, given, before?.[key]);
        members.push([key, member]);
        found.push(...wrong.map((problem) => `balances["${key}"]: ${problem}`));
    }
    problems.push(...found.slice(0, MOST_PROBLEMS));
    if (found.length > MOST_PROBLEMS) problems.push(`balances: ${found.length - MOST_PROBLEMS} more like these`);
    return { inputs: { ...inputs, balances: Object.fromEntries(members) }, problems };
}

function checkMember(key: string, given: unknown, before: Member | undefined): { member: Member; wrong: string[] } {
    const wrong = keyProblems(key);
    const parsed = parseMember(given);
    if ("wrong" in parsed) return { member: { currency: "" }, wrong: [...wrong, parsed.wrong] };
    const { adopt, adoptFrom, ...asked } = parsed;
    const adopted = adopt ?? before?.adopted;
    const isKnown = adopted !== undefined && adopted === before?.adopted;
    const partial: Partial<Member> = normaliseMetadata({
        // What an adopted balance is not told stays as it was.
        ...(isKnown ? asIs(before) : {}),
        ...asked,
        ...(adopted === undefined ? {} : { adopted }),
        ...(adoptFrom === undefined || isKnown ? {} : { adoptFrom }),
    } as Partial<Member>);
    if (partial.currency === undefined && adopted === undefined) wrong.push("currency is missing");
    if (adoptFrom !== undefined && adopted === undefined) wrong.push("adoptFrom goes with adopt, which is missing");
    wrong.push(...metadataProblems(partial.metadata));
    const { currency, identity } = partial;
    const declared = {
        ...(currency === undefined ? {} : { currency }),
        ...(identity === undefined ? {} : { identity }),
    };
    wrong.push(...balanceProblems({ inputs: declared, unknown: new Set(), ...(before ? { old: before } : {}) }));
    // The currency of what is adopted is filled in when it has been looked at.
    return { member: partial as Member, wrong };
}

function asIs({ currency, identity, unmarked }: Member): Partial<Member> {
    return {
        currency,
        ...(identity === undefined ? {} : { identity }),
        ...(unmarked === undefined ? {} : { unmarked }),
    };
}

function parseMember(given: unknown): MemberArguments | { readonly wrong: string } {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
        return { wrong: 'it must be an object such as { currency: "USD" }' };
    }
    const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
    const result = v.safeParse(memberShape, present);
    if (result.success) return result.output;
    const [issue] = result.issues;
    const [name = ""] = (v.getDotPath(issue) ?? "").split(".");
    const known = Object.keys(memberShape.entries);
    if (!known.includes(name)) return { wrong: `a balance has no ${name}; it has ${known.join(", ")}` };
    // What was received is not told: it may be a secret.
    return { wrong: `${name} must be ${name === "metadata" ? "an object" : "a string"}` };
}

function keyProblems(key: string): string[] {
    if (key.trim() === "") return ["its key must not be empty"];
    if (key.includes("\u0000")) return ["its key holds a NUL character, which Blnk cannot store"];
    // JavaScript would lose it on the way.
    return key === "__proto__" ? ["this key cannot be: choose another"] : [];
}
