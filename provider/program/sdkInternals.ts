import type * as pulumi from "@pulumi/pulumi";

/** What every provider resource has, though the SDK does not type it. */
export function providerInternals(provider: pulumi.ProviderResource): {
    readonly __name: string;
    getPackage(): string;
} {
    return provider as unknown as { readonly __name: string; getPackage(): string };
}

/** The same of every resource: its type, and the explicit provider that it was given. */
export function resourceInternals(resource: pulumi.Resource): {
    readonly __pulumiType?: string;
    readonly __prov?: pulumi.ProviderResource;
} {
    return resource as unknown as { readonly __pulumiType?: string; readonly __prov?: pulumi.ProviderResource };
}

/** The same of every output. */
export function outputInternals(output: pulumi.Output<unknown>): {
    readonly isKnown: Promise<boolean>;
    readonly isSecret: Promise<boolean>;
    promise(): Promise<unknown>;
    resources(): ReadonlySet<pulumi.Resource>;
} {
    return output as unknown as ReturnType<typeof outputInternals>;
}

/** A line of the program; undefined where it is in no file. */
export type Frame = { readonly uri: string; readonly line: number; readonly column: number } | undefined;

/** What the class of all resources has for itself, in the versions that have it. */
export function classInternals(resource: typeof pulumi.Resource): {
    /** The lines by which a resource came to be declared, innermost first, without so many calls at the top. */
    stackTrace?: (skip: number) => Frame[];
} {
    return resource as unknown as ReturnType<typeof classInternals>;
}
