import type { OperationContext } from "../kinds/context";
import { PartialFailure } from "../kinds/partialFailure";
import { sentence, shown } from "./errors";
import { type HostedKind, placed } from "./hostedKind";
import { openContext } from "./operationContext";
import { type ProviderContext, recordedServer } from "./providerContext";
import { urnOf } from "./urns";
import { keptSecret, type Properties, plain } from "./values";

/** One operation of Pulumi's engine on one resource. */
export interface Operation {
    /** The verb in the error message: `cannot <verb> …`. */
    readonly verb: string;
    /** The properties that the resource is to have, or has if nothing changes. */
    readonly properties: Properties;
    /** The properties before a change. */
    readonly before?: Properties;
    readonly id: string | undefined;
}

/** Runs one operation, only on the server that the properties name. Its errors begin with what failed. */
export async function operate<Inputs extends object, State extends object, Result>(
    open: () => ProviderContext,
    kind: HostedKind<Inputs, State>,
    { verb, properties, before = properties, id }: Operation,
    work: (context: OperationContext, provider: ProviderContext) => Promise<Result>,
): Promise<Result> {
    try {
        const provider = open();
        const refusal = await provider.refusal(recordedServer(properties));
        if (refusal !== undefined) throw new Error(refusal);
        const server = await provider.server();
        const { context, sent } = openContext(provider, server, urnOf(kind.name, properties), properties.instance);
        try {
            return await work(context, provider);
        } finally {
            await Promise.all(sent);
        }
    } catch (error) {
        const { __provider, ...inputs } = properties;
        const { adopted } = inputs;
        const known = id ?? (typeof adopted === "string" ? adopted : undefined);
        const what = kind.lifecycle.describe(kind.bare(properties) as Partial<Inputs>, known);
        const failure = shown(new Error(`cannot ${verb} ${what}: ${sentence(error)}`, { cause: error }));
        if (!(error instanceof PartialFailure)) throw failure;
        const state = plain({ ...placed(before), ...error.state });
        throw recorded(failure, id ?? error.id, secretsKept(kind, state, inputs), __provider);
    }
}

/** The recorded state. Values that the new program no longer declares are marked as secrets. */
function secretsKept<Inputs extends object, State extends object>(
    { lifecycle: { members } }: HostedKind<Inputs, State>,
    state: Properties,
    inputs: Properties,
): Properties {
    return Object.fromEntries(
        Object.entries(state).map(([name, value]) => [name, keptSecret(name, value, inputs, members)]),
    );
}

/** The failure in the form that makes the engine record the state. The engine shows `reasons`, not the message. */
function recorded(failure: Error, id: string | undefined, properties: Properties, __provider: unknown): Error {
    return Object.assign(failure, { id, properties: { ...properties, __provider }, reasons: [failure.message] });
}
