import { shown } from "./errors";
import type { HostedKind } from "./hostedKind";
import type { ProviderContext } from "./providerContext";
import { declaredTwice } from "./urns";
import type { Properties } from "./values";

/** A thing that this run keeps managing. */
interface DeclaredThing {
    readonly id: string;
    readonly inputs: Properties;
    readonly state: object;
    /** The inputs of the last run. */
    readonly before?: Properties;
}

/**
 * Notes that this run manages a thing. Throws if another resource declares it too. A diff during a refresh, which has no check
 * before it, declares nothing.
 */
export function noteDeclared<Inputs extends object, State extends object>(
    provider: ProviderContext,
    kind: HostedKind<Inputs, State>,
    { id, inputs, state, before = inputs }: DeclaredThing,
): void {
    const { declarations } = provider;
    const urn = kind.urnIn(provider, inputs);
    if (urn === undefined || !declarations.isChecked(urn)) return;
    const claims = kind.claims(id, inputs, state);
    for (const claim of claims) {
        const rival = declarations.declare(claim, urn);
        if (rival !== undefined) throw shown(new Error(declaredTwice(claim, rival, urn)));
    }
    const kept = new Set(claims);
    for (const claim of kind.claims(id, before, state)) if (!kept.has(claim)) declarations.noteDropped(claim);
}

/** Notes that the thing with this id is being replaced. It is checked before the new one is created. */
export function noteReplaced<Inputs extends object, State extends object>(
    provider: ProviderContext,
    kind: HostedKind<Inputs, State>,
    id: string,
    olds: Properties,
    news: Properties,
): void {
    const urn = kind.urnIn(provider, news);
    if (urn === undefined) return;
    for (const claim of kind.claims(id, kind.inputsIn(olds), olds)) provider.declarations.withdraw(claim, urn);
    provider.replaced.set(urn, { id, state: kind.bare(olds) });
}
