import * as v from "valibot";
import { metadataRecord } from "../../blnk/json";
import type { Metadata } from "../../blnk/metadata";
import { differs } from "../../creation/adoption";
import { memberMark } from "../../marks/mark";
import { metadataProblems, normaliseMetadata } from "../../metadata/metadata";
import { sameJson } from "../../wire/json";
import { didYouMean } from "../../wire/nearest";
import { type BalanceInputs, balanceProblems } from "../balanceInputs";
import { nameCharacters } from "../characters";
import type { Asked, Checked, InputsOf } from "../lifecycle";
import { ON_DELETE } from "../onDelete";

/** The inputs of one balance of a set. */
export interface Member {
    readonly currency: string;
    readonly identity?: string;
    readonly metadata?: Metadata;
    /** The id of the balance, if it was adopted. */
    readonly adopted?: string;
    /** The mark of another stack from which it is adopted. Used once, and not kept in the state. */
    readonly adoptFrom?: string;
    /** It was adopted without a claim, and stays without a mark. */
    readonly unmarked?: true;
    /** Whether the declared metadata keys may replace values of other writers. */
    readonly replaceExisting?: boolean;
    /** A refresh found it without its mark. No program declares this, so the next update writes the mark again. */
    readonly lostMark?: true;
    /** As in `MarkedState`. No program declares these either. */
    readonly takenBy?: string;
    readonly unsettled?: readonly number[];
    readonly drifted?: readonly number[];
}

/** The shape of each input of a set. */
export const setInputs = {
    /** The marks of all members derive from it. No thing in Blnk carries it itself. */
    mark: v.string(),
    onDelete: v.picklist(ON_DELETE),
    ledger: v.string(),
    /** The balances, by key. `check` looks at each of them. */
    balances: v.record(v.string(), v.unknown()) as v.GenericSchema<unknown, Readonly<Record<string, Member>>>,
};

/** The inputs of a set of balances. */
export type BalanceSetInputs = InputsOf<typeof setInputs, "ledger" | "balances">;

/** What all members of a set have in common. */
export type SetOfBalances = Omit<BalanceSetInputs, "balances">;

/** A member as a single balance, with its mark. */
export function balanceOf(set: SetOfBalances, key: string, member: Member): BalanceInputs {
    const { mark, onDelete, ledger } = set;
    const { adoptFrom: _from, unmarked, lostMark, takenBy: _by, unsettled: _open, drifted: _drift, ...asked } = member;
    const own = unmarked || lostMark ? undefined : markOfMember(mark, key, member);
    return {
        ledger,
        ...asked,
        ...(onDelete === undefined ? {} : { onDelete }),
        ...(own === undefined ? {} : { mark: own }),
    };
}

/** The mark of a member, derived from the set's mark. */
export function markOfMember(mark: string | undefined, key: string, { currency }: Member): string | undefined {
    return mark === undefined ? undefined : memberMark(mark, key, { currency });
}

/** What a program may declare of a member. */
const memberShape = v.strictObject({
    currency: v.optional(v.string()),
    identity: v.optional(v.string()),
    metadata: v.optional(metadataRecord),
    replaceExisting: v.optional(v.boolean()),
    adopt: v.optional(v.string()),
    adoptFrom: v.optional(v.string()),
    claim: v.optional(v.boolean()),
});
const FLAGS: readonly string[] = ["replaceExisting", "claim"];
type MemberArguments = v.InferOutput<typeof memberShape>;

/** The key is part of the mark, which takes room in the balance's metadata. */
const MOST_KEY_BYTES = 200;

/** At most this many problems of members are shown at once. */
const MOST_PROBLEMS = 10;

