import type * as pulumi from "@pulumi/pulumi";
import type { OnDelete } from "../kinds/onDelete";
import type { Known } from "../program/arguments";

export type { OnDelete };

/** All argument names, to find misspelt ones at run time. The compiler checks that the list is complete. */
export const MANAGEMENT_ARGS = {
    replaceExisting: true,
    adopt: true,
    adoptFrom: true,
    claim: true,
    onDelete: true,
} satisfies Known<ManagementArgs>;

/** How Pulumi starts and stops managing a ledger or balance. */
export interface ManagementArgs {
    /**
     * Whether the declared metadata may replace values that another writer put under its keys. If false, preview and `up`
     * refuse such a key.
     *
     * @default false
     */
    replaceExisting?: pulumi.Input<boolean | undefined>;
    /**
     * The id of an existing ledger (`ldg_…`) or balance (`bln_…`) to manage instead of creating one. Omitted arguments then
     * keep their values in Blnk. The preview names all changes.
     *
     * The thing is claimed: it gets the mark of this stack, so that no other stack adopts it, and it is found again if the
     * state is lost. After that you may remove `adopt`, once you declare the omitted arguments whose values differ from
     * their defaults.
     *
     * Errors: the id does not exist; the thing carries the mark of another stack (see `adoptFrom`); the resource manages a
     * thing with another id already. Use `adopt` in place of `import:` and `pulumi import`, which cannot work with
     * Pulumi's dynamic resources.
     *
     * @default none: the thing is created
     */
    adopt?: pulumi.Input<string | undefined>;
    /**
     * The mark of another stack on the adopted thing, such as `shop/dev/customers@k3f9ab#…`: the error about that mark quotes
     * it. It allows this stack to take the thing over and to rewrite its mark. Needs `adopt`.
     *
     * @default none
     */
    adoptFrom?: pulumi.Input<string | undefined>;
    /**
     * `false` leaves an adopted thing without the mark of this stack. Then another stack may adopt it as well, and `adopt` must
     * stay in the program: without it, a lost state leads to a second thing. Needs `adopt`; cannot be combined with `adoptFrom`.
     *
     * @default true
     */
    claim?: pulumi.Input<boolean | undefined>;
    /**
     * What happens when the resource leaves the program or is replaced. In all cases the thing stays in Blnk, which cannot
     * delete it. `"refuseIfUsed"` fails if money has ever moved on the balance, or if the ledger holds a balance that does not
     * belong to this stack. `"forget"` only stops managing the thing. `"refuse"` always fails. The policy of the last
     * `pulumi up` counts; for a replacement, the new policy.
     *
     * @default "refuseIfUsed"
     */
    onDelete?: pulumi.Input<OnDelete | undefined>;
}

/** The management arguments of a resource. */
export function managed({ onDelete, adopt, adoptFrom, claim, replaceExisting }: ManagementArgs): ManagementArgs {
    return { onDelete, adopt, adoptFrom, claim, replaceExisting } as ManagementArgs;
}
