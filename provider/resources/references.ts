import * as pulumi from "@pulumi/pulumi";

/** Anything that has an id in Blnk: a resource of this package, a look-up's answer, or a resource of another package. */
export interface HasId {
    /** The id, such as `ldg_…`. */
    readonly id: pulumi.Input<string>;
}

type Reference = pulumi.Input<string | HasId | undefined>;

/** The id behind a reference that may be the thing itself or its id. Undefined stays undefined. */
export function idOf(reference: Reference): pulumi.Input<string | undefined> {
    // Most are one of these two, and every output that is made costs the program time.
    if (reference === undefined || typeof reference === "string") return reference;
    if (pulumi.CustomResource.isInstance(reference)) return reference.id;
    return pulumi
        .output(reference)
        .apply((value) =>
            value === undefined || value === null || typeof value === "string" ? value : pulumi.output(value.id),
        ) as pulumi.Output<string | undefined>;
}

/** The URN of what is referred to, where it is a resource: that is known before its id is. */
export function urnBehind(reference: Reference): pulumi.Input<string | undefined> {
    if (reference === undefined || typeof reference === "string") return undefined;
    if (pulumi.CustomResource.isInstance(reference)) return reference.urn;
    return pulumi
        .output(reference)
        .apply((value) => (pulumi.Resource.isInstance(value) ? pulumi.output(value.urn) : undefined)) as pulumi.Output<
        string | undefined
    >;
}

/** The arguments that are given: every property that is handed over costs the program time, undefined ones as well. */
export function given(args: pulumi.Inputs): pulumi.Inputs {
    return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

/** The id behind a reference that is known at once. */
export function plainIdOf(reference: string | { readonly id: string } | undefined): string | undefined {
    return typeof reference === "object" ? reference.id : reference;
}
