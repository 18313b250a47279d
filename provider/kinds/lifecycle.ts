import type { GenericSchema } from "valibot";
import type { Connection } from "../blnk/connection";
import type { Adopter, Adoption, Preflight } from "../creation/adoption";
import type { Declarations } from "../host/declarations";
import type { MarkIndex } from "../marks/markIndex";
import type { RefreshReads } from "../marks/refreshReads";
import type { MetadataWriter } from "../metadata/metadataWriter";
import type { Query } from "../wire/query";
import type { GoneJudge } from "./goneJudge";
import type { Hits } from "./search";

/** What a lifecycle is given besides its data. */
export interface OperationContext {
    readonly blnk: Connection;
    /** The identity of the server that `blnk` leads to: an instance id, or a Core's fingerprint. */
    readonly server: string;
    /** The owner that the configuration names, if it names one. */
    readonly configuredOwner: string | undefined;
    /** What the program declares in this run. */
    readonly declarations: Declarations;
    /** Judges what is found gone that Blnk cannot delete. */
    readonly gone: GoneJudge;
    /** The URN of the resource, where it can be told. */
    readonly urn: string | undefined;
    /** The thing that this one is to replace, if it replaces one. */
    readonly replacing: Replaced | undefined;
    /** The mark that each thing to be adopted carried when its check looked; null for none. */
    readonly seenMarks: Map<string, string | null>;
    /** What is known of the marks on the server. */
    readonly markIndex: MarkIndex;
    /** The one writer of metadata. */
    readonly metadata: MetadataWriter;
    /** How what the stack knows is read again. */
    readonly refreshReads: RefreshReads;
    /** Puts a warning on the resource's row. */
    warn(text: string): void;
    /** Puts a message on the resource's row. */
    inform(text: string): void;
    /** Shows how far an operation has come, until the next message. */
    status(text: string): void;
}

/** A thing that makes way for another. */
export interface Replaced {
    readonly id: string;
    /** What the stack remembers of it. */
    readonly state: unknown;
}

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

/** A thing that was made. */
export interface Created<State> {
    readonly id: string;
    readonly state: State;
}

/** What is known of a resource when what exists already is looked at. */
export interface Asking<Inputs> {
    readonly by: Adopter;
    /** The mark of the resource, where the inputs tell it before what exists has been looked at. */
    readonly mark?: string;
    /** What was asked for last time; absent for a new resource. */
    readonly old?: Partial<Inputs>;
}

/** How one kind of Blnk thing is made, looked at, changed and let go. */
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
     * changes the mark of what exists. Absent for things that Blnk knows by a natural key.
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
    /** How many things of a state this stack has made; absent for kinds of one thing each. */
    countMade?(state: State): number;
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
     * Throws where a change would let go of something that must stay; `replaces` names the inputs that replace the thing for
     * certain. Asked in a diff, of previews too. What is not yet known of the inputs is undefined, and proves nothing.
     */
    checkRelease?(
        context: OperationContext,
        id: string,
        state: State,
        inputs: Partial<Inputs>,
        replaces: readonly string[],
    ): Promise<void>;
    /** What a change comes to, where Pulumi's plain display would only say which property differs. */
    describeChange?(inputs: Partial<Inputs>, old: Partial<Inputs>): string | undefined;
    /** For what is several things: the ids of those that stay through a change in place, by key. */
    staying?(state: State, inputs: Inputs): ReadonlyMap<string, string>;
    /** For things whose members carry marks of their own, made from the thing's: the keys of these. */
    memberKeys?(inputs: Partial<Inputs>): readonly string[];
    /** For what may adopt more things as it goes on: the ids of all that the inputs adopt. */
    adoptedIds?(inputs: Partial<Inputs>): readonly string[];
    /** For the same: whether the inputs adopt what has not been looked at before. */
    adoptsMore?(inputs: Partial<Inputs>, old: Partial<Inputs>): boolean;
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
    /** Whether a thing that is adopted can carry a mark; absent for those that all can. */
    isClaimable?(id: string): boolean;
    /** Begins, without waiting, to ask what `create` will have to know. */
    lookAhead?(marks: MarkIndex, inputs: Inputs): void;
    create(context: OperationContext, inputs: Inputs): Promise<Created<State>>;
    /** The thing as it is now, or undefined if it is gone. */
    read(context: OperationContext, id: string, state: State): Promise<State | undefined>;
    /** A thing that the program only looks up, all that there is to see of it; undefined if there is none. */
    lookUp?(context: OperationContext, id: string): Promise<Partial<State> | undefined>;
    /** The things that a program's look-up asks for. Throws a sentence where Blnk cannot be asked for them. */
    search?(context: OperationContext, query: Query): Promise<Hits>;
    /** All things that a query asks for, oldest first, each with all that a list tells of it. */
    list?(context: OperationContext, query: Query): Promise<readonly ({ readonly id: string } & Partial<State>)[]>;
    /**
     * Looks at what an update would change, before anything is done, in previews too. Throws a sentence where the update
     * would meet what somebody else put there. Values not yet known are absent from the inputs.
     */
    preflightUpdate?(context: OperationContext, id: string, state: State, inputs: Partial<Inputs>): Promise<void>;
    update(context: OperationContext, id: string, state: State, inputs: Inputs): Promise<State>;
    delete(context: OperationContext, id: string, state: State): Promise<void>;
}