/** The normalised members, and the problems with them. */
export function checkMembers({ inputs, unknown, old, held = old }: Asked<BalanceSetInputs>): Checked<BalanceSetInputs> {
    const { ledger, balances } = inputs;
    // In the General Ledger a set can only adopt balances.
    const isAdopting = Object.values<unknown>(balances ?? {}).every(
        (given) => given === null || (typeof given === "object" && ("adopt" in given || "adopted" in given)),
    );
    const problems = balanceProblems({ inputs: ledger === undefined ? {} : { ledger }, unknown, isAdopting });
    if (balances === undefined) return { inputs, problems };
    const members: [string, Member][] = [];
    const found: string[] = [];
    // In another ledger all members are new.
    const before = new Map(Object.entries((old?.ledger === ledger ? old?.balances : undefined) ?? {}));
    const there = new Map(Object.entries(held?.balances ?? {}));
    const adopters = new Map<string, string>();
    for (const [key, given] of Object.entries<unknown>(balances)) {
        if (given === null) continue;
        const { member, wrong } = checkMember(key, given, before.get(key), there.get(key));
        members.push([key, member]);
        const { adopted } = member;
        const other = adopted === undefined ? undefined : adopters.get(adopted);
        if (adopted !== undefined) adopters.set(adopted, key);
        if (other !== undefined) wrong.push(`balances["${other}"] adopts ${adopted} as well: keep one of them`);
        found.push(...wrong.map((problem) => `balances["${key}"]: ${problem}`));
    }
    problems.push(...found.slice(0, MOST_PROBLEMS));
    if (found.length > MOST_PROBLEMS)
        problems.push(`balances: ${found.length - MOST_PROBLEMS} more problems like these`);
    return { inputs: { ...inputs, balances: Object.fromEntries(members) }, problems };
}

function checkMember(
    key: string,
    given: unknown,
    before: Member | undefined,
    held: Member | undefined,
): { member: Member; wrong: string[] } {
    const wrong = keyProblems(key, held !== undefined);
    const parsed = parseMember(withoutKept(given, before));
    if ("wrong" in parsed) return { member: { currency: "" }, wrong: [...wrong, parsed.wrong] };
    const { adopt, adoptFrom, claim, ...asked } = parsed;
    const isOther = before !== undefined && asked.currency !== undefined && asked.currency !== before.currency;
    // Another currency means another balance, which adopts nothing unless `adopt` says so.
    const adopted = adopt ?? (isOther ? undefined : before?.adopted);
    const isKnown = adopted !== undefined && adopted === before?.adopted;
    if (isKnown && isOther) {
        wrong.push(...differs(adopted, "currency", asked.currency, before.currency));
    }
    const partial: Partial<Member> = normaliseMetadata({
        // An adopted balance keeps what the program omits.
        ...(isKnown ? asIs(before) : {}),
        ...asked,
        ...(adopted === undefined ? {} : { adopted }),
        ...(adoptFrom === undefined || isKnown ? {} : { adoptFrom }),
        ...(adopted !== undefined && claim === false && (!isKnown || before?.unmarked) ? { unmarked: true } : {}),
    } as Partial<Member>);
    if (isKnown && adopt === undefined && claim !== false) wrong.push(...undeclaredProblems(adopted, asked, before));
    if (claim === false && adopted === undefined) wrong.push("claim: false needs adopt, which is missing");
    if (claim === false && adoptFrom !== undefined) {
        wrong.push("adoptFrom rewrites the mark of another stack, but claim: false forbids that: remove one of them");
    }
    if (partial.currency === undefined && adopted === undefined) wrong.push("currency is missing");
    if (adoptFrom !== undefined && adopted === undefined) wrong.push("adoptFrom needs adopt, which is missing");
    wrong.push(...metadataProblems(partial.metadata));
    const { currency, identity } = partial;
    const declared = {
        ...(currency === undefined ? {} : { currency }),
        ...(identity === undefined ? {} : { identity }),
    };
    wrong.push(
        ...balanceProblems({
            inputs: declared,
            unknown: new Set(),
            isAdopting: adopted !== undefined && !isKnown,
            ...(before && !isOther ? { old: before } : {}),
            ...(held === undefined ? {} : { held }),
        }),
    );
    // The currency of an adopted balance is filled in after it was read.
    return { member: partial as Member, wrong };
}

/** With ignoreChanges, Pulumi passes the old state as input. It holds more than a program may declare. */
function withoutKept(given: unknown, before: Member | undefined): unknown {
    if (before === undefined || typeof given !== "object" || given === null) return given;
    const kept: readonly (keyof Member)[] = ["adopted", "unmarked", "lostMark", "takenBy", "unsettled", "drifted"];
    const isKept = (name: string, value: unknown) => kept.some((it) => it === name && sameJson(before[it], value));
    return Object.fromEntries(Object.entries(given).filter(([name, value]) => !isKept(name, value)));
}

