import type { Connection } from "../../provider/blnk/connection";
import { Declarations } from "../../provider/host/declarations";
import { MARKED_TABLES } from "../../provider/kinds";
import type { OperationContext } from "../../provider/kinds/context";
import { GoneJudge } from "../../provider/kinds/goneJudge";
import { MarkIndex } from "../../provider/marks/markIndex";
import { RefreshReads } from "../../provider/marks/refreshReads";
import { MetadataWriter } from "../../provider/metadata/metadataWriter";

/** A run of a program on a connection, and what it has told people. */
export interface ToldRun extends OperationContext {
    readonly told: string[];
}

export function runOn(blnk: Connection, change: Partial<OperationContext> = {}): ToldRun {
    const told: string[] = [];
    const tell = (text: string) => void told.push(text);
    return {
        blnk,
        server: "inst_sandbox",
        owner: "k3f9ab",
        configuredOwner: undefined,
        declarations: new Declarations(),
        gone: new GoneJudge(0),
        replacing: undefined,
        urn: undefined,
        seenMarks: new Map(),
        markIndex: new MarkIndex(blnk, MARKED_TABLES),
        metadata: new MetadataWriter(),
        refreshReads: new RefreshReads(blnk),
        warn: tell,
        inform: tell,
        status: () => undefined,
        ...change,
        told,
    };
}
