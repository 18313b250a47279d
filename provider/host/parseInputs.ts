import { notJsonProblems } from "../wire/notJson";
import { labelOf, parseUrn } from "../wire/urn";
import type { HostedKind } from "./hostedKind";
import type { ProviderContext } from "./providerContext";
import { declaredTwice, keyDeclaredTwice } from "./urns";
import { hasUnknown, type Properties } from "./values";

/** A resource as a program declares it, taken apart. */
export interface ParsedInputs {
    /** The resource's URN; absent while it is not yet known. */
    readonly urn: string | undefined;
    /** The URN of what carries the resource; absent where it is told by its id, or not yet known. */
    readonly carrierUrn: string | undefined;
    /** What is wrong with the program's arguments and values, in sentences. */
    readonly problems: readonly string[];
    readonly adopt: unknown;
    readonly adoptFrom: unknown;
    /** Names of the inputs whose values are secret; undefined where the program does not tell. */
    readonly secret: ReadonlySet<string> | undefined;
    /** Whether an adopted thing is given the mark of this stack; absent for yes. */
    readonly claim: unknown;
    /** Names of the inputs that the program leaves out and an adopted thing keeps as they were. */
    readonly asIs: ReadonlySet<string>;
    /** The inputs as handed over, unknown values among them, nulls left out. */
    readonly given: Properties;
    /** What was asked last time; empty for a new resource. */
    readonly old: Properties;
}

/** Takes apart what a program hands over, and fills in what it leaves out. */
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
    // What an adopted thing is not told stays as it was.
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
 * The same, with the id of a target that is not known while the set changes whose member it is. One that stays is the same
 * as before: what hangs on it is not to show as replaced. The hint is for this alone, and is not kept.
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
 * Notes what the program declares, and tells where another resource of it declares the same. Of what is not made yet
 * the keys of metadata are known by the URN of what carries them.
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
