import type { ReadResult } from "@pulumi/pulumi/dynamic";
import type { Kind } from "../kinds";
import type { OperationContext } from "../kinds/context";
import { parseMark } from "../marks/mark";
import type { ProviderContext } from "./providerContext";
import { urnOf } from "./urns";
import type { Properties } from "./values";

/** Inputs of the host itself. A lifecycle does not see them. */
const OWN_INPUTS = ["instance", "under"];

/** One kind, under the name by which Pulumi asks for it. */
export class HostedKind<Inputs extends object, State extends object> {
    /** The names of all inputs in a state. */
    readonly inputNames: readonly string[];

    constructor(
        readonly name: string,
        readonly facts: Kind<Inputs, State>,
    ) {
        this.inputNames = [
            ...Object.keys(facts.lifecycle.inputs),
            ...(facts.locatedBy === "nothing" ? [] : OWN_INPUTS),
        ];
    }

    get lifecycle(): Kind<Inputs, State>["lifecycle"] {
        return this.facts.lifecycle;
    }

    /** The part of a resource's properties that a lifecycle sees. */
    bare({ __provider, instance, under, ...rest }: Properties): Properties {
        return rest;
    }

    /** What only one resource of the program may declare. */
    claims(id: string, inputs: Properties, state: object): readonly string[] {
        return this.lifecycle.claims(id, this.bare(inputs) as Inputs, state as State);
    }

    /**
     * Reads a thing; undefined if it is gone. Blnk cannot delete things that are only released: if such things seem gone,
     * all of them are checked together. A kind with members does this for each member.
     */
    async read(context: OperationContext, id: string, state: State): Promise<State | undefined> {
        const read = () => this.lifecycle.read(context, id, state);
        const isJudged = this.facts.removal === "released" && this.lifecycle.members === undefined;
        return isJudged ? context.gone.around(read) : read();
    }

    /** The inputs that correspond to a state. */
    inputsIn(state: Properties): Properties {
        const { instance, under } = state;
        const held: object = this.lifecycle.inputsOf?.(this.bare(state) as State) ?? state;
        const inputs = { ...held, ...placed({ instance, under }) } as Properties;
        return Object.fromEntries(this.inputNames.flatMap((name) => (name in inputs ? [[name, inputs[name]]] : [])));
    }

    /** The URN of a declared thing, from its mark, or from the adopted id that its check has registered. */
    urnIn({ declarations }: ProviderContext, inputs: Properties): string | undefined {
        const { adopted } = inputs;
        return urnOf(this.name, inputs) ?? (typeof adopted === "string" ? declarations.ownerOf(adopted) : undefined);
    }

    /** Notes that this stack has created a thing. Adopted things were created by others. */
    noteKnown({ markIndex }: ProviderContext, state: Properties): void {
        const owner = parseMark(state.mark)?.owner;
        if (owner === undefined || state.adopted !== undefined) return;
        markIndex.known(owner, this.lifecycle.members?.countMade(state as State) ?? 1);
    }
}

/** The answer that tells the engine that a thing is gone. */
export const GONE: ReadResult = { id: "", props: {} };

/** The binding and parents of a resource, which the host adds to the state of a lifecycle. */
export function placed({ instance, under }: Properties): Properties {
    return { ...(instance === undefined ? {} : { instance }), ...(under === undefined ? {} : { under }) };
}
