import type { MarkIndex } from "../marks/markIndex";
import type { WriterContext } from "../metadata/metadataWriter";

/** What the creation of a thing needs of the operation that it is part of. */
export interface CreationContext extends WriterContext {
    /** The identity of the server that `blnk` leads to: an instance id, or a Core's fingerprint. */
    readonly server: string;
    /** The URN of the resource, where it can be told. */
    readonly urn: string | undefined;
    /** What the program declares in this run. */
    readonly declarations: {
        /** The URN of the resource of this run that declares something, if any. */
        ownerOf(what: string): string | undefined;
        isMade(id: string): boolean;
        noteMade(id: string): void;
    };
    /** What is known of the marks on the server. */
    readonly markIndex: MarkIndex;
    /** The mark that each thing to be adopted carried when its check looked; null for none. */
    readonly seenMarks: Map<string, string | null>;
    /** Puts a message on the resource's row. */
    inform(text: string): void;
}
