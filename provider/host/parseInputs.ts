import { notJsonProblems } from "../wire/notJson";
import { labelOf, parseUrn } from "../wire/urn";
import type { HostedKind } from "./hostedKind";
import type { ProviderContext } from "./providerContext";
import { declaredTwice, keyDeclaredTwice } from "./urns";
import { hasUnknown, type Properties } from "./values";

/** The parsed inputs of a declared resource. */
export interface ParsedInputs {
    /** The resource's URN; undefined while it is not known. */
    readonly urn: string | undefined;
    /** The URN of the thing that carries the metadata key; undefined if it is given by id, or not known yet. */
    readonly carrierUrn: string | undefined;
    /** Problems with the program's arguments and values, as sentences. */
    readonly problems: readonly string[];
    readonly adopt: unknown;
    readonly adoptFrom: unknown;
    /** Names of the inputs whose values are secret; undefined if the program does not say. */
    readonly secret: ReadonlySet<string> | undefined;
    /** Whether an adopted thing gets the mark of this stack; undefined means yes. */
    readonly claim: unknown;
    /** Names of the inputs that the program omits. An adopted thing keeps them as they were. */
    readonly asIs: ReadonlySet<string>;
    /** The inputs as passed, including unknown values, without nulls. */
    readonly given: Properties;
    /** The inputs of the last run; empty for a new resource. */
    readonly old: Properties;
}

/** Parses the inputs that a program passes, and fills in omitted ones. */
export function parseInputs<Inputs extends object, State extends object>(
    { lifecycle }: HostedKind<Inputs, State>,
    olds: Properties,
    news: Properties,
): ParsedInputs {
    const { __provider: _new, ownUrn, targetUrn, problems, adopt, adoptFrom, claim, secretInputs, ...asked } = news;
    const { __provider: _old, ...old } = olds;
    const given: Record<string, unknown> = Object.fromEntries(
        Object.entries(asked).filter(([, value]) => value !== null),
    );
    const urn = knownText(ownUrn);
    const adopted = adopt ?? old.adopted;
    // An adopted thing keeps what the program omits.
    const defaults: Properties =
        adopted !== undefined ? old : urn === undefined ? {} : (lifecycle.defaults?.(parseUrn(urn).name) ?? {});
    const filled = adopted === undefined ? lifecycle.required : lifecycle.preservedOnAdopt;
    const leftOut = filled.filter((name) => given[name] === undefined);
    for (const name of leftOut) given[name] = defaults[name];
    if (adopted !== undefined) given.adopted = adopted;
    return {
        urn,
        carrierUrn: knownText(targetUrn),
        problems: [
            ...(Array.isArray(problems) ? problems.map(String) : []),
            ...Object.entries({ ...asked, adopt, adoptFrom }).flatMap(([name, value]) => notJsonProblems(value, name)),
        ],
        adopt,
        adoptFrom,
        secret: Array.isArray(secretInputs) ? new Set(secretInputs.map(String)) : undefined,
        claim: claim ?? undefined,
        asIs: new Set(adopted === undefined ? [] : leftOut),
        given: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
        old,
    };
}

/**
 * Fills in the id of a target that is a member of a set. While the set changes, its ids are unknown, but a member that stays
 * keeps its id: so dependents do not show as replaced. The hint serves only this purpose and is not kept.
 */
export function withMemberId(provider: Pick<ProviderContext, "staying">, news: Properties): Properties {
    const { hint, ...given } = news;
    if (typeof hint !== "object" || hint === null || !hasUnknown(given.target)) return given;
    const { set, key } = hint as { readonly set?: unknown; readonly key?: unknown };
    const id = provider.staying.get(String(set))?.get(String(key));
    return id === undefined ? given : { ...given, target: id };
}

function knownText(value: unknown): string | undefined {
    return typeof value === "string" && !hasUnknown(value) ? value : undefined;
}

/**
 * Notes what the program declares. Returns a problem if another of its resources declares the same. For a thing that is not
 * created yet, metadata keys are noted under the URN of the thing.
 */
export function rivalProblem<Inputs extends object, State extends object>(
    provider: ProviderContext,
    { lifecycle }: HostedKind<Inputs, State>,
    inputs: Partial<Inputs>,
    { urn, carrierUrn }: ParsedInputs,
): string | undefined {
    if (urn === undefined) return undefined;
    provider.declarations.noteChecked(urn);
    const id = lifecycle.naturalId?.(inputs);
    const rival = id === undefined ? undefined : provider.declarations.declare(id, urn);
    if (id !== undefined && rival !== undefined) return declaredTwice(id, rival, urn);
    for (const adopted of lifecycle.members?.adoptedIds(inputs) ?? []) {
        const other = provider.declarations.declare(adopted, urn);
        if (other !== undefined) return declaredTwice(adopted, other, urn);
    }
    const carrier = carrierUrn ?? urn;
    for (const key of lifecycle.keys?.(inputs) ?? []) {
        const other = provider.declarations.declare(`${carrier}/${key}`, urn);
        if (other !== undefined) return keyDeclaredTwice(key, labelOf(carrier), other, urn);
    }
    return undefined;
}
