import * as pulumi from "@pulumi/pulumi";
import { argumentProblems, argumentsIn, type Known } from "../program/arguments";
import { isStructure } from "../program/jsonValues";
import { registrationOf } from "../program/registration";
import { typeToken } from "../wire/typeToken";
import type { OnDelete } from "./management";
import type { MetadataInput } from "./metadataTag";
import type { HasId, WithLate, Without } from "./references";
import { given, idOf, noteMember } from "./references";

/** All argument names, to find misspelt ones at run time. The compiler checks that the list is complete. */
const BALANCE_SET_ARGS = { ledger: true, balances: true, onDelete: true } satisfies Known<BalanceSetArgs>;

/** One balance of a {@link BalanceSet} that can be created. */
export interface NewBalanceSetMember {
    /**
     * The currency or unit: any text, such as `USD`. Must not be empty, have leading or trailing spaces, or contain invisible
     * characters. Changing it creates another balance under the same key and stops managing the old one.
     */
    currency: pulumi.Input<string>;
    /**
     * The identity that the balance belongs to: an id (`idt_…`), or a resource with such an id. Updated in place. Once set, it
     * can be changed but not removed.
     *
     * @default none
     */
    identity?: pulumi.Input<string | HasId | undefined>;
    /**
     * Metadata that this program owns on the balance, as on a `Balance`, such as `{ customer: "bob" }`.
     *
     * @default none
     */
    metadata?: MetadataInput;
    /**
     * Whether the declared metadata may replace values that another writer put under its keys, as on a `Balance`.
     *
     * @default false
     */
    replaceExisting?: pulumi.Input<boolean | undefined>;
    /**
     * The id of an existing balance (`bln_…`) to manage instead of creating one, as on a `Balance`.
     *
     * @default none: the balance is created
     */
    adopt?: pulumi.Input<string | undefined>;
    /**
     * The mark of another stack on the adopted balance, as on a `Balance`. It allows this stack to take the balance over and to
     * rewrite its mark. Needs `adopt`.
     *
     * @default none
     */
    adoptFrom?: pulumi.Input<string | undefined>;
    /**
     * `false` leaves an adopted balance without the mark of this stack, as on a `Balance`. Needs `adopt`.
     *
     * @default true
     */
    claim?: pulumi.Input<boolean | undefined>;
}

/** One balance of a {@link BalanceSet} that adopts an existing balance. Omitted arguments keep their values in Blnk. */
export interface AdoptedBalanceSetMember extends Omit<NewBalanceSetMember, "currency" | "adopt"> {
    /**
     * The currency or unit. Any other currency than the balance's own is refused.
     *
     * @default the balance's currency
     */
    currency?: pulumi.Input<string | undefined>;
    /** The id of the existing balance (`bln_…`), as on a `Balance`. */
    adopt: pulumi.Input<string>;
}

/** One balance of a {@link BalanceSet}. */
// With parts in the middle, as in the arguments of a `Balance`.
export type BalanceSetMember =
    | AdoptedBalanceSetMember
    | Without<AdoptedBalanceSetMember, "currency">
    | WithLate<NewBalanceSetMember, { currency: string; adopt: string }>
    | Without<NewBalanceSetMember, "adopt">
    | NewBalanceSetMember;

/** The arguments of a {@link BalanceSet}. */
export interface BalanceSetArgs {
    /**
     * The ledger that the balances belong to: a `Ledger`, the answer of a look-up, or an id (`ldg_…`). Changing it replaces
     * the set. In the General Ledger a set can only adopt balances.
     */
    ledger: pulumi.Input<string | HasId>;
    /**
     * The balances, each under its own key, such as `alice-usd`. The key identifies the balance: another key means another
     * balance. If you remove a key, its balance is no longer managed and stays in Blnk. A key takes at most 200 bytes. Errors
     * about a balance begin with its key.
     */
    balances: pulumi.Input<Readonly<Record<string, BalanceSetMember>>>;
    /**
     * What happens when a balance, or the whole set, leaves the program, as on a `Balance`. If the set stays and loses a balance,
     * the policy of the new program counts.
     *
     * @default "refuseIfUsed"
     */
    onDelete?: pulumi.Input<OnDelete | undefined>;
}

