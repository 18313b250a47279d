import type * as pulumi from "@pulumi/pulumi";

/** Members of every provider resource that the SDK does not type. */
export function providerInternals(provider: pulumi.ProviderResource): {
    readonly __name: string;
    getPackage(): string;
} {
    return provider as unknown as { readonly __name: string; getPackage(): string };
}

/** The same for every resource: its type, and its explicit provider. */
export function resourceInternals(resource: pulumi.Resource): {
    readonly __pulumiType?: string;
    readonly __prov?: pulumi.ProviderResource;
} {
    return resource as unknown as { readonly __pulumiType?: string; readonly __prov?: pulumi.ProviderResource };
}

/** The same for every output. */
export function outputInternals(output: pulumi.Output<unknown>): {
    readonly isKnown: Promise<boolean>;
    readonly isSecret: Promise<boolean>;
    promise(): Promise<unknown>;
    resources(): ReadonlySet<pulumi.Resource>;
} {
    return output as unknown as ReturnType<typeof outputInternals>;
}
