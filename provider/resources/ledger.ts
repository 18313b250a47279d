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

/** All argument names, to find misspelt ones at run time. The compiler checks that the list is complete. */
const LEDGER_ARGS = {
    name: true,
    metadata: true,
    ...MANAGEMENT_ARGS,
} satisfies Known<LedgerArgs>;

/** The arguments of a {@link Ledger}. */
export interface LedgerArgs extends ManagementArgs {
    /**
     * The name that people see in Blnk, such as `Customer wallets`. Updated in place. Must not be empty, nor contain control
     * characters. Names are not unique in Blnk: only the id identifies a ledger.
     *
     * @default the resource's name
     */
    name?: pulumi.Input<string | undefined>;
    /**
     * Metadata that this program owns on the ledger: top-level keys with any JSON value, at most 4 KB in total, such as
     * `{ team: "payments" }`. Keys of other writers are neither shown nor changed. A key that you remove here is set to null,
     * because Blnk cannot remove keys; null counts as absent. A key that already holds another writer's value is refused
     * (see `replaceExisting`).
     *
     * @default none
     */
    metadata?: MetadataInput;
}

/**
 * A ledger: a group of balances, such as those of all customers.
 *
 * Name and metadata are updated in place. Blnk cannot delete a ledger: when it leaves the program, it stays in Blnk and is no
 * longer managed. If you declare it again, it is found by its mark and taken back.
 *
 * Fails with an error if Blnk cannot be reached or refuses the credential, and as the arguments describe.
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
    /** The metadata that this program owns; undefined if there is none. */
    declare readonly metadata: pulumi.Output<Readonly<Record<string, unknown>> | undefined>;
    /** When the ledger was created: UTC with up to six decimal digits of seconds, such as `2026-08-22T10:15:30.070502Z`. */
    declare readonly createdAt: pulumi.Output<string>;

    /**
     * Declares a ledger.
     *
     * @param name The resource's name in the stack, and the ledger's name if `args.name` is not set.
     * @param args The ledger's arguments.
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
     * Looks up an existing ledger by its id, without managing it. Fails with an error if the ledger does not exist.
     *
     * @param name The resource's name in the stack.
     * @param id The ledger's id in Blnk, `ldg_…`.
     * @param options Pulumi's resource options.
     *
     * @example
     * ```typescript
     * import * as blnk from "pulumi-blnk";
     *
     * const customers = blnk.Ledger.get("customers", "ldg_0be360ca-86fe-457d-be43-daa3f966d8f0");
     * export const name = customers.name;
     * ```
     */
    static get(name: string, id: pulumi.Input<pulumi.ID>, options: pulumi.CustomResourceOptions = {}): Ledger {
        return new Ledger(name, {}, { ...options, id });
    }
}