/**
 * Many balances of one ledger as one resource. Use it for hundreds or thousands of balances: as single resources, each would
 * cost Pulumi two saves of the whole state.
 *
 * Each balance is created exactly once, found again by its mark, and updated, adopted and released like a `Balance`. The
 * preview shows changes by key. If one balance fails, no other is started, what is done is kept, and the next run continues.
 *
 * Fails with an error if Blnk cannot be reached or refuses the credential, and as the arguments describe.
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
    /** The id of each balance, by key. Unknown in the preview of a change of the set; {@link idOf} may still be known there. */
    declare readonly ids: pulumi.Output<Readonly<Record<string, string>>>;

    /**
     * Declares a set of balances.
     *
     * @param name The resource's name in the stack. Part of the mark of every balance.
     * @param args The set's arguments.
     * @param options Pulumi's resource options.
     */
    constructor(name: string, args: BalanceSetArgs, options: pulumi.CustomResourceOptions = {}) {
        const { ledger, balances, onDelete } = argumentsIn(args);
        const inputs = { ledger: idOf(ledger), balances: membersOf(balances), ids: undefined, ...given({ onDelete }) };
        const problems = argumentProblems(args, BALANCE_SET_ARGS);
        // The state stores the commonest currency under a name of its own.
        const kept = mayBeSecret(balances) ? { additionalSecretOutputs: ["currency"] } : {};
        const registered = registrationOf("BalanceSet", name, inputs, options, { problems });
        super(typeToken("BalanceSet"), name, registered, pulumi.mergeOptions(options, kept));
    }

    /**
     * The id of one balance (`bln_…`), for use where a `Balance` is accepted. Fails with an error if the set has no such key.
     * As `target` of a `MetadataTag`, it is known even in the preview of a change of the set, if the balance stays.
     *
     * @param key The key of the balance in `balances`.
     * @returns The id, as an output.
     *
     * @example
     * ```typescript
     * import * as blnk from "pulumi-blnk";
     *
     * const customers = new blnk.Ledger("customers");
     * const wallets = new blnk.BalanceSet("wallets", { ledger: customers, balances: { alice: { currency: "USD" } } });
     * new blnk.MetadataTag("alice-plan", { target: wallets.idOf("alice"), key: "plan", value: "pro" });
     * ```
     */
    idOf(key: string): pulumi.Output<string> {
        const output = this.ids.apply((ids: Readonly<Record<string, string>> | undefined) => {
            // Mocks in unit tests of a program may answer without ids.
            if (ids === undefined) return undefined as unknown as string;
            const id = Object.hasOwn(ids, key) ? ids[key] : undefined;
            if (id !== undefined) return id;
            throw new pulumi.RunError(`the balance set has no balance "${key}": declare it in balances.`);
        });
        return noteMember(output, this.id, key);
    }
}

/** Whether a member's currency may be secret. The secret outputs must be named before that is known. */
function mayBeSecret(balances: Members | undefined): boolean {
    const comesLater = (value: unknown) => pulumi.Output.isInstance(value) || value instanceof Promise;
    if (balances === undefined || comesLater(balances)) return balances !== undefined;
    return Object.values(balances).some((member) => comesLater(member) || comesLater(member?.currency));
}

type Members = pulumi.Input<Readonly<Record<string, BalanceSetMember>>>;

/** The members with the ids of their identities. A plain object stays plain, so that its known parts stay known. */
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

/** Applies a change to a value, or to what an output or a promise will hold. */
function whenThere(value: unknown, change: (value: unknown) => unknown): unknown {
    if (pulumi.Output.isInstance(value)) return value.apply(change);
    return value instanceof Promise ? value.then(change) : change(value);
}
