import * as pulumi from "@pulumi/pulumi";

/** Anything that has an id in Blnk: a resource of this package, a look-up's answer, or a resource of another package. */
export interface HasId {
    /** The id, such as `ldg_…`. */
    readonly id: pulumi.Input<string>;
}

/** The id behind a reference that may be the thing itself or its id. Undefined stays undefined. */
export function idOf(reference: pulumi.Input<string | HasId | undefined>): pulumi.Output<string | undefined> {
    return pulumi
        .output(reference)
        .apply((value) =>
            value === undefined || value === null || typeof value === "string" ? value : pulumi.output(value.id),
        ) as pulumi.Output<string | undefined>;
}

/** The URN of what is referred to, where it is a resource: that is known before its id is. */
export function urnBehind(reference: pulumi.Input<string | HasId | undefined>): pulumi.Output<string | undefined> {
    return pulumi
        .output(reference)
        .apply((value) => (pulumi.Resource.isInstance(value) ? pulumi.output(value.urn) : undefined)) as pulumi.Output<
        string | undefined
    >;
}

/** The id behind a reference that is known at once. */
export function plainIdOf(reference: string | { readonly id: string } | undefined): string | undefined {
    return typeof reference === "object" ? reference.id : reference;
}
