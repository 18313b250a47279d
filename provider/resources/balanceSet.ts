import * as pulumi from "@pulumi/pulumi";
import { argumentProblems, argumentsIn, type Known } from "../program/arguments";
import { isStructure } from "../program/jsonValues";
import { registrationOf } from "../program/registration";
import { typeToken } from "../wire/typeToken";
import type { OnDelete } from "./management";
import type { MetadataInput } from "./metadataTag";
import type { HasId, WithLate, Without } from "./references";
import { given, idOf, noteMember } from "./references";

/** The names of all arguments, as there are no types when a program runs. The compiler refuses one too few or too many. */
const BALANCE_SET_ARGS = { ledger: true, balances: true, onDelete: true } satisfies Known<BalanceSetArgs>;

/** One balance of a {@link BalanceSet}: one to make. */
export interface NewBalanceSetMember {
    /**
     * The currency or unit, any text such as `USD`, not empty and without space around it. Another currency makes
     * another balance under the same key, and lets go of the old one.
     */
    currency: pulumi.Input<string>;
    /**
     * The identity that the balance belongs to: the id of one (`idt_…`), or a resource with such an id. Changed in
     * place. Once set it cannot be taken away, only replaced by another.
     *
     * @default none
     */
    identity?: pulumi.Input<string | HasId | undefined>;
    /**
     * Metadata that this program owns on the balance, as on a `Balance`.
     *
     * @default none
     */
    metadata?: MetadataInput;
    /**
     * Whether the declared metadata may replace values that somebody else put under its keys, as on a `Balance`.
     *
     * @default false
     */
    replaceExisting?: pulumi.Input<boolean | undefined>;
    /**
     * The id of an existing balance (`bln_…`) to bring under management instead of making one, as on a `Balance`.
     *
     * @default none
     */
    adopt?: pulumi.Input<string | undefined>;
    /**
     * The mark of another stack that the adopted balance carries, given to take it from there: the mark is rewritten.
     *
     * @default none
     */
    adoptFrom?: pulumi.Input<string | undefined>;
    /**
     * `false` leaves an adopted balance without the mark of this stack, as on a `Balance`.
     *
     * @default true
     */
    claim?: pulumi.Input<boolean | undefined>;
}

/** One balance of a {@link BalanceSet}: one that exists already. What is left out stays as it is. */
export interface AdoptedBalanceSetMember extends Omit<NewBalanceSetMember, "currency" | "adopt"> {
    /**
     * The currency or unit that the balance has.
     *
     * @default as it is
     */
    currency?: pulumi.Input<string | undefined>;
    /** The id of an existing balance (`bln_…`) to bring under management, as on a `Balance`. */
    adopt: pulumi.Input<string>;
}

/** One balance of a {@link BalanceSet}. */
// With parts in the middle, as for a `Balance`.
export type BalanceSetMember =
    | AdoptedBalanceSetMember
    | Without<AdoptedBalanceSetMember, "currency">
    | WithLate<NewBalanceSetMember, { currency: string; adopt: string }>
    | Without<NewBalanceSetMember, "adopt">
    | NewBalanceSetMember;

/** What a {@link BalanceSet} is asked to be. */
export interface BalanceSetArgs {
    /** The ledger that the balances belong to: a `Ledger`, or the id of one. Another ledger replaces the set. */
    ledger: pulumi.Input<string | HasId>;
    /**
     * The balances, each under a key of its own, such as `alice-usd`. The key is how the balance is found again: under
     * another key it is another balance. A key that is dropped lets go of its balance, which stays in Blnk.
     */
    balances: pulumi.Input<Readonly<Record<string, BalanceSetMember>>>;
    /**
     * What happens when a balance, or the whole set, leaves the program: as on a `Balance`. For balances that leave a set
     * which stays, the policy of the new program counts.
     *
     * @default "refuseIfUsed"
     */
    onDelete?: pulumi.Input<OnDelete | undefined>;
}

