import * as pulumi from "@pulumi/pulumi";
import type { AllocationStrategy } from "../blnk/allocationStrategies";
import { argumentProblems, argumentsIn, type Known } from "../program/arguments";
import { noteLookUp } from "../program/instances";
import { forAdoption, registrationOf } from "../program/registration";
import { noteCarrier, rivalsOf } from "../program/rivals";
import { withoutStackTraces } from "../program/stackTraces";
import { typeToken } from "../wire/typeToken";
import { MANAGEMENT_ARGS, type ManagementArgs, managed } from "./management";
import type { MetadataInput } from "./metadataTag";
import type { HasId, WithLate, Without } from "./references";
import { declarationOf, given, idOf } from "./references";

/** All argument names, to find misspelt ones at run time. The compiler checks that the list is complete. */
const BALANCE_ARGS = {
    ledger: true,
    currency: true,
    identity: true,
    trackFundLineage: true,
    allocationStrategy: true,
    metadata: true,
    ...MANAGEMENT_ARGS,
} satisfies Known<BalanceArgs>;

export type { AllocationStrategy };

/** The arguments of a {@link Balance}: those of a new balance, or the id of an existing one and what differs from it. */
// The order matters: if no part matches, TypeScript's error names what the last part lacks. The parts in the middle let
// TypeScript infer the type of a promise that is written in place.
export type BalanceArgs =
    | AdoptedBalanceArgs
    | Without<AdoptedBalanceArgs, "ledger" | "currency">
    | WithLate<NewBalanceArgs, { ledger: string | HasId; currency: string; adopt: string }>
    | Without<NewBalanceArgs, "adopt">
    | NewBalanceArgs;

/** The arguments of a {@link Balance} that can be created. */
export interface NewBalanceArgs extends ManagementArgs {
    /**
     * The ledger that the balance belongs to: a `Ledger`, the answer of a look-up, or an id (`ldg_…`). Changing it replaces
     * the balance. The General Ledger is refused: Blnk creates its balances itself.
     */
    ledger: pulumi.Input<string | HasId>;
    /**
     * The currency or unit: any text, such as `USD` or `NGN-points`. Must not be empty, have leading or trailing spaces, or
     * contain invisible characters. Changing it replaces the balance.
     */
    currency: pulumi.Input<string>;
    /**
     * The identity that the balance belongs to: an id (`idt_…`), or a resource with such an id. Updated in place. Once set, it
     * can be changed but not removed: Blnk has no way to remove it.
     *
     * @default none
     */
    identity?: pulumi.Input<string | HasId | undefined>;
    /**
     * Whether Blnk traces where the balance's money came from. Needs `identity`. Changing it replaces the balance.
     *
     * @default false
     */
    trackFundLineage?: pulumi.Input<boolean | undefined>;
    /**
     * The order in which a balance with `trackFundLineage` spends what it received: `"FIFO"`, `"LIFO"` or `"PROPORTIONAL"`.
     * Changing it replaces the balance.
     *
     * @default "FIFO"
     */
    allocationStrategy?: pulumi.Input<AllocationStrategy | undefined>;
    /**
     * Metadata that this program owns on the balance, as on a `Ledger`, such as `{ customer: "alice" }`. Do not use it for
     * keys on balances whose metadata an application writes while money moves: in Blnk, concurrent metadata writes can
     * overwrite each other.
     *
     * @default none
     */
    metadata?: MetadataInput;
}

/** The arguments of a {@link Balance} that adopts an existing balance. Omitted arguments keep their values in Blnk. */
export interface AdoptedBalanceArgs extends Omit<NewBalanceArgs, "ledger" | "currency" | "adopt"> {
    /**
     * The id of the existing balance, `bln_…`. The balance gets the mark of this stack (see `claim`), and the preview names all
     * other changes. You may remove `adopt` afterwards, once you declare the omitted arguments whose values differ from their
     * defaults; a balance of the General Ledger must keep it. Changing it to another id is an error. Use `adopt` in place of
     * `import:` and `pulumi import`, which cannot work with Pulumi's dynamic resources.
     */
    adopt: pulumi.Input<string>;
    /**
     * The ledger that the balance belongs to: a `Ledger`, or an id. Any other ledger than the balance's own is refused.
     *
     * @default the balance's ledger
     */
    ledger?: pulumi.Input<string | HasId | undefined>;
    /**
     * The currency or unit. Any other currency than the balance's own is refused.
     *
     * @default the balance's currency
     */
    currency?: pulumi.Input<string | undefined>;
}

