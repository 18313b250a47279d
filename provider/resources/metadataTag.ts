import * as pulumi from "@pulumi/pulumi";
import { argumentProblems, argumentsIn, type Known } from "../program/arguments";
import { noteLookUp } from "../program/instances";
import { registrationOf } from "../program/registration";
import { rivalsOf } from "../program/rivals";
import { withoutStackTraces } from "../program/stackTraces";
import { typeToken } from "../wire/typeToken";
import type { HasId, WithLate, Without } from "./references";
import { carriersBehind, given, hintBehind, idOf, textsOf, urnBehind } from "./references";

/** All argument names, to find misspelt ones at run time. The compiler checks that the list is complete. */
const METADATA_TAG_ARGS = {
    target: true,
    key: true,
    value: true,
    replaceExisting: true,
    adopt: true,
} satisfies Known<MetadataTagArgs>;

/**
 * A JSON value that may contain outputs of other resources at any depth. `undefined` counts as not given. Numbers must be
 * finite, and integers within 2^53, because Blnk rounds larger ones.
 */
export type JsonInput = pulumi.Input<
    string | number | boolean | null | undefined | JsonInput[] | { [key: string]: JsonInput }
>;

/** Metadata of a ledger or balance: top-level keys with any JSON value. */
export type MetadataInput = pulumi.Input<{ [key: string]: JsonInput } | undefined>;

/** The arguments of a {@link MetadataTag}: those of a new tag, or the id of an existing one and what differs from it. */
// In this order, and with parts in the middle, as in the arguments of a `Balance`.
export type MetadataTagArgs =
    | AdoptedMetadataTagArgs
    | Without<AdoptedMetadataTagArgs, "target" | "key" | "value">
    | WithLate<
          NewMetadataTagArgs,
          { target: string | HasId; key: string; value: NonNullable<JsonInput>; adopt: string }
      >
    | Without<NewMetadataTagArgs, "adopt">
    | NewMetadataTagArgs;

/** The arguments of a {@link MetadataTag} that can be created. */
export interface NewMetadataTagArgs {
    /**
     * The thing that carries the tag: a `Ledger`, a `Balance`, any resource with the id of a ledger, balance, identity or
     * transaction, or such an id (`ldg_…`, `bln_…`, `idt_…`, `txn_…`). Changing it replaces the tag. The General Ledger is
     * refused: it cannot carry metadata.
     */
    target: pulumi.Input<string | HasId>;
    /**
     * The top-level key in the target's metadata, such as `billing`. Must not be empty. Changing it replaces the tag. `pulumi`,
     * `BLNK_…`, `tokenized_fields` and `QUEUED_PARENT_TRANSACTION` are refused, because Blnk or this package uses them. Blnk
     * can search only by keys that begin with a letter and consist of letters, digits and underscores.
     */
    key: pulumi.Input<string>;
    /** The value: any JSON except null, at most 4 KB, such as `{ plan: "pro" }`. Objects are replaced whole, not merged. */
    value: NonNullable<JsonInput>;
    /**
     * Whether the tag may replace another writer's value: when the tag is created, and when its value changes in the program
     * while Blnk holds neither the old value nor the new one. If false, preview and `up` refuse this.
     *
     * @default false
     */
    replaceExisting?: pulumi.Input<boolean | undefined>;
    /**
     * The id of an existing tag to manage, `<id of the target>/<key>`.
     *
     * @default none: the tag is created
     */
    adopt?: pulumi.Input<string | undefined>;
}

/** The arguments of a {@link MetadataTag} that adopts an existing tag. Omitted arguments keep their values in Blnk. */
export interface AdoptedMetadataTagArgs extends Omit<NewMetadataTagArgs, "target" | "key" | "value" | "adopt"> {
    /**
     * The id of the existing tag, `<id of the target>/<key>`. Nothing is written unless you declare another value; then the
     * preview says so. You may remove `adopt` once `target`, `key` and `value` are declared. Errors: the key holds no value;
     * the resource manages a tag with another id already.
     */
    adopt: pulumi.Input<string>;
    /**
     * The thing that carries the tag. Any other target than the one in the id is refused.
     *
     * @default the target in the id
     */
    target?: pulumi.Input<string | HasId | undefined>;
    /**
     * The top-level key in the target's metadata. Any other key than the one in the id is refused.
     *
     * @default the key in the id
     */
    key?: pulumi.Input<string | undefined>;
    /**
     * The value of the key: any JSON except null, at most 4 KB. Objects are replaced whole, not merged.
     *
     * @default the value in Blnk
     */
    value?: JsonInput;
}

/**
 * One top-level key of the metadata of one ledger, balance, identity or transaction.
 *
 * Its id is `<id of the target>/<key>`. When the tag leaves the program, the key is set to null, because Blnk cannot remove
 * keys; if another writer has changed the value since, it stays as it is.
 *
 * Fails with an error if the key already holds another value (see `replaceExisting`), if the target does not exist, if its
 * metadata becomes too large, or if another writer keeps overwriting the metadata at the same time.
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
    /** The id of the thing that carries the tag. */
    declare readonly target: pulumi.Output<string>;
    /** The top-level key in the target's metadata. */
    declare readonly key: pulumi.Output<string>;
    /** The value of the key. */
    declare readonly value: pulumi.Output<unknown>;

    /**
     * Declares a metadata tag.
     *
     * @param name The resource's name in the stack.
     * @param args The tag's arguments.
     * @param options Pulumi's resource options.
     */
    constructor(name: string, args: MetadataTagArgs, options: pulumi.CustomResourceOptions = {}) {
        const { target, key, value, replaceExisting, adopt } = argumentsIn<MetadataTagArgs>(args);
        const inputs = { target: idOf(target), key, value, ...given({ replaceExisting, adopt }) };
        const [adopted = "", adoptedKey] = textsOf(adopt).flatMap((id) => /^([^/]+)\/(.+)$/s.exec(id)?.slice(1) ?? []);
        const declaration = {
            label: `MetadataTag "${name}"`,
            options,
            carriers: [...carriersBehind(target), ...(adoptedKey === undefined ? [] : [adopted])],
            keys: [...textsOf(key), ...(adoptedKey === undefined ? [] : [adoptedKey])],
        };
        const registered = registrationOf("MetadataTag", name, inputs, options, {
            problems: argumentProblems(args, METADATA_TAG_ARGS),
            lateProblems: rivalsOf(declaration),
            forCheck: given({ targetUrn: urnBehind(target), hint: hintBehind(target) }),
        });
        const stacks = withoutStackTraces();
        try {
            super(typeToken("MetadataTag"), name, registered, options);
        } catch (error) {
            throw stacks.located(error);
        } finally {
            stacks.end();
        }
        noteLookUp(this, options);
    }

    /**
     * Looks up an existing metadata key, without managing it. Fails with an error if the key holds no value.
     *
     * @param name The resource's name in the stack.
     * @param id `<id of the target>/<key>`.
     * @param options Pulumi's resource options.
     *
     * @example
     * ```typescript
     * import * as blnk from "pulumi-blnk";
     *
     * const tag = blnk.MetadataTag.get("billing", "ldg_0be360ca-86fe-457d-be43-daa3f966d8f0/billing");
     * export const billing = tag.value;
     * ```
     */
    static get(name: string, id: pulumi.Input<pulumi.ID>, options: pulumi.CustomResourceOptions = {}): MetadataTag {
        return new MetadataTag(name, undefined as unknown as MetadataTagArgs, { ...options, id });
    }
}
