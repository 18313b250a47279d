import type { ReadResult } from "@pulumi/pulumi/dynamic";
import type { Kind } from "../kinds";
import type { OperationContext } from "../kinds/context";
import { parseMark } from "../marks/mark";
import type { ProviderContext } from "./providerContext";
import { urnOf } from "./urns";
import type { Properties } from "./values";

/** Names of the inputs that are the host's own: a lifecycle does not see them. */
const OWN_INPUTS = ["instance", "under"];

/** One kind, under the name by which Pulumi asks for it. */
export class HostedKind<Inputs extends object, State extends object> {
    /** Names of all inputs, as a state holds them. */
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

    /** What a lifecycle sees of a resource's properties. */
    bare({ __provider, instance, under, ...rest }: Properties): Properties {
        return rest;
    }

    /** What nobody else in the program may declare as well. */
    claims(id: string, inputs: Properties, state: object): readonly string[] {
        return this.lifecycle.claims(id, this.bare(inputs) as Inputs, state as State);
    }

    /**
     * A thing as it is now; undefined where it is gone. Blnk deletes nothing that is only ever released: where such things
     * are gone, that is judged for all of them together. A kind of several things judges each of these.
     */
    async read(context: OperationContext, id: string, state: State): Promise<State | undefined> {
        const read = () => this.lifecycle.read(context, id, state);
        const isJudged = this.facts.removal === "released" && this.lifecycle.members === undefined;
        return isJudged ? context.gone.around(read) : read();
    }

    /** The inputs that a state stands for. */
    inputsIn(state: Properties): Properties {
        const { instance, under } = state;
        const held: object = this.lifecycle.inputsOf?.(this.bare(state) as State) ?? state;
        const inputs = { ...held, ...placed({ instance, under }) } as Properties;
        return Object.fromEntries(this.inputNames.flatMap((name) => (name in inputs ? [[name, inputs[name]]] : [])));
    }

    /** The URN of a declared thing: told by its mark, or by the id under which its check has declared it. */
    urnIn({ declarations }: ProviderContext, inputs: Properties): string | undefined {
        const { adopted } = inputs;
        return urnOf(this.name, inputs) ?? (typeof adopted === "string" ? declarations.ownerOf(adopted) : undefined);
    }

    /** Notes what the stack knows to have created. What it has adopted was created by others. */
    noteKnown({ markIndex }: ProviderContext, state: Properties): void {
        const owner = parseMark(state.mark)?.owner;
        if (owner === undefined || state.adopted !== undefined) return;
        markIndex.known(owner, this.lifecycle.members?.countMade(state as State) ?? 1);
    }
}

/** What tells the engine that a thing is gone. */
export const GONE: ReadResult = { id: "", props: {} };

/** Where a resource lives: what the host adds to what a lifecycle remembers. */
export function placed({ instance, under }: Properties): Properties {
    return { ...(instance === undefined ? {} : { instance }), ...(under === undefined ? {} : { under }) };
}
