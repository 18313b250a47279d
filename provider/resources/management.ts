import type * as pulumi from "@pulumi/pulumi";

/** What happens when a ledger or balance, which Blnk cannot delete, leaves the program. */
export type OnDelete = "refuseIfUsed" | "forget" | "refuse";

/** How a ledger or balance comes under management, and how it leaves it. */
export interface ManagementArgs {
    /**
     * The id of an existing ledger or balance to bring under management instead of making one. An argument that is left
     * out then means "as it is", and nothing is written unless a declared value differs. The preview says what would
     * change. Keep it: an adopted thing is found by it again after a lost state. Another id is an error. `import:` and
     * `pulumi import` cannot work with Pulumi's dynamic resources: this is what does.
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
     * What happens when it leaves the program or is replaced. Blnk cannot delete it, so that it stays there in any
     * case: `"refuseIfUsed"` fails where money has ever moved on the balance, or where a balance in the ledger is not
     * this stack's; `"forget"` only stops managing it; `"refuse"` always fails. The policy that counts is the one of
     * the last `pulumi up`; for a replacement the new one.
     *
     * @default "refuseIfUsed"
     */
    onDelete?: pulumi.Input<OnDelete | undefined>;
}
