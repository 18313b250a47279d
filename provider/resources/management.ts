import type * as pulumi from "@pulumi/pulumi";
import type { OnDelete } from "../kinds/onDelete";
import type { Known } from "../program/arguments";

export type { OnDelete };

/** The names of all arguments, as there are no types when a program runs. The compiler refuses one too few or too many. */
export const MANAGEMENT_ARGS = {
    replaceExisting: true,
    adopt: true,
    adoptFrom: true,
    claim: true,
    onDelete: true,
} satisfies Known<ManagementArgs>;

/** How a ledger or balance comes under management, and how it leaves it. */
export interface ManagementArgs {
    /**
     * Whether the declared metadata may replace values that somebody else put under its keys. Without it such a key is
     * refused, in the preview too.
     *
     * @default false
     */
    replaceExisting?: pulumi.Input<boolean | undefined>;
    /**
     * The id of an existing ledger or balance to bring under management instead of creating one. An argument that is left
     * out then means "as it is". The preview names what changes. The thing is claimed: it gets the mark of this stack, so
     * that no other stack takes it and a lost state finds it again. After that `adopt` may be removed, once all that was
     * left out and cannot be told from its default is declared. Another id is an error. `import:` and `pulumi import`
     * cannot work with Pulumi's dynamic resources: this is what does.
     *
     * @default none
     */
    adopt?: pulumi.Input<string | undefined>;
    /**
     * The mark of another stack that the adopted thing carries, given to take it from there: the mark is rewritten.
     *
     * @default none
     */
    adoptFrom?: pulumi.Input<string | undefined>;
    /**
     * `false` leaves an adopted thing without the mark of this stack. Then nothing keeps another stack from adopting it as
     * well, and `adopt` must stay in the program: without it a lost state ends with a second thing. Goes with `adopt`.
     *
     * @default true
     */
    claim?: pulumi.Input<boolean | undefined>;
    /**
     * What happens when it leaves the program or is replaced. Blnk cannot delete it, so that it stays there in any
     * case: `"refuseIfUsed"` fails where money has ever moved on the balance, or where a balance in the ledger is not
     * this stack's; `"forget"` only stops managing it; `"refuse"` always fails. The policy that counts is the one of
     * the last `pulumi up`; for a replacement the new one.
     *
     * @default "refuseIfUsed"
     */
    onDelete?: pulumi.Input<OnDelete | undefined>;
}

/** The arguments of management among those of a resource. */
export function managed({ onDelete, adopt, adoptFrom, claim, replaceExisting }: ManagementArgs): ManagementArgs {
    return { onDelete, adopt, adoptFrom, claim, replaceExisting } as ManagementArgs;
}
