import * as pulumi from "@pulumi/pulumi";
import { handler } from "../wire/handlers";
import type { Expected, Query } from "../wire/query";
import { typeToken } from "../wire/typeToken";
import { formatUrn } from "../wire/urn";
import { bindingFor, knownBindingFor } from "./instances";
import { jsonProblems, withLateValuesMarked } from "./jsonValues";
import { outputInternals } from "./sdkInternals";

/** What a resource is asked to be, beside its inputs. */
export interface Asides {
    /** What is wrong with the arguments, in sentences, for the check to tell. */
    readonly problems?: readonly string[];
    /** The same, where that takes until the servers are known. */
    readonly lateProblems?: Promise<string[]> | undefined;
    /** Inputs for the check alone, which are not looked at here. */
    readonly forCheck?: pulumi.Inputs;
}

/** What a resource hands to Pulumi: its inputs, how it is hosted, where it stands, and in which server it lives. */
export function registrationOf(
    kind: string,
    name: string,
    inputs: pulumi.Inputs,
    options: pulumi.CustomResourceOptions,
    { problems = [], lateProblems, forCheck }: Asides = {},
): pulumi.Inputs {
    // A resource that is only looked up by its id (`get`) asks for nothing, and has no mark. Its inputs are named all the
    // same: the SDK makes outputs of the properties that it is handed, and of no others.
    if (options.id !== undefined) {
        const outputs = Object.fromEntries(Object.keys(inputs).map((input) => [input, undefined]));
        return { ...outputs, lookup: true, instance: knownBindingFor(options), __provider: handler(kind) };
    }
    const given = Object.entries(inputs);
    const all = [...problems, ...given.flatMap(([input, value]) => jsonProblems(value, input))];
    return {
        ...Object.fromEntries(given.map(([input, value]) => [input, convertible(withLateValuesMarked(value))])),
        ...forCheck,
        // Not "urn": the SDK sends no input of that name.
        ownUrn: urnOf(kind, name, options),
        // For the check to tell, which comes before anything is done.
        ...(all.length === 0 && lateProblems === undefined ? {} : { problems: allOf(all, lateProblems) }),
        instance: bindingFor(inputs, options),
        __provider: handler(kind),
    };
}

async function allOf(problems: readonly string[], late: Promise<string[]> | undefined): Promise<string[] | undefined> {
    const all = [...problems, ...((await late) ?? [])];
    return all.length === 0 ? undefined : all;
}

/** What check needs for an adoption besides the inputs: which of them are secret, as a preview shows values that change. */
export function forAdoption(inputs: pulumi.Inputs): pulumi.Inputs {
    return inputs.adopt === undefined ? {} : { secretInputs: secretNames(inputs) };
}

async function secretNames(inputs: pulumi.Inputs): Promise<string[]> {
    const names = Object.entries(inputs).map(async ([name, value]) =>
        pulumi.Output.isInstance(value) && (await outputInternals(value).isSecret) ? [name] : [],
    );
    return (await Promise.all(names)).flat();
}

/**
 * The value, where it can be turned into text, as the SDK does; else a promise of it. A key of metadata may be called
 * "toString".
 */
function convertible(value: unknown): unknown {
    if (typeof value !== "symbol" && (typeof value !== "object" || value === null)) return value;
    if (pulumi.Output.isInstance(value) || value instanceof Promise) return value;
    try {
        void `${value as object}`;
        return value;
    } catch {
        return Promise.resolve(value);
    }
}

/**
 * The same for a resource that only answers a query. The answer will be its output `found`. `secrets` names the arguments
 * that are not to be spelt.
 */
export function hostedLookup(
    kind: string,
    expected: Expected,
    query: pulumi.Input<Query>,
    secrets: Promise<ReadonlySet<string>> | undefined,
    options: pulumi.CustomResourceOptions,
): pulumi.Inputs {
    return {
        lookup: query,
        ...(secrets === undefined
            ? {}
            : { secrets: secrets.then((names) => (names.size === 0 ? undefined : [...names])) }),
        ...(expected === "one" ? {} : { expected }),
        // An answer is secret where the input of its name is, and that may be told late.
        found: pulumi.Output.isInstance(query) ? query.apply(() => "") : undefined,
        instance: knownBindingFor(options),
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
