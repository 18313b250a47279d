import type { Connection } from "../../provider/blnk/connection";
import { Declarations } from "../../provider/host/declarations";
import { MARKED_TABLES } from "../../provider/kinds";
import type { OperationContext } from "../../provider/kinds/context";
import { GoneJudge } from "../../provider/kinds/goneJudge";
import { MarkIndex } from "../../provider/marks/markIndex";
import { RefreshReads } from "../../provider/marks/refreshReads";
import { MetadataWriter } from "../../provider/metadata/metadataWriter";

/** The context of one operation, and every warning and row that the operation showed. */
export interface RecordedContext extends OperationContext {
    readonly messages: string[];
}

export function contextOn(blnk: Connection, change: Partial<OperationContext> = {}): RecordedContext {
    const messages: string[] = [];
    const record = (text: string) => void messages.push(text);
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
        warn: record,
        inform: record,
        status: () => undefined,
        ...change,
        messages,
    };
}
