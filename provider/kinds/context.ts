import type { Adopter } from "../creation/adoption";
import type { CreationContext } from "../creation/context";
import type { RefreshReads } from "../marks/refreshReads";
import type { MetadataWriter } from "../metadata/metadataWriter";
import type { GoneJudge } from "./goneJudge";

/**
 * All that a lifecycle gets for one operation, besides its data. Nothing here depends on Pulumi: any process that can
 * provide this context can host a kind.
 */
export interface OperationContext extends CreationContext {
    /** The owner of the resource's things, if it is known already. */
    readonly owner: string | undefined;
    /** The owner in the configuration, if it is set. */
    readonly configuredOwner: string | undefined;
    /** What the program declares in this run. */
    readonly declarations: OperationDeclarations;
    /** Decides whether to believe that things are gone which Blnk cannot delete. */
    readonly gone: GoneJudge;
    /** The thing that this one replaces, if any. */
    readonly replacing: Replaced | undefined;
    /** The one writer of metadata. */
    readonly metadata: MetadataWriter;
    /** Reads again, for a refresh, what the stack knows. */
    readonly refreshReads: RefreshReads;
}

/** The register of what the program of this run declares: a lifecycle asks it and adds to it. */
export interface OperationDeclarations {
    /** The URN of the resource of this run that declares an id, or a key of metadata (`<id>/<key>`), if any. */
    ownerOf(what: string): string | undefined;
    /** Whether a thing was created in this run. */
    isMade(id: string): boolean;
    noteMade(id: string): void;
    /** Whether a resource of this run clears a metadata key: then the value still there is not another writer's. */
    isDropped(what: string): boolean;
    /** Whether it was checked already that a thing may be released. */
    isReleased(id: string): boolean;
    noteReleased(id: string): void;
}

/** A thing that is being replaced. */
export interface Replaced {
    readonly id: string;
    /** Its state in the stack. */
    readonly state: unknown;
}

/** What a preflight of a create knows of the resource. */
export interface Asking<Inputs> {
    readonly by: Adopter;
    /** The mark of the resource, if the inputs alone determine it. */
    readonly mark?: string;
    /** The inputs of the last run; absent for a new resource. */
    readonly old?: Partial<Inputs>;
}