/**
 * Many balances of one ledger as one resource: for hundreds or thousands of balances, which would each cost Pulumi two
 * saves of the whole state.
 *
 * Every balance is made exactly once, found again by its mark, and changed, adopted and let go of like a `Balance`; the
 * preview shows them by key. When one fails no other is begun; what is made is kept, and the next run goes on.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/balances/introduction
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * const customers = new blnk.Ledger("customers");
 * const wallets = new blnk.BalanceSet("wallets", {
 *     ledger: customers,
 *     balances: {
 *         "alice-usd": { currency: "USD" },
 *         "bob-eur": { currency: "EUR", metadata: { customer: "bob" } },
 *     },
 * });
 * export const aliceId = wallets.idOf("alice-usd");
 * ```
 */
export class BalanceSet extends pulumi.CustomResource {
    /** The id of the ledger that the balances belong to. */
    declare readonly ledger: pulumi.Output<string>;
    /** The id of each balance, by key. Not known in the preview of a change of the set: {@link idOf} may be. */
    declare readonly ids: pulumi.Output<Readonly<Record<string, string>>>;

    /**
     * Declares a set of balances.
     *
     * @param name The resource's name in the stack. Part of the mark of every balance.
     * @param args What the set is asked to be.
     * @param options Pulumi's resource options.
     */
    constructor(name: string, args: BalanceSetArgs, options: pulumi.CustomResourceOptions = {}) {
        const { ledger, balances, onDelete } = argumentsIn(args);
        const inputs = { ledger: idOf(ledger), balances: membersOf(balances), ids: undefined, ...given({ onDelete }) };
        const problems = argumentProblems(args, BALANCE_SET_ARGS);
        // The commonest currency stands under a name of its own in the state.
        const kept = mayBeSecret(balances) ? { additionalSecretOutputs: ["currency"] } : {};
        const registered = registrationOf("BalanceSet", name, inputs, options, { problems });
        super(typeToken("BalanceSet"), name, registered, pulumi.mergeOptions(options, kept));
    }

    /**
     * The id of one balance, to be used where a `Balance` is accepted. Fails with a sentence where the set has no such key.
     * A `MetadataTag` whose `target` it is knows it in the preview of a change of the set as well, if the balance stays.
     *
     * @param key The key of the balance in `balances`.
     */
    idOf(key: string): pulumi.Output<string> {
        const output = this.ids.apply((ids: Readonly<Record<string, string>> | undefined) => {
            // Mocks of a program's unit tests know no ids at all.
            if (ids === undefined) return undefined as unknown as string;
            const id = Object.hasOwn(ids, key) ? ids[key] : undefined;
            if (id !== undefined) return id;
            throw new pulumi.RunError(`the balance set has no balance "${key}": declare it in balances.`);
        });
        return noteMember(output, this.id, key);
    }
}

/** Whether a currency among the members may be secret: that shows later than outputs have to be named. */
function mayBeSecret(balances: Members | undefined): boolean {
    const comesLater = (value: unknown) => pulumi.Output.isInstance(value) || value instanceof Promise;
    if (balances === undefined || comesLater(balances)) return balances !== undefined;
    return Object.values(balances).some((member) => comesLater(member) || comesLater(member?.currency));
}

type Members = pulumi.Input<Readonly<Record<string, BalanceSetMember>>>;

/** The members with the ids of their identities. As plain an object as it was, so that its known parts stay known. */
function membersOf(balances: Members | undefined): pulumi.Input<unknown> {
    return whenThere(balances, (all) => {
        if (!isStructure(all) || Array.isArray(all)) return all;
        return Object.fromEntries(Object.entries(all).map(([key, member]) => [key, whenThere(member, withIdentityId)]));
    });
}

function withIdentityId(member: unknown): unknown {
    if (!isStructure(member) || Array.isArray(member)) return member;
    const { identity } = member as BalanceSetMember;
    const isText = identity === undefined || typeof identity === "string";
    return isText ? member : { ...member, identity: idOf(identity) };
}

/** A value changed as soon as it is there. */
function whenThere(value: unknown, change: (value: unknown) => unknown): unknown {
    if (pulumi.Output.isInstance(value)) return value.apply(change);
    return value instanceof Promise ? value.then(change) : change(value);
}