function asIs({ currency, identity }: Member): Partial<Member> {
    return { currency, ...(identity === undefined ? {} : { identity }) };
}

/** Without `adopt` the mark finds a balance again, so all values that it covers must be declared. */
function undeclaredProblems(id: string, { currency, identity }: MemberArguments, before: Member): string[] {
    const undeclared = [
        ...(currency === undefined ? ["currency"] : []),
        ...(identity === undefined && before.identity !== undefined ? ["identity"] : []),
    ];
    if (undeclared.length === 0) return [];
    return [
        `adopt cannot be removed yet: without it, ${undeclared.join(" and ")} of ${id} must be declared as in Blnk. ` +
            `Declare ${undeclared.length === 1 ? "it" : "them"}, or keep adopt`,
    ];
}

function parseMember(given: unknown): MemberArguments | { readonly wrong: string } {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
        return { wrong: 'it must be an object such as { currency: "USD" }' };
    }
    const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
    const result = v.safeParse(memberShape, present);
    if (result.success) return result.output;
    const [issue] = result.issues;
    const name = String(issue.path?.[0]?.key ?? "");
    const known = Object.keys(memberShape.entries);
    if (!known.includes(name)) {
        return {
            wrong: `unknown argument "${name}"${didYouMean(name, known) || `; known arguments: ${known.join(", ")}`}`,
        };
    }
    // The message does not quote the value: it may be a secret.
    const shape = name === "metadata" ? "an object" : FLAGS.includes(name) ? "a boolean" : "a string";
    return { wrong: `${name} must be ${shape}` };
}

function keyProblems(key: string, isThere: boolean): string[] {
    if (key.trim() === "") return ["its key must not be empty"];
    if (Buffer.byteLength(key) > MOST_KEY_BYTES) {
        return [
            `its key is longer than ${MOST_KEY_BYTES} bytes, and the mark in the balance contains it: choose a shorter key`,
        ];
    }
    if (key.includes("\u0000")) return ["its key contains a NUL character, which Blnk cannot store"];
    // JavaScript would lose this key.
    if (key === "__proto__") return ['the key "__proto__" is not allowed: choose another'];
    return isThere ? [] : nameCharacters(key, "its key");
}

/** At most this many keys are listed. */
const MOST_KEYS = 10;

/** A summary of a change by key. Pulumi's plain display only says that the members differ. */
export function describeChange(
    { balances: now = {} }: Partial<BalanceSetInputs>,
    { balances: before = {} }: Partial<BalanceSetInputs>,
): string | undefined {
    const [wanted, there] = [new Map(Object.entries(now)), new Map(Object.entries(before))];
    const kept = [...wanted].flatMap(([key, member]) => {
        const old = there.get(key);
        return old === undefined ? [] : [{ key, old, member }];
    });
    const isOther = ({ old, member }: (typeof kept)[number]) => old.currency !== member.currency;
    const keysOf = (some: typeof kept) => some.map(({ key }) => key);
    const beforeClaim = ({ old: { unmarked, ...old }, member }: (typeof kept)[number]) =>
        member.unmarked ? { ...old, unmarked } : old;
    const isClaimed = ({ old, member }: (typeof kept)[number]) => old.unmarked === true && !member.unmarked;
    const parts: [string, string[]][] = [
        ["adds", [...wanted.keys()].filter((key) => !there.has(key))],
        ["changes", keysOf(kept.filter((it) => !isOther(it) && !sameJson(beforeClaim(it), it.member)))],
        ["claims", keysOf(kept.filter(isClaimed))],
        ["replaces", keysOf(kept.filter(isOther))],
        ["stops managing", [...there.keys()].filter((key) => !wanted.has(key))],
    ];
    const said = parts.filter(([, keys]) => keys.length > 0).map(([what, keys]) => `${what} ${listed(keys)}`);
    return said.length === 0 ? undefined : said.join("; ");
}

/** The first keys, and how many more there are. */
export function listed(keys: readonly string[]): string {
    const more = keys.length - MOST_KEYS;
    return keys.slice(0, MOST_KEYS).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
