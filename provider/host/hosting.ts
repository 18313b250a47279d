import * as pulumi from "@pulumi/pulumi";
import { formatBinding, formatUrn } from "../lifecycles/mark";
import type { Query } from "../lifecycles/search";
import { warnOfConfiguration } from "./configWarnings";
import { jsonProblems } from "./jsonValues";
import { typeToken } from "./typeToken";

/**
 * The text that Pulumi keeps with every resource and compiles when it needs the resource's lifecycle: it asks the
 * installed package. It is compared, and stored, letter by letter: for ever as it is.
 */
export function handler(kind: string): string {
    return `exports.handler=()=>require("module").createRequire(process.cwd()+"/")("pulumi-blnk/hosted").${kind}`;
}

/** The same for Instance, which comes first in every program, and says in a sentence when the package is not there. */
function instanceHandler(): string {
    return (
        `exports.handler = () => { const directory = process.cwd(); ` +
        `try { return require("module").createRequire(directory + "/")("pulumi-blnk/hosted").Instance; } ` +
        `catch (error) { if (error.code !== "MODULE_NOT_FOUND") throw error; ` +
        `const missing = new Error("pulumi-blnk cannot be found from the program's directory " + directory + ` +
        `". Run \\"npm install pulumi-blnk\\" there."); missing.stack = ""; throw missing; } };`
    );
}

/** What a resource hands to Pulumi: its inputs, how it is hosted, where it stands, and in which server it lives. */
export function hosted(
    kind: string,
    name: string,
    inputs: pulumi.Inputs,
    options: pulumi.CustomResourceOptions,
): pulumi.Inputs {
    const instance = bindingFor(instanceFor(options), inputs);
    // A resource that is only looked up by its id (`get`) asks for nothing, and has no mark. Its inputs are named all the
    // same: the SDK makes outputs of the properties that it is handed, and of no others.
    const outputs = Object.fromEntries(Object.keys(inputs).map((input) => [input, undefined]));
    // Not "urn": the SDK sends no input of that name.
    const problems = Object.entries(inputs).flatMap(([input, value]) => jsonProblems(value, input));
    const asked =
        options.id === undefined
            ? {
                  ...inputs,
                  ownUrn: urnOf(kind, name, options),
                  // For the check to tell, which comes before anything is done.
                  ...(problems.length === 0 ? {} : { noJson: problems }),
              }
            : { ...outputs, lookup: true };
    return { ...asked, instance, __provider: handler(kind) };
}

/** The same for a resource that only answers a query. The answer will be its output `found`. */
export function hostedLookup(
    kind: string,
    query: pulumi.Input<Query>,
    options: pulumi.CustomResourceOptions,
): pulumi.Inputs {
    return {
        lookup: query,
        found: undefined,
        instance: instanceFor(options).binding,
        __provider: handler(kind),
    };
}

/** The resource's URN, as plain text or a promise of it: an output would make the resource wait for its parent. */
function urnOf(kind: string, name: string, { parent }: pulumi.CustomResourceOptions): pulumi.Input<string> {
    if (parent !== undefined) {
        const urn = pulumi.createUrn(name, typeToken(kind), parent);
        // A dependency on a component waits for all its children, of which this is one.
        return new Promise((resolve) => void urn.apply(resolve));
    }
    const place = { project: pulumi.getProject(), stack: pulumi.getStack(), under: "", type: typeToken(kind), name };
    return formatUrn(place);
}

/** The Blnk server behind a provider, and the word that says whose things are whose there. One per stack and provider. */
class Instance extends pulumi.CustomResource {
    declare readonly server: pulumi.Output<string>;
    /** `<identity of the server>/<owner>`. The owner is the id: it stays known while an update is previewed. */
    readonly binding: pulumi.Output<string>;
    /** The same, without the dependency that the engine stores with each resource that is handed an output. */
    readonly bareBinding: Promise<string | typeof pulumi.unknown>;

    constructor(name: string, options: pulumi.CustomResourceOptions) {
        const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
        super(typeToken("Instance"), name, { stack, server: undefined, __provider: instanceHandler() }, options);
        // One for all resources: each output that is made costs the program time.
        this.binding = pulumi.all([this.server, this.id]).apply(([server, owner]) => formatBinding(server, owner));
        this.bareBinding = valueIfKnown(this.binding);
        // Told to those who wait for it.
        this.bareBinding.catch(() => undefined);
    }
}

async function valueIfKnown(output: pulumi.Output<string>): Promise<string | typeof pulumi.unknown> {
    const { isKnown, promise } = outputInternals(output);
    return (await isKnown) ? (promise() as Promise<string>) : pulumi.unknown;
}

/**
 * The binding as one resource is handed it. What stands on another resource of the same Instance comes after that Instance
 * already, and is let go before it: a dependency of its own would cost the engine time whenever it saves.
 */
function bindingFor(instance: Instance, inputs: pulumi.Inputs): pulumi.Input<unknown> {
    const isBehind = (resource: pulumi.Resource) => {
        const { __pulumiType: type, __prov: provider } = resourceInternals(resource);
        return type?.startsWith(typeToken("")) && provider === resourceInternals(instance).__prov;
    };
    const standsOnOther = Object.values(inputs).some(
        (input) => pulumi.Output.isInstance(input) && [...outputInternals(input).resources()].some(isBehind),
    );
    return standsOnOther ? instance.bareBinding : instance.binding;
}

/** The Instances of each program run, by provider. A run has one connection to the engine, or one mock of it. */
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

/** What stands for one run of a program: its connection to the engine. */
export function currentRun(): object {
    return pulumi.runtime.getMonitor() ?? noEngine;
}

const noEngine = {};

const PACKAGE = "pulumi-nodejs";

/** The explicit provider that Pulumi will choose for a resource with these options, by the same order. */
export function providerOf(options: pulumi.CustomResourceOptions): pulumi.ProviderResource | undefined {
    const { provider, parent } = options;
    const { providers } = options as pulumi.ComponentResourceOptions;
    const given = Array.isArray(providers) ? providers : Object.values(providers ?? {});
    return [provider, ...given, parent?.getProvider(typeToken("Instance"))].find(
        (candidate) => candidate !== undefined && internals(candidate).getPackage() === PACKAGE,
    );
}

/** The name that a provider has in the stack. */
export function nameOf(provider: pulumi.ProviderResource): string {
    return internals(provider).__name;
}

/** What every provider resource has, though the SDK does not type it. */
function internals(provider: pulumi.ProviderResource): { readonly __name: string; getPackage(): string } {
    return provider as unknown as { readonly __name: string; getPackage(): string };
}

/** The same of every resource: its type, and the explicit provider that it was given. */
function resourceInternals(resource: pulumi.Resource): {
    readonly __pulumiType?: string;
    readonly __prov?: pulumi.ProviderResource;
} {
    return resource as unknown as { readonly __pulumiType?: string; readonly __prov?: pulumi.ProviderResource };
}

/** The same of every output. */
export function outputInternals(output: pulumi.Output<unknown>): {
    readonly isKnown: Promise<boolean>;
    promise(): Promise<unknown>;
    resources(): ReadonlySet<pulumi.Resource>;
} {
    return output as unknown as ReturnType<typeof outputInternals>;
}
