import { claimsIt, takesOver } from "../creation/adoption";
import { formatBinding } from "../wire/binding";
import { sameJson } from "../wire/json";
import { parseUrn } from "../wire/urn";
import type { HostedKind } from "./hostedKind";
import type { ParsedInputs } from "./parseInputs";
import type { ProviderContext } from "./providerContext";
import { hasUnknown, type Properties } from "./values";

/**
 * The binding of a resource that is in the state while its Instance is not. It follows from the configured owner, if that is
 * set, so that a preview can show which marks are rewritten.
 */
export async function expectedBinding(provider: ProviderContext, { given, old }: ParsedInputs): Promise<Properties> {
    const { owner } = provider.settings;
    if (old.instance === undefined || !hasUnknown(given.instance) || owner === undefined) return {};
    return { instance: formatBinding(await provider.server(), owner) };
}

/** Whether a thing carries this stack's mark, or is to get it: all do, except those adopted with `claim: false`. */
export function isClaimed<Inputs extends object, State extends object>(
    { lifecycle }: HostedKind<Inputs, State>,
    { given, claim }: ParsedInputs,
): boolean {
    const { adopted } = given;
    if (adopted === undefined) return true;
    return claim !== false && (lifecycle.isClaimable?.(String(adopted)) ?? true);
}

/** Problems with adopting a thing, or with no longer adopting it. */
export function claimProblems<Inputs extends object, State extends object>(
    { lifecycle }: HostedKind<Inputs, State>,
    declared: ParsedInputs,
): string[] {
    const { adopt, adoptFrom, claim, given, old, asIs, urn } = declared;
    if (claim !== undefined && typeof claim !== "boolean" && !hasUnknown(claim)) return ["claim must be a boolean"];
    const isGiven = (value: unknown) => value !== undefined && value !== null;
    if (claim === false && isGiven(adoptFrom)) {
        return ["adoptFrom rewrites the mark of another stack, but claim: false forbids that: remove one of them"];
    }
    if (claim === false && given.adopted === undefined) {
        return ["claim: false needs adopt: what this stack creates always carries its mark"];
    }
    if (isGiven(adopt) || old.adopted === undefined || claim === false || urn === undefined) return [];
    const defaults: Properties = lifecycle.defaults?.(parseUrn(urn).name) ?? {};
    const undeclared = [...asIs].filter((name) => old[name] !== undefined && !sameJson(old[name], defaults[name]));
    if (undeclared.length === 0) return [];
    return [
        `adopt cannot be removed yet: without it, ${undeclared.join(" and ")} of ${old.adopted} must be declared as in Blnk. ` +
            `Declare ${undeclared.length === 1 ? "it" : "them"}, or keep adopt`,
    ];
}

/** The row of a thing whose update writes its mark; undefined if it does not. */
export function markChange<Inputs extends object, State extends object>(
    { lifecycle }: HostedKind<Inputs, State>,
    old: Properties,
    now: Properties,
): string | undefined {
    const isOther = lifecycle.replaceOn.some((name) => !sameJson(old[name], now[name]));
    if (old.instance === undefined || now.mark === undefined || now.mark === old.mark || isOther) return undefined;
    if (typeof old.mark === "string") return takesOver(old.mark);
    return typeof now.adopted === "string" ? `${claimsIt} (${now.adopted})` : undefined;
}
