import * as pulumi from "@pulumi/pulumi";
import { handler } from "../wire/handlers";
import type { Expected, Query } from "../wire/query";
import { typeToken } from "../wire/typeToken";
import { formatUrn } from "../wire/urn";
import { bindingFor, knownBindingFor } from "./instances";
import { jsonProblems, withLateValuesMarked } from "./jsonValues";
import { outputInternals } from "./sdkInternals";

/** What a resource passes to the check besides its inputs. */
export interface Asides {
    /** Problems with the arguments, as sentences, for the check to report. */
    readonly problems?: readonly string[];
    /** The same, for problems that are known only when the servers are known. */
    readonly lateProblems?: Promise<string[]> | undefined;
    /** Inputs only for the check. They are not examined here. */
    readonly forCheck?: pulumi.Inputs;
}

/** The properties that a resource passes to Pulumi: its inputs, its handler, its URN and its binding. */
export function registrationOf(
    kind: string,
    name: string,
    inputs: pulumi.Inputs,
    options: pulumi.CustomResourceOptions,
    { problems = [], lateProblems, forCheck }: Asides = {},
): pulumi.Inputs {
    // A resource that is only looked up by its id (`get`) declares nothing and has no mark. Its inputs are named anyway: the SDK
    // creates outputs only for the properties that it gets.
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
        // The check reports these before any write.
        ...(all.length === 0 && lateProblems === undefined ? {} : { problems: allOf(all, lateProblems) }),
        instance: bindingFor(inputs, options),
        __provider: handler(kind),
    };
}

async function allOf(problems: readonly string[], late: Promise<string[]> | undefined): Promise<string[] | undefined> {
    const all = [...problems, ...((await late) ?? [])];
    return all.length === 0 ? undefined : all;
}

/** What the check of an adoption also needs: which inputs are secret, because a preview shows values that change. */
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
 * The value itself if it can be converted to a string, as the SDK does; otherwise a promise of it. A metadata key may be
 * called "toString".
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
 * The same for a look-up by a query. The answer becomes its output `found`. `secrets` names the arguments that must not be
 * shown.
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
        // The answer is secret if the input with its name is secret, and that may become known late.
        found: pulumi.Output.isInstance(query) ? query.apply(() => "") : undefined,
        instance: knownBindingFor(options),
        __provider: handler(kind),
    };
}

/** The resource's URN, as a string or a promise: an output would make the resource wait for its parent. */
function urnOf(kind: string, name: string, { parent }: pulumi.CustomResourceOptions): pulumi.Input<string> {
    if (parent !== undefined) {
        const urn = pulumi.createUrn(name, typeToken(kind), parent);
        // A dependency on a component would wait for all its children, including this resource.
        return new Promise((resolve) => void urn.apply(resolve));
    }
    const place = { project: pulumi.getProject(), stack: pulumi.getStack(), under: "", type: typeToken(kind), name };
    return formatUrn(place);
}
