import * as pulumi from "@pulumi/pulumi";
import { argumentsIn } from "../program/arguments";
import { holdsId, isStructure, marked } from "../program/jsonValues";
import type { Carrier, Declaration } from "../program/rivals";
import { outputInternals } from "../program/sdkInternals";

/** Anything with an id in Blnk: a resource of this package, the answer of a look-up, or a resource of another package. */
export interface HasId {
    /** The id, such as `ldg_…`. */
    readonly id: pulumi.Input<string>;
}

/** A given value that may come late and turn out to be undefined. */
export type Late<T> = Exclude<pulumi.Input<T | undefined>, undefined>;

/** The same arguments, without some of them. */
export type Without<Args, Names extends keyof Args> = Omit<Args, Names> & { readonly [Name in Names]?: undefined };

/** The same arguments, of which some may come late and turn out to be undefined. The check reports those. */
export type WithLate<Args, Values extends object> = Omit<Args, keyof Values> & {
    readonly [Name in keyof Values]: Late<Values[Name]>;
};

type Reference = pulumi.Input<string | HasId | undefined>;

/** The id of a reference, which is a thing or its id. Undefined stays undefined. */
export function idOf(reference: Reference): pulumi.Input<string | undefined> {
    // Most references are one of these two. Creating outputs takes time.
    if (reference === undefined || typeof reference === "string") return reference;
    if (pulumi.CustomResource.isInstance(reference)) return holdsId(reference.id);
    if (pulumi.Output.isInstance(reference)) return holdsId(reference.apply(idIn)) as pulumi.Output<string | undefined>;
    if (reference instanceof Promise) {
        return holdsId(pulumi.output(reference.then(idIn))) as pulumi.Output<string | undefined>;
    }
    // A value without an id is passed on: the check refuses it.
    return hasId(reference) ? reference.id : (reference as never);
}

/** The id of a resolved reference. If it is neither an id nor a thing with one, the check reports it. */
function idIn(reference: unknown): unknown {
    return marked(hasId(reference) ? reference.id : reference);
}

/** The URN of the referenced thing, if it is a resource: it is known before the id. */
export function urnBehind(reference: Reference): pulumi.Input<string | undefined> {
    if (reference === undefined || typeof reference === "string") return undefined;
    if (pulumi.CustomResource.isInstance(reference)) return reference.urn;
    if (!pulumi.Output.isInstance(reference) && !(reference instanceof Promise)) return undefined;
    return pulumi
        .output(reference)
        .apply((value) => (pulumi.Resource.isInstance(value) ? pulumi.output(value.urn) : undefined)) as pulumi.Output<
        string | undefined
    >;
}

/** Members of sets, by the outputs that hold their ids. */
const members = new WeakMap<object, { readonly set: pulumi.Output<string>; readonly key: string }>();

/** Notes that an output is the id of a member of the set with this id. */
export function noteMember<T extends object>(id: T, set: pulumi.Output<string>, key: string): T {
    members.set(id, { set, key });
    return id;
}

/** The set and key of a referenced member, for the check in a preview, where the set may be about to change. */
export function hintBehind(reference: Reference): Promise<unknown> | undefined {
    // In an update all ids are known, and a hint would be stored in the state.
    if (!pulumi.runtime.isDryRun()) return undefined;
    const id = hasId(reference) ? reference.id : reference;
    const member = typeof id === "object" ? members.get(id) : undefined;
    // A promise, because it creates no dependency.
    const set = member && outputInternals(member.set).promise();
    return set?.then((known) => (known === undefined ? undefined : { set: known, key: member?.key }));
}

/** The identifiers of the referenced thing, as far as they are known at once. */
export function carriersBehind(reference: Reference): Carrier[] {
    const id = hasId(reference) && !pulumi.Resource.isInstance(reference) ? reference.id : reference;
    if (typeof id === "string") return [id];
    if (typeof id !== "object" || id === null) return [];
    const member = members.get(id);
    if (member !== undefined) return [carrierOf(member.set, member.key)];
    if (!pulumi.Output.isInstance(id)) return pulumi.CustomResource.isInstance(id) ? [id] : [];
    return [...outputInternals(id).resources()].filter((it) => pulumi.CustomResource.isInstance(it) && it.id === id);
}

/** The metadata that a ledger or balance declares, as far as it is known at once. */
export function declarationOf(
    label: string,
    options: pulumi.CustomResourceOptions,
    args: object | undefined,
): Declaration {
    const { adopt, metadata } = argumentsIn<{ adopt: unknown; metadata: unknown }>(args as never);
    return { label, options, carriers: [...textsOf(adopt), ...textsOf(options.id)], keys: keysIn(metadata) };
}

/** The object that represents each member of a set, by the set's id and the key. */
const carriersOfSets = new WeakMap<object, Map<string, object>>();

function carrierOf(set: object, key: string): object {
    const carriers = carriersOfSets.get(set) ?? new Map<string, object>();
    carriersOfSets.set(set, carriers);
    const carrier = carriers.get(key) ?? {};
    carriers.set(key, carrier);
    return carrier;
}

/** The value as a list, if it is a string that is known at once. */
export function textsOf(value: unknown): string[] {
    return typeof value === "string" ? [value] : [];
}

/** The keys with a value in metadata that is known at once. */
export function keysIn(metadata: unknown): string[] {
    if (!isStructure(metadata) || Array.isArray(metadata)) return [];
    return Object.entries(metadata).flatMap(([key, value]) => (value === null || value === undefined ? [] : [key]));
}

/** The given arguments. Undefined ones are left out: each property takes time to register. */
export function given(args: pulumi.Inputs): pulumi.Inputs {
    return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

/** The id of a reference that is known at once. A value without an id is passed on: the host refuses it. */
export function plainIdOf(reference: unknown): unknown {
    return hasId(reference) ? reference.id : reference;
}

function hasId(reference: unknown): reference is { readonly id: never } {
    if (typeof reference !== "object" || reference === null) return false;
    return !pulumi.Output.isInstance(reference) && "id" in reference;
}
