import type { GenericSchema, InferOutput } from "valibot";
import type { Adoption, Preflight } from "../creation/adoption";
import type { Created } from "../creation/creatable";
import type { MarkIndex } from "../marks/markIndex";
import type { Query } from "../wire/query";
import type { Asking, OperationContext } from "./context";
import type { Hits } from "./search";

/** The shape of each input. */
export type Schemas = Readonly<Record<string, GenericSchema>>;

/** The inputs of these shapes; those that `Needed` names are always there. */
export type InputsOf<Shapes extends Schemas, Needed extends keyof Shapes> = {
    readonly [Name in Needed]: InferOutput<Shapes[Name]>;
} & { readonly [Name in Exclude<keyof Shapes, Needed>]?: InferOutput<Shapes[Name]> };

/** What `check` is asked about. */
export interface Asked<Inputs> {
    /** What the program asks for. Values not yet known are absent. */
    readonly inputs: Partial<Inputs>;
    /** Names of the inputs that are absent only because their values are not yet known. */
    readonly unknown: ReadonlySet<string>;
    /** Names of the inputs that the program leaves out and an adopted thing keeps as they were. */
    readonly asIs?: ReadonlySet<string>;
    /** Whether the program adopts an existing thing. */
    readonly isAdopting?: boolean;
    /** What was asked for last time; absent for a new thing. */
    readonly old?: Partial<Inputs>;
    /** The same, also where a thing is to be replaced, whose successor is new: values that it has are not new ones. */
    readonly held?: Partial<Inputs>;
    /** The identity of the server that answers. */
    readonly server?: string;
}

/** Normalised inputs, and what is wrong with them in sentences. */
export interface Checked<Inputs> {
    readonly inputs: Partial<Inputs>;
    readonly problems: readonly string[];
}

/** How one kind of Blnk thing is created, looked at, changed and released or removed. */
export interface Lifecycle<Inputs extends object, State extends object> {
    /** The word for one such thing in sentences. */
    readonly noun: string;
    /** The shape of each input. */
    readonly inputs: { readonly [Name in keyof Inputs]-?: GenericSchema };
    /** Inputs that the program must give. */
    readonly required: readonly (keyof Inputs & string)[];
    /** What an input is when the program leaves it out, told from the resource's name. What is adopted stays as it is. */
    defaults?(resourceName: string): Partial<Inputs>;
    /** Inputs that an adopted thing keeps as they were when the program leaves them out. */
    readonly preservedOnAdopt: readonly (keyof Inputs & string)[];
    /** Inputs that Blnk cannot change in place. Changing one replaces the thing. */
    readonly replaceOn: readonly (keyof Inputs & string)[];
    /**
     * For things that carry a mark: the immutable inputs with defaults left out, so that an input added later never
     * changes the mark of what exists.
     */
    identify?(inputs: Inputs): Readonly<Record<string, unknown>>;
    /** For things with a natural key: their id, as far as the inputs tell it. */
    naturalId?(inputs: Partial<Inputs>): string | undefined;
    /** The inputs that a state stands for, where it does not hold them as they are. */
    inputsOf?(state: State): Inputs;
    /** What nobody else in the program may declare as well: ids, and keys of their metadata. */
    claims(id: string, inputs: Inputs, state: State): readonly string[];
    /** The keys of metadata that are declared, as far as they are known; absent for things that declare none. */
    keys?(inputs: Partial<Inputs>): readonly string[];
    /** What to call one such thing in sentences. */
    describe(inputs: Partial<Inputs>, id?: string): string;
    check(asked: Asked<Inputs>): Checked<Inputs>;
    /** Why what is declared cannot be, where only what is there tells; asked in every diff. */
    objection?(
        context: Pick<OperationContext, "configuredOwner" | "markIndex">,
        id: string,
        inputs: Inputs,
        state: State,
    ): string | undefined;
    /**
     * Looks at something that exists already, for a resource that adopts it or takes it over; undefined where there is
     * nothing to look at. The one thing for which a check waits.
     */
    preflightCreate?(
        context: OperationContext,
        inputs: Partial<Inputs>,
        adoption: Adoption | undefined,
        asking: Asking<Inputs>,
    ): Promise<Preflight<Inputs> | undefined>;
    /**
     * Looks at what an update would change, before anything is done, in previews too. Throws a sentence where the update
     * would meet what somebody else put there. Values not yet known are absent from the inputs.
     */
    preflightUpdate?(context: OperationContext, id: string, state: State, inputs: Partial<Inputs>): Promise<void>;
    /**
     * Throws where a change would release something that must stay; `replaces` names the inputs that replace the thing for
     * certain. Asked in a diff, of previews too. What is not yet known of the inputs is undefined, and proves nothing.
     */
    checkRelease?(
        context: OperationContext,
        id: string,
        state: State,
        inputs: Partial<Inputs>,
        replaces: readonly string[],
    ): Promise<void>;
    /** Whether a thing that is adopted can carry a mark; absent for those that all can. */
    isClaimable?(id: string): boolean;
    /** Begins, without waiting, to ask what `create` will have to know. */
    lookAhead?(markIndex: MarkIndex, inputs: Inputs): void;
    create(context: OperationContext, inputs: Inputs): Promise<Created<State>>;
    /** The thing as it is now, or undefined if it is gone. */
    read(context: OperationContext, id: string, state: State): Promise<State | undefined>;
    update(context: OperationContext, id: string, state: State, inputs: Inputs): Promise<State>;
    /** What becomes of a thing that leaves the program. */
    delete(context: OperationContext, id: string, state: State): Promise<void>;
    /** How a program finds things that it does not manage; absent for kinds that it can only declare. */
    readonly lookUps?: LookUps<State>;
    /** For a kind that is several things as one: what these are. */
    readonly members?: Members<Inputs, State>;
}

/** How a program finds things of one kind that it does not manage. */
export interface LookUps<State> {
    /** The thing with this id, all that there is to see of it; undefined if there is none. */
    byId(context: OperationContext, id: string): Promise<Partial<State> | undefined>;
    /** The things that a query asks for; absent where one can only ask by id. Throws a sentence where Blnk cannot be asked. */
    search?(context: OperationContext, query: Query): Promise<Hits>;
    /** All things that a query asks for, oldest first, each with all that a list tells of it. */
    list?(context: OperationContext, query: Query): Promise<readonly ({ readonly id: string } & Partial<State>)[]>;
}

/** What a kind of several things tells of them. They carry marks made from the kind's own. */
export interface Members<Inputs, State> {
    /** The name of the input that holds them, by key. A state holds what it remembers of them under the same name. */
    readonly input: keyof Inputs & string;
    /** What a state remembers of a member besides what a program says of it. */
    readonly remembered: readonly string[];
    /** The keys of all members that carry a mark. */
    keys(inputs: Partial<Inputs>): readonly string[];
    /** The ids of all that the inputs adopt. */
    adoptedIds(inputs: Partial<Inputs>): readonly string[];
    /** Whether the inputs adopt what has not been looked at before. */
    adoptsMore(inputs: Partial<Inputs>, old: Partial<Inputs>): boolean;
    /** The ids of those that stay through a change in place, by key. */
    staying(state: State, inputs: Inputs): ReadonlyMap<string, string>;
    /** How many of them this stack has created. */
    countMade(state: State): number;
    /** What a change comes to: Pulumi's plain display would only say that the members differ. */
    describeChange(inputs: Partial<Inputs>, old: Partial<Inputs>): string | undefined;
}
