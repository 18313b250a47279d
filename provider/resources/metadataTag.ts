import * as pulumi from "@pulumi/pulumi";
import { hosted } from "../host/hosting";
import { typeToken } from "../host/typeToken";
import type { HasId } from "./references";
import { idOf } from "./references";

/**
 * A JSON value that may hold values of other resources at any depth. `undefined` counts as not given. Numbers must be
 * finite, and integers within 2^53: Blnk would round others.
 */
export type JsonInput = pulumi.Input<
    string | number | boolean | null | undefined | JsonInput[] | { [key: string]: JsonInput }
>;

/** Metadata of a ledger or balance: top-level keys with any JSON value. */
export type MetadataInput = pulumi.Input<{ [key: string]: JsonInput } | undefined>;

/** What a {@link MetadataTag} is asked to be. */
export interface MetadataTagArgs {
    /**
     * What carries the tag: a `Ledger`, a `Balance`, any resource with the id of a ledger, balance, identity or
     * transaction, or such an id. Needed unless the tag is adopted. Another target replaces the tag.
     */
    target?: pulumi.Input<string | HasId | undefined>;
    /**
     * The top-level key in the target's metadata, not empty. Needed unless the tag is adopted. Another key replaces the tag. `pulumi`, `BLNK_…`,
     * `tokenized_fields` and `QUEUED_PARENT_TRANSACTION` are refused: Blnk or this package gives them a meaning of
     * their own. Core can filter only by keys of letters, digits and underscores that begin with a letter.
     */
    key?: pulumi.Input<string | undefined>;
    /**
     * The value under the key: any JSON except null, at most 4 KB. An object is written whole, not merged. Needed unless
     * the tag is adopted.
     */
    value?: JsonInput;
    /**
     * Whether something else that the key holds already may be replaced when the tag is made. Has no effect afterwards.
     *
     * @default false
     */
    replaceExisting?: pulumi.Input<boolean | undefined>;
    /**
     * The id of an existing tag, `<id of the target>/<key>`, to bring under management; `target`, `key` and `value` that are
     * left out then mean "as it is".
     *
     * @default none
     */
    adopt?: pulumi.Input<string | undefined>;
}

/**
 * One top-level key of the metadata of one ledger, balance, identity or transaction.
 *
 * Its id is `<id of the target>/<key>`. A key that already holds something else is refused. Removing the tag sets
 * the key to null, as Blnk cannot remove keys; a value that somebody else has written since is left alone.
 *
 * Blnk's documentation: https://docs.blnkfinance.com/reference/update-metadata
 *
 * @example
 * ```typescript
 * import * as blnk from "pulumi-blnk";
 *
 * const customers = new blnk.Ledger("customers");
 * new blnk.MetadataTag("customers-billing", {
 *     target: customers,
 *     key: "billing",
 *     value: { plan: "pro", seats: 3 },
 * });
 * ```
 */
export class MetadataTag extends pulumi.CustomResource {
    /** The id of what carries the tag. */
    declare readonly target: pulumi.Output<string>;
    /** The top-level key in the target's metadata. */
    declare readonly key: pulumi.Output<string>;
    /** The value under the key. */
    declare readonly value: pulumi.Output<unknown>;

    /**
     * Declares a metadata tag.
     *
     * @param name The resource's name in the stack.
     * @param args What the tag is asked to be.
     * @param options Pulumi's resource options.
     */
    constructor(name: string, args: MetadataTagArgs, options: pulumi.CustomResourceOptions = {}) {
        const inputs = {
            target: idOf(args?.target),
            key: args?.key,
            value: args?.value,
            replaceExisting: args?.replaceExisting,
            adopt: args?.adopt,
        };
        super(typeToken("MetadataTag"), name, hosted("MetadataTag", name, inputs, options), options);
    }

    /**
     * Looks up an existing key of a thing's metadata, without managing it. Fails with a sentence when there is none.
     *
     * @param name The resource's name in the stack.
     * @param id `<id of the target>/<key>`.
     * @param options Pulumi's resource options.
     */
    static get(name: string, id: pulumi.Input<pulumi.ID>, options: pulumi.CustomResourceOptions = {}): MetadataTag {
        return new MetadataTag(name, undefined as unknown as MetadataTagArgs, { ...options, id });
    }
}