/**
 * A balance: an amount of one currency in one ledger.
 *
 * The program never manages amounts: only transactions change them. Blnk cannot delete a balance: when it leaves the program,
 * or is replaced, it stays in Blnk. If money has moved on it, this is refused unless `onDelete` is `"forget"`.
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
 * const alice = new blnk.Balance("alice-usd", {
 *     ledger: customers,
 *     currency: "USD",
 *     metadata: { customer: "alice" },
 * });
 * export const balanceId = alice.id;
 * ```
 */
export class Balance extends pulumi.CustomResource {
    /** The id of the ledger that the balance belongs to. */
    declare readonly ledger: pulumi.Output<string>;
    /** The currency or unit. */
    declare readonly currency: pulumi.Output<string>;
    /** The id of the identity that the balance belongs to, if any. */
    declare readonly identity: pulumi.Output<string | undefined>;
    /** Whether Blnk traces where the balance's money came from; undefined if the program does not set it to true. */
    declare readonly trackFundLineage: pulumi.Output<boolean | undefined>;
    /** The order in which the balance spends what it received; undefined for `"FIFO"`. */
    declare readonly allocationStrategy: pulumi.Output<AllocationStrategy | undefined>;
    /** The metadata that this program owns; undefined if there is none. */
    declare readonly metadata: pulumi.Output<Readonly<Record<string, unknown>> | undefined>;
    /** When the balance was created: UTC with up to six decimal digits of seconds. */
    declare readonly createdAt: pulumi.Output<string>;

    /**
     * Declares a balance.
     *
     * @param name The resource's name in the stack. Balances have no name in Blnk.
     * @param args The balance's arguments.
     * @param options Pulumi's resource options.
     */
    constructor(name: string, args: BalanceArgs, options: pulumi.CustomResourceOptions = {}) {
        const { ledger, identity, ...asked } = argumentsIn<BalanceArgs>(args);
        const inputs = {
            ledger: idOf(ledger),
            currency: asked.currency,
            identity: idOf(identity),
            trackFundLineage: asked.trackFundLineage,
            allocationStrategy: asked.allocationStrategy,
            metadata: asked.metadata,
            createdAt: undefined,
            ...given(managed(asked)),
        };
        const problems = argumentProblems(args, BALANCE_ARGS);
        const declaration = declarationOf(`Balance "${name}"`, options, args);
        const registered = registrationOf("Balance", name, inputs, options, {
            problems,
            lateProblems: rivalsOf(declaration),
            forCheck: forAdoption(inputs),
        });
        const stacks = withoutStackTraces();
        try {
            super(typeToken("Balance"), name, registered, options);
        } catch (error) {
            throw stacks.located(error);
        } finally {
            stacks.end();
        }
        noteLookUp(this, options);
        noteCarrier(this, declaration);
    }

    /**
     * Looks up an existing balance by its id, without managing it. Fails with an error if the balance does not exist.
     *
     * @param name The resource's name in the stack.
     * @param id The balance's id in Blnk, `bln_…`.
     * @param options Pulumi's resource options.
     *
     * @example
     * ```typescript
     * import * as blnk from "pulumi-blnk";
     *
     * const float = blnk.Balance.get("float", "bln_0be360ca-86fe-457d-be43-daa3f966d8f0");
     * export const currency = float.currency;
     * ```
     */
    static get(name: string, id: pulumi.Input<pulumi.ID>, options: pulumi.CustomResourceOptions = {}): Balance {
        return new Balance(name, undefined as unknown as BalanceArgs, { ...options, id });
    }
}
