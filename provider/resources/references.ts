import * as pulumi from "@pulumi/pulumi";
import { argumentsIn } from "../program/arguments";
import { holdsId, isStructure, marked } from "../program/jsonValues";
import type { Carrier, Declaration } from "../program/rivals";
import { outputInternals } from "../program/sdkInternals";

/** Anything that has an id in Blnk: a resource of this package, a look-up's answer, or a resource of another package. */
export interface HasId {
    /** The id, such as `ldg_…`. */
    readonly id: pulumi.Input<string>;
}

/** Something that is given, and may come late and turn out to be nothing. */
export type Late<T> = Exclude<pulumi.Input<T | undefined>, undefined>;

/** The same arguments, of which some are not given. */
export type Without<Args, Names extends keyof Args> = Omit<Args, Names> & { readonly [Name in Names]?: undefined };

/** The same arguments, of which some may come late and turn out to be nothing: which of them are, the check tells. */
export type WithLate<Args, Values extends object> = Omit<Args, keyof Values> & {
    readonly [Name in keyof Values]: Late<Values[Name]>;
};

type Reference = pulumi.Input<string | HasId | undefined>;

/** The id behind a reference that may be the thing itself or its id. Undefined stays undefined. */
export function idOf(reference: Reference): pulumi.Input<string | undefined> {
    // Most are one of these two, and every output that is made costs the program time.
    if (reference === undefined || typeof reference === "string") return reference;
    if (pulumi.CustomResource.isInstance(reference)) return holdsId(reference.id);
    if (pulumi.Output.isInstance(reference)) return holdsId(reference.apply(idIn)) as pulumi.Output<string | undefined>;
    if (reference instanceof Promise) {
        return holdsId(pulumi.output(reference.then(idIn))) as pulumi.Output<string | undefined>;
    }
    // What has no id is handed on, to be refused.
    return hasId(reference) ? reference.id : (reference as never);
}

/** The id of what has come: marked where it is neither an id nor something that has one. */
function idIn(reference: unknown): unknown {
    return marked(hasId(reference) ? reference.id : reference);
}

/** The URN of what is referred to, where it is a resource: that is known before its id is. */
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

/** Members of sets, by the outputs of their ids. */
const members = new WeakMap<object, { readonly set: pulumi.Output<string>; readonly key: string }>();

/** Notes that an output is the id of a member of the set with this id. */
export function noteMember<T extends object>(id: T, set: pulumi.Output<string>, key: string): T {
    members.set(id, { set, key });
    return id;
}

/** Which member of which set is referred to, for the check of a preview, in which the set may be about to change. */
export function hintBehind(reference: Reference): Promise<unknown> | undefined {
    // In an update all is known; what is handed over then leaves a trace in the state.
    if (!pulumi.runtime.isDryRun()) return undefined;
    const id = hasId(reference) ? reference.id : reference;
    const member = typeof id === "object" ? members.get(id) : undefined;
    // A promise, which makes no dependency.
    const set = member && outputInternals(member.set).promise();
    return set?.then((known) => (known === undefined ? undefined : { set: known, key: member?.key }));
}

/** What stands for the thing that is referred to, as far as it is known at once. */
export function carriersBehind(reference: Reference): Carrier[] {
    const id = hasId(reference) && !pulumi.Resource.isInstance(reference) ? reference.id : reference;
    if (typeof id === "string") return [id];
    if (typeof id !== "object" || id === null) return [];
    const member = members.get(id);
    if (member !== undefined) return [carrierOf(member.set, member.key)];
    if (!pulumi.Output.isInstance(id)) return pulumi.CustomResource.isInstance(id) ? [id] : [];
    return [...outputInternals(id).resources()].filter((it) => pulumi.CustomResource.isInstance(it) && it.id === id);
}

/** What a ledger or balance declares of its metadata, as far as it is known at once. */
export function declarationOf(
    label: string,
    options: pulumi.CustomResourceOptions,
    args: object | undefined,
): Declaration {
    const { adopt, metadata } = argumentsIn<{ adopt: unknown; metadata: unknown }>(args as never);
    return { label, options, carriers: [...textsOf(adopt), ...textsOf(options.id)], keys: keysIn(metadata) };
}

/** What stands for each member of a set, by the set's id and the key. */
const carriersOfSets = new WeakMap<object, Map<string, object>>();

function carrierOf(set: object, key: string): object {
    const carriers = carriersOfSets.get(set) ?? new Map<string, object>();
    carriersOfSets.set(set, carriers);
    const carrier = carriers.get(key) ?? {};
    carriers.set(key, carrier);
    return carrier;
}

/** The text, where it is one that is known at once. */
export function textsOf(value: unknown): string[] {
    return typeof value === "string" ? [value] : [];
}

/** The keys under which metadata that is known at once holds something. */
export function keysIn(metadata: unknown): string[] {
    if (!isStructure(metadata) || Array.isArray(metadata)) return [];
    return Object.entries(metadata).flatMap(([key, value]) => (value === null || value === undefined ? [] : [key]));
}

/** The arguments that are given: every property that is handed over costs the program time, undefined ones as well. */
export function given(args: pulumi.Inputs): pulumi.Inputs {
    return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

/** The id behind a reference that is known at once. What has no id is handed on, to be refused. */
export function plainIdOf(reference: unknown): unknown {
    return hasId(reference) ? reference.id : reference;
}

function hasId(reference: unknown): reference is { readonly id: never } {
    if (typeof reference !== "object" || reference === null) return false;
    return !pulumi.Output.isInstance(reference) && "id" in reference;
}
