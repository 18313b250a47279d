import type { Adopter } from "../creation/adoption";
import type { CreationContext } from "../creation/context";
import type { RefreshReads } from "../marks/refreshReads";
import type { MetadataWriter } from "../metadata/metadataWriter";
import type { GoneJudge } from "./goneJudge";

/**
 * What a lifecycle is given for one operation, besides its data. It names nothing of how the operation reached this process:
 * whoever can fill it in can host a kind.
 */
export interface OperationContext extends CreationContext {
    /** The owner of the resource's things, where it is known already. */
    readonly owner: string | undefined;
    /** The owner that the configuration names, if it names one. */
    readonly configuredOwner: string | undefined;
    /** What the program declares in this run. */
    readonly declarations: OperationDeclarations;
    /** Judges what is found gone that Blnk cannot delete. */
    readonly gone: GoneJudge;
    /** The thing that this one is to replace, if it replaces one. */
    readonly replacing: Replaced | undefined;
    /** The one writer of metadata. */
    readonly metadata: MetadataWriter;
    /** How what the stack knows is read again. */
    readonly refreshReads: RefreshReads;
}

/** What a lifecycle may ask of, and note in, what the program of this run declares. */
export interface OperationDeclarations {
    /** The URN of the resource of this run that declares an id, or a key of metadata (`<id>/<key>`), if any. */
    ownerOf(what: string): string | undefined;
    /** Whether a thing was created in this run. */
    isMade(id: string): boolean;
    noteMade(id: string): void;
    /** Whether a resource of this run clears a key of metadata: what it still holds is nobody else's. */
    isDropped(what: string): boolean;
    /** Whether it was checked already that a thing may be released. */
    isReleased(id: string): boolean;
    noteReleased(id: string): void;
}

/** A thing that makes way for another. */
export interface Replaced {
    readonly id: string;
    /** What the stack remembers of it. */
    readonly state: unknown;
}

/** What is known of a resource when what exists already is looked at. */
export interface Asking<Inputs> {
    readonly by: Adopter;
    /** The mark of the resource, where the inputs tell it before what exists has been looked at. */
    readonly mark?: string;
    /** What was asked for last time; absent for a new resource. */
    readonly old?: Partial<Inputs>;
}
