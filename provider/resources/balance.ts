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

/** The names of all arguments, as there are no types when a program runs. The compiler refuses one too few or too many. */
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

/** What a {@link Balance} is asked to be: all of it, or an existing balance's id and what is to differ from it. */
// In this order: of what fits none, TypeScript tells what the last one lacks. By the parts in the middle it tells what
// is meant, and so what a promise that is written in place must come to.
export type BalanceArgs =
    | AdoptedBalanceArgs
    | Without<AdoptedBalanceArgs, "ledger" | "currency">
    | WithLate<NewBalanceArgs, { ledger: string | HasId; currency: string; adopt: string }>
    | Without<NewBalanceArgs, "adopt">
    | NewBalanceArgs;

/** A {@link Balance} that is told whole, so that it can be made where there is nothing to adopt. */
export interface NewBalanceArgs extends ManagementArgs {
    /** The ledger that the balance belongs to: a `Ledger`, or the id of one. Another ledger replaces the balance. */
    ledger: pulumi.Input<string | HasId>;
    /**
     * The currency or unit, any text such as `USD` or `NGN-points`, not empty and without space around it. Another
     * currency replaces the balance.
     */
    currency: pulumi.Input<string>;
    /**
     * The identity that the balance belongs to: the id of one (`idt_…`), or a resource with such an id. Changed in
     * place. Once set it cannot be taken away, only replaced by another: Blnk knows no way.
     *
     * @default none
     */
    identity?: pulumi.Input<string | HasId | undefined>;
    /**
     * Whether Blnk traces which funds the balance's money came from. Needs an `identity`. Another value replaces the
     * balance.
     *
     * @default false
     */
    trackFundLineage?: pulumi.Input<boolean | undefined>;
    /**
     * In which order a balance that tracks lineage spends what it received. Another value replaces the balance.
     *
     * @default "FIFO"
     */
    allocationStrategy?: pulumi.Input<AllocationStrategy | undefined>;
    /**
     * Metadata that this program owns on the balance, as on a `Ledger`. Not for keys that an application writes while
     * money moves: concurrent metadata writes destroy each other in Blnk.
     *
     * @default none
     */
    metadata?: MetadataInput;
}

/** A {@link Balance} that exists already and is brought under management: what is left out is as it is. */
export interface AdoptedBalanceArgs extends Omit<NewBalanceArgs, "ledger" | "currency" | "adopt"> {
    /**
     * The id of the existing balance, `bln_…`. It gets the mark of this stack (`claim`), and the preview says what else
     * changes. May be removed afterwards, once all that was left out and is no default is declared; a balance of the
     * General Ledger keeps it. Another id is an error.
     * `import:` and `pulumi import` cannot work with Pulumi's dynamic resources: this is what does.
     */
    adopt: pulumi.Input<string>;
    /**
     * The ledger that the balance belongs to: a `Ledger`, or the id of one. Another than it is in is refused.
     *
     * @default as it is
     */
    ledger?: pulumi.Input<string | HasId | undefined>;
    /**
     * The currency or unit. Another than it has is refused.
     *
     * @default as it is
     */
    currency?: pulumi.Input<string | undefined>;
}

/**
 * A balance: an amount of one currency in one ledger.
 *
 * What money does to it is no business of the program: amounts are never compared. Nothing can be deleted in Blnk: a
 * balance that leaves the program, or is replaced, stays there, and one that money has moved on is not let go unless
 * `onDelete` says so.
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
    /** Whether Blnk traces which funds the balance's money came from; undefined where the program leaves it open. */
    declare readonly trackFundLineage: pulumi.Output<boolean | undefined>;
    /** The order in which it spends what it received; undefined where the program leaves it open. */
    declare readonly allocationStrategy: pulumi.Output<AllocationStrategy | undefined>;
    /** The metadata that this program owns; undefined when there is none. */
    declare readonly metadata: pulumi.Output<Readonly<Record<string, unknown>> | undefined>;
    /** When the balance was made: UTC with up to six digits of a second. */
    declare readonly createdAt: pulumi.Output<string>;

    /**
     * Declares a balance.
     *
     * @param name The resource's name in the stack. Blnk's balances have no name.
     * @param args What the balance is asked to be.
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
     * Looks up an existing balance by its id, without managing it. Fails with a sentence when there is none.
     *
     * @param name The resource's name in the stack.
     * @param id The balance's id in Blnk, `bln_…`.
     * @param options Pulumi's resource options.
     */
    static get(name: string, id: pulumi.Input<pulumi.ID>, options: pulumi.CustomResourceOptions = {}): Balance {
        return new Balance(name, undefined as unknown as BalanceArgs, { ...options, id });
    }
}
