import * as pulumi from "@pulumi/pulumi";
import { argumentProblems, argumentsIn, type Known } from "../program/arguments";
import { noteLookUp } from "../program/instances";
import { forAdoption, registrationOf } from "../program/registration";
import { noteCarrier, rivalsOf } from "../program/rivals";
import { withoutStackTraces } from "../program/stackTraces";
import { typeToken } from "../wire/typeToken";
import { MANAGEMENT_ARGS, type ManagementArgs, managed } from "./management";
import type { MetadataInput } from "./metadataTag";
import { declarationOf, given } from "./references";

/** The names of all arguments, as there are no types when a program runs. The compiler refuses one too few or too many. */
const LEDGER_ARGS = {
    name: true,
    metadata: true,
    ...MANAGEMENT_ARGS,
} satisfies Known<LedgerArgs>;

/** What a {@link Ledger} is asked to be. */
export interface LedgerArgs extends ManagementArgs {
    /**
     * The name that people see in Blnk, not empty. Names are not unique there: a ledger is known by its id.
     *
     * @default the resource's name
     */
    name?: pulumi.Input<string | undefined>;
    /**
     * Metadata that this program owns on the ledger: top-level keys with any JSON value, at most 4 KB in all. Keys that
     * others put on the ledger are neither shown nor touched. A key that is dropped here is set to null in Blnk, which
     * cannot remove keys; null counts as absent.
     *
     * @default none
     */
    metadata?: MetadataInput;
}

/**
 * A ledger: a set of balances that belong together, such as those of all customers.
 *
 * Renamed and tagged in place. Nothing can be deleted in Blnk: a ledger that leaves the program stays there, and is
 * only no longer managed; declared again, it is found by its mark and taken back.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/ledgers/introduction
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * const customers = new blnk.Ledger("customers", {
 *     name: "Customer wallets",
 *     metadata: { team: "payments" },
 * });
 * export const ledgerId = customers.id;
 * ```
 */
export class Ledger extends pulumi.CustomResource {
    /** The name that people see in Blnk. */
    declare readonly name: pulumi.Output<string>;
    /** The metadata that this program owns; undefined when there is none. */
    declare readonly metadata: pulumi.Output<Readonly<Record<string, unknown>> | undefined>;
    /** When the ledger was made: UTC with up to six digits of a second, such as `2026-08-22T10:15:30.070502Z`. */
    declare readonly createdAt: pulumi.Output<string>;

    /**
     * Declares a ledger.
     *
     * @param name The resource's name in the stack, and the ledger's name unless `args.name` says otherwise.
     * @param args What the ledger is asked to be.
     * @param options Pulumi's resource options.
     */
    constructor(name: string, args: LedgerArgs = {}, options: pulumi.CustomResourceOptions = {}) {
        const { name: asked, metadata, ...others } = argumentsIn(args);
        const inputs = {
            name: asked,
            metadata,
            createdAt: undefined,
            ...given(managed(others)),
        };
        const problems = argumentProblems(args, LEDGER_ARGS);
        const declaration = declarationOf(`Ledger "${name}"`, options, args);
        const registered = registrationOf("Ledger", name, inputs, options, {
            problems,
            lateProblems: rivalsOf(declaration),
            forCheck: forAdoption(inputs),
        });
        const stacks = withoutStackTraces();
        try {
            super(typeToken("Ledger"), name, registered, options);
        } catch (error) {
            throw stacks.located(error);
        } finally {
            stacks.end();
        }
        noteLookUp(this, options);
        noteCarrier(this, declaration);
    }

    /**
     * Looks up an existing ledger by its id, without managing it. Fails with a sentence when there is none.
     *
     * @param name The resource's name in the stack.
     * @param id The ledger's id in Blnk, `ldg_…`.
     * @param options Pulumi's resource options.
     */
    static get(name: string, id: pulumi.Input<pulumi.ID>, options: pulumi.CustomResourceOptions = {}): Ledger {
        return new Ledger(name, {}, { ...options, id });
    }
}
