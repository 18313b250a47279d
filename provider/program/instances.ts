import * as pulumi from "@pulumi/pulumi";
import { formatBinding } from "../wire/binding";
import { instanceHandler } from "../wire/handlers";
import { typeToken } from "../wire/typeToken";
import { warnOfConfiguration } from "./configWarnings";
import { outputInternals, providerInternals, resourceInternals } from "./sdkInternals";

/** The Blnk server behind a provider, and the owner of this stack's things there. One per stack and provider. */
class Instance extends pulumi.CustomResource {
    declare readonly server: pulumi.Output<string>;
    /** `<identity of the server>/<owner>`. The owner is the resource's id, so it stays known in the preview of an update. */
    readonly binding: pulumi.Output<string>;
    /** The same without a dependency: the engine would store one with every resource that gets the output. */
    readonly bareBinding: Promise<string | typeof pulumi.unknown>;

    constructor(name: string, options: pulumi.CustomResourceOptions) {
        const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
        super(typeToken("Instance"), name, { stack, server: undefined, __provider: instanceHandler() }, options);
        // One output for all resources: creating outputs takes time.
        this.binding = pulumi.all([this.server, this.id]).apply(([server, owner]) => formatBinding(server, owner));
        this.bareBinding = valueIfKnown(this.binding);
        // Whoever awaits the promise gets the error.
        this.bareBinding.catch(() => undefined);
    }
}

async function valueIfKnown(output: pulumi.Output<string>): Promise<string | typeof pulumi.unknown> {
    const { isKnown, promise } = outputInternals(output);
    return (await isKnown) ? (promise() as Promise<string>) : pulumi.unknown;
}

/**
 * The binding for one resource. If the resource depends on another resource of the same Instance, it needs no dependency of its
 * own on the Instance: the order is right already, and each dependency costs the engine time whenever it saves.
 */
export function bindingFor(inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions): pulumi.Input<unknown> {
    const instance = instanceFor(options);
    const isBehind = (resource: pulumi.Resource) => {
        const { __pulumiType: type, __prov: provider } = resourceInternals(resource);
        const isOurs = type?.startsWith(typeToken("")) && provider === resourceInternals(instance).__prov;
        return isOurs && !lookedUp.has(resource);
    };
    const standsOnOther = Object.values(inputs).some(
        (input) => pulumi.Output.isInstance(input) && [...outputInternals(input).resources()].some(isBehind),
    );
    return standsOnOther ? instance.bareBinding : instance.binding;
}

/**
 * The binding for a look-up, without a dependency: in a preview, newer engines skip reads that depend on a resource that is yet
 * to be created. Undefined in the preview of a new stack, whose Instance is not known.
 */
export function knownBindingFor(options: pulumi.CustomResourceOptions): Promise<unknown> {
    return outputInternals(instanceFor(options).binding).promise();
}

/** The Instance of a resource with these options, and the identity of its server (undefined while not known). */
export function serverBehind(options: pulumi.CustomResourceOptions): {
    readonly instance: object;
    server(): Promise<unknown>;
} {
    const instance = instanceFor(options);
    return { instance, server: () => outputInternals(instance.server).promise() };
}

/** Resources that are only looked up. They do not depend on their Instance. */
const lookedUp = new WeakSet<pulumi.Resource>();

/** Notes that a resource is only looked up, if its options say so. */
export function noteLookUp(resource: pulumi.Resource, { id }: pulumi.CustomResourceOptions): void {
    if (id !== undefined) lookedUp.add(resource);
}

/** The Instances of each program run, by provider. A run has one connection to the engine, or one mock. */
const instancesOfRun = new WeakMap<object, Map<pulumi.ProviderResource | undefined, Instance>>();

function instanceFor(options: pulumi.CustomResourceOptions): Instance {
    const run = currentRun();
    const instances = instancesOfRun.get(run) ?? new Map<pulumi.ProviderResource | undefined, Instance>();
    instancesOfRun.set(run, instances);
    const provider = providerOf(options);
    const existing = instances.get(provider);
    if (existing !== undefined) return existing;
    if (provider === undefined) warnOfConfiguration();
    const made =
        provider === undefined
            ? new Instance("blnk", {})
            : new Instance(nameOf(provider), { parent: provider, provider });
    instances.set(provider, made);
    return made;
}

/** An object that identifies one run of a program: its connection to the engine. */
export function currentRun(): object {
    return pulumi.runtime.getMonitor() ?? noEngine;
}

const noEngine = {};

const PACKAGE = "pulumi-nodejs";

/** The explicit provider that Pulumi chooses for a resource with these options, in the same order. */
export function providerOf(options: pulumi.CustomResourceOptions): pulumi.ProviderResource | undefined {
    const { provider, parent } = options;
    const { providers } = options as pulumi.ComponentResourceOptions;
    const given = Array.isArray(providers) ? providers : Object.values(providers ?? {});
    return [provider, ...given, parent?.getProvider(typeToken("Instance"))].find(
        (candidate) => candidate !== undefined && providerInternals(candidate).getPackage() === PACKAGE,
    );
}

/** The name of a provider in the stack. */
export function nameOf(provider: pulumi.ProviderResource): string {
    return providerInternals(provider).__name;
}
