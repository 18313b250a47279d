import * as pulumi from "@pulumi/pulumi";
import { formatUrn } from "../lifecycles/mark";
import type { Query } from "../lifecycles/search";
import { handler } from "./handlers";
import { bindingFor } from "./instances";
import { jsonProblems } from "./jsonValues";
import { typeToken } from "./typeToken";

/** What a resource hands to Pulumi: its inputs, how it is hosted, where it stands, and in which server it lives. */
export function hosted(
    kind: string,
    name: string,
    inputs: pulumi.Inputs,
    options: pulumi.CustomResourceOptions,
): pulumi.Inputs {
    const instance = bindingFor(inputs, options);
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
        instance: bindingFor({}, options),
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
