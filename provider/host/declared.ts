import { shown } from "./errors";
import type { HostedKind } from "./hostedKind";
import type { ProviderContext } from "./providerContext";
import { declaredTwice } from "./urns";
import type { Properties } from "./values";

/** A thing that this run goes on with. */
interface DeclaredThing {
    readonly id: string;
    readonly inputs: Properties;
    readonly state: object;
    /** What was asked for last time. */
    readonly before?: Properties;
}

/**
 * Notes what this run goes on with, and throws where another resource declares it too. A refresh compares as well, without a
 * check before it: that declares nothing.
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

/** Notes that the thing with this id makes way for another, which will be judged before the other is created. */
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
