import { markOf } from "../marks/mark";
import { parseUrn } from "../wire/urn";
import type { HostedKind } from "./hostedKind";
import { ownerIn } from "./operationContext";
import { hasUnknown, type Properties, unknownValue } from "./values";

/** The inputs that identify a marked thing; none for kinds that carry no mark. */
export function markInputs<Inputs extends object, State extends object>(
    kind: HostedKind<Inputs, State>,
    inputs: Properties,
    urn: string | undefined,
): { readonly mark?: unknown; readonly under?: string } {
    const { facts, lifecycle } = kind;
    // No instance: with `--continue-on-error`, an Instance that failed is skipped, and nothing will be created.
    if (facts.locatedBy !== "mark" || inputs.instance === undefined) return {};
    const needed = [inputs.instance, ...lifecycle.replaceOn.map((name) => inputs[name])];
    const owner = ownerIn(inputs.instance);
    if (urn === undefined || owner === undefined || needed.some(hasUnknown)) return { mark: unknownValue };
    const { under } = parseUrn(urn);
    const immutable = lifecycle.identify?.(kind.bare(inputs) as Inputs) ?? {};
    return { mark: markOf(owner, urn, immutable), ...(under === "" ? {} : { under }) };
}
