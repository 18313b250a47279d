import * as pulumi from "@pulumi/pulumi";
import { argumentProblems, argumentsIn, type Known } from "../program/arguments";
import { noteLookUp } from "../program/instances";
import { registrationOf } from "../program/registration";
import { rivalsOf } from "../program/rivals";
import { withoutStackTraces } from "../program/stackTraces";
import { typeToken } from "../wire/typeToken";
import type { HasId, WithLate, Without } from "./references";
import { carriersBehind, given, hintBehind, idOf, textsOf, urnBehind } from "./references";

/** The names of all arguments, as there are no types when a program runs. The compiler refuses one too few or too many. */
const METADATA_TAG_ARGS = {
    target: true,
    key: true,
    value: true,
    replaceExisting: true,
    adopt: true,
} satisfies Known<MetadataTagArgs>;

/**
 * A JSON value that may hold values of other resources at any depth. `undefined` counts as not given. Numbers must be
 * finite, and integers within 2^53: Blnk would round others.
 */
export type JsonInput = pulumi.Input<
    string | number | boolean | null | undefined | JsonInput[] | { [key: string]: JsonInput }
>;

/** Metadata of a ledger or balance: top-level keys with any JSON value. */
export type MetadataInput = pulumi.Input<{ [key: string]: JsonInput } | undefined>;

/** What a {@link MetadataTag} is asked to be: all of it, or an existing tag's id and what is to differ from it. */
// In this order, and with parts in the middle, as for a `Balance`.
export type MetadataTagArgs =
    | AdoptedMetadataTagArgs
    | Without<AdoptedMetadataTagArgs, "target" | "key" | "value">
    | WithLate<
          NewMetadataTagArgs,
          { target: string | HasId; key: string; value: NonNullable<JsonInput>; adopt: string }
      >
    | Without<NewMetadataTagArgs, "adopt">
    | NewMetadataTagArgs;

/** A {@link MetadataTag} that is told whole, so that it can be made where there is nothing to adopt. */
export interface NewMetadataTagArgs {
    /**
     * What carries the tag: a `Ledger`, a `Balance`, any resource with the id of a ledger, balance, identity or
     * transaction, or such an id. Another target replaces the tag.
     */
    target: pulumi.Input<string | HasId>;
    /**
     * The top-level key in the target's metadata, not empty. Another key replaces the tag. `pulumi`, `BLNK_…`,
     * `tokenized_fields` and `QUEUED_PARENT_TRANSACTION` are refused: Blnk or this package gives them a meaning of
     * their own. Core can filter only by keys of letters, digits and underscores that begin with a letter.
     */
    key: pulumi.Input<string>;
    /** The value under the key: any JSON except null, at most 4 KB. An object is written whole, not merged. */
    value: NonNullable<JsonInput>;
    /**
     * Whether a value may be replaced that somebody else put under the key: when the tag is created, and when its value changes
     * in the program and Blnk holds neither the old value nor the new.
     *
     * @default false
     */
    replaceExisting?: pulumi.Input<boolean | undefined>;
    /**
     * The id of an existing tag, `<id of the target>/<key>`, to bring under management.
     *
     * @default none
     */
    adopt?: pulumi.Input<string | undefined>;
}

/** A {@link MetadataTag} that exists already and is brought under management: what is left out is as it is. */
export interface AdoptedMetadataTagArgs extends Omit<NewMetadataTagArgs, "target" | "key" | "value" | "adopt"> {
    /**
     * The id of the existing tag, `<id of the target>/<key>`. Nothing is written unless another value is declared,
     * and the preview says so. May be removed again once `target`, `key` and `value` are given; another id is an
     * error.
     */
    adopt: pulumi.Input<string>;
    /**
     * What carries the tag. Another than the id names is refused.
     *
     * @default as it is
     */
    target?: pulumi.Input<string | HasId | undefined>;
    /**
     * The top-level key in the target's metadata. Another than the id names is refused.
     *
     * @default as it is
     */
    key?: pulumi.Input<string | undefined>;
    /**
     * The value under the key: any JSON except null, at most 4 KB. An object is written whole, not merged.
     *
     * @default as it is
     */
    value?: JsonInput;
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
