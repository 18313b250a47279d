import type { MarkIndex } from "../marks/markIndex";
import type { WriterContext } from "../metadata/metadataWriter";

/** The parts of an operation that creating a thing needs. */
export interface CreationContext extends WriterContext {
    /** The identity of the server that `blnk` leads to: an instance id, or a Core's fingerprint. */
    readonly server: string;
    /** The URN of the resource, if it is known. */
    readonly urn: string | undefined;
    /** What the program declares in this run. */
    readonly declarations: {
        /** The URN of the resource of this run that declares it, if there is one. */
        ownerOf(what: string): string | undefined;
        isMade(id: string): boolean;
        noteMade(id: string): void;
    };
    /** What this run knows of the marks on the server. */
    readonly markIndex: MarkIndex;
    /** The mark that each adopted thing carried during its check. Null for none. */
    readonly seenMarks: Map<string, string | null>;
    /** Puts a message on the resource's row. */
    inform(text: string): void;
}
