import type { GenericSchema, InferOutput } from "valibot";
import type { Adoption, Preflight } from "../creation/adoption";
import type { Created } from "../creation/creatable";
import type { MarkIndex } from "../marks/markIndex";
import type { Query } from "../wire/query";
import type { Asking, OperationContext } from "./context";
import type { Hits } from "./search";

/** The shape of each input. */
export type Schemas = Readonly<Record<string, GenericSchema>>;

/** The inputs of these shapes. Those that `Needed` names are always present. */
export type InputsOf<Shapes extends Schemas, Needed extends keyof Shapes> = {
    readonly [Name in Needed]: InferOutput<Shapes[Name]>;
} & { readonly [Name in Exclude<keyof Shapes, Needed>]?: InferOutput<Shapes[Name]> };

/** What `check` is asked about. */
export interface Asked<Inputs> {
    /** The declared inputs. Values that are not known yet are absent. */
    readonly inputs: Partial<Inputs>;
    /** Names of the inputs that are absent only because their values are not known yet. */
    readonly unknown: ReadonlySet<string>;
    /** Names of the inputs that the program omits. An adopted thing keeps them as they were. */
    readonly asIs?: ReadonlySet<string>;
    /** Whether the program adopts an existing thing. */
    readonly isAdopting?: boolean;
    /** The inputs of the last run; absent for a new thing. */
    readonly old?: Partial<Inputs>;
    /** The same, also for the new thing of a replacement: the values of the old thing are not checked as new ones. */
    readonly held?: Partial<Inputs>;
    /** The identity of the server that answers. */
    readonly server?: string;
}

/** Normalised inputs, and the problems with them as sentences. */
export interface Checked<Inputs> {
    readonly inputs: Partial<Inputs>;
    readonly problems: readonly string[];
}

/** How one kind of Blnk thing is created, read, updated, and released or removed. */
export interface Lifecycle<Inputs extends object, State extends object> {
    /** The noun for one such thing in messages. */
    readonly noun: string;
    /** The shape of each input. */
    readonly inputs: { readonly [Name in keyof Inputs]-?: GenericSchema };
    /** Inputs that the program must give. */
    readonly required: readonly (keyof Inputs & string)[];
    /** Defaults of omitted inputs, derived from the resource's name. An adopted thing keeps its own values instead. */
    defaults?(resourceName: string): Partial<Inputs>;
    /** Inputs that an adopted thing keeps as they were when the program omits them. */
    readonly preservedOnAdopt: readonly (keyof Inputs & string)[];
    /** Inputs that Blnk cannot change in place. Changing one replaces the thing. */
    readonly replaceOn: readonly (keyof Inputs & string)[];
    /**
     * For things that carry a mark: the immutable inputs with defaults left out, so that an input added later never
     * changes the mark of what exists.
     */
    identify?(inputs: Inputs): Readonly<Record<string, unknown>>;
    /** For things with a natural key: their id, if the inputs determine it. */
    naturalId?(inputs: Partial<Inputs>): string | undefined;
    /** Rebuilds the inputs from a state that stores them in another form. */
    inputsOf?(state: State): Inputs;
    /** What only one resource of the program may declare: ids, and metadata keys (`<id>/<key>`). */
    claims(id: string, inputs: Inputs, state: State): readonly string[];
    /** The declared metadata keys that are known already; absent for kinds that declare none. */
    keys?(inputs: Partial<Inputs>): readonly string[];
    /** The name of one such thing in messages. */
    describe(inputs: Partial<Inputs>, id?: string): string;
    check(asked: Asked<Inputs>): Checked<Inputs>;
    /** Why a declaration conflicts with the state, if it does. Every diff asks. */
    objection?(
        context: Pick<OperationContext, "configuredOwner" | "markIndex">,
        id: string,
        inputs: Inputs,
        state: State,
    ): string | undefined;
    /**
     * Reads the existing thing that a resource adopts or takes over; undefined if there is none to read. This is the only
     * read that a check waits for.
     */
    preflightCreate?(
        context: OperationContext,
        inputs: Partial<Inputs>,
        adoption: Adoption | undefined,
        asking: Asking<Inputs>,
    ): Promise<Preflight<Inputs> | undefined>;
    /**
     * Reads what an update would change, before any write, in previews too. Throws if the update would overwrite another
     * writer's values. Values that are not known yet are absent from the inputs.
     */
    preflightUpdate?(context: OperationContext, id: string, state: State, inputs: Partial<Inputs>): Promise<void>;
    /**
     * Throws if a change would release a thing that must stay managed. `replaces` names the inputs that certainly replace the
     * thing. Every diff asks, in previews too. Values that are not known yet are undefined and prove nothing.
     */
    checkRelease?(
        context: OperationContext,
        id: string,
        state: State,
        inputs: Partial<Inputs>,
        replaces: readonly string[],
    ): Promise<void>;
    /** Whether an adopted thing can carry a mark. Absent if every thing of the kind can. */
    isClaimable?(id: string): boolean;
    /** Starts the questions that `create` needs answered, without waiting for the answers. */
    lookAhead?(markIndex: MarkIndex, inputs: Inputs): void;
    create(context: OperationContext, inputs: Inputs): Promise<Created<State>>;
    /** The thing as it is now, or undefined if it is gone. */
    read(context: OperationContext, id: string, state: State): Promise<State | undefined>;
    update(context: OperationContext, id: string, state: State, inputs: Inputs): Promise<State>;
    /** Handles a thing that leaves the program: releases it, clears it or forgets it. */
    delete(context: OperationContext, id: string, state: State): Promise<void>;
    /** How a program looks up things that it does not manage. Absent for kinds that cannot be looked up. */
    readonly lookUps?: LookUps<State>;
    /** For a kind whose resource consists of several things. */
    readonly members?: Members<Inputs, State>;
}

/** How a program looks up things of one kind that it does not manage. */
export interface LookUps<State> {
    /** All visible values of the thing with this id; undefined if it does not exist. */
    byId(context: OperationContext, id: string): Promise<Partial<State> | undefined>;
    /** The things that match a query. Absent for kinds that can only be read by id. Throws if Blnk cannot answer the query. */
    search?(context: OperationContext, query: Query): Promise<Hits>;
    /** All things that match a query, oldest first, each with all values that Blnk's lists contain. */
    list?(context: OperationContext, query: Query): Promise<readonly ({ readonly id: string } & Partial<State>)[]>;
}

/** How a kind describes its members. Their marks are derived from the mark of the whole. */
export interface Members<Inputs, State> {
    /** The input that holds the members by key. The state stores them under the same name. */
    readonly input: keyof Inputs & string;
    /** What a state stores of a member besides its inputs. */
    readonly remembered: readonly string[];
    /** The keys of all members that carry a mark. */
    keys(inputs: Partial<Inputs>): readonly string[];
    /** The ids of all things that the inputs adopt. */
    adoptedIds(inputs: Partial<Inputs>): readonly string[];
    /** Whether the inputs adopt a thing that no earlier check has read. */
    adoptsMore(inputs: Partial<Inputs>, old: Partial<Inputs>): boolean;
    /** The ids of the members that an update keeps, by key. */
    staying(state: State, inputs: Inputs): ReadonlyMap<string, string>;
    /** How many of them this stack has created. */
    countMade(state: State): number;
    /** A summary of a change. Pulumi's plain display only says that the members differ. */
    describeChange(inputs: Partial<Inputs>, old: Partial<Inputs>): string | undefined;
}
