import type { Connection } from "../../provider/blnk/connection";
import { AliveRegistry } from "../../provider/lifecycles/alive";
import { GoneJudge } from "../../provider/lifecycles/goneJudge";
import type { Run } from "../../provider/lifecycles/lifecycle";
import { Marks } from "../../provider/lifecycles/marks";
import { MetadataWriter } from "../../provider/lifecycles/metadataWriter";
import { Reads } from "../../provider/lifecycles/reads";

/** A run of a program on a connection, and what it has told people. */
export interface ToldRun extends Run {
    readonly told: string[];
}

export function runOn(blnk: Connection, change: Partial<Run> = {}): ToldRun {
    const told: string[] = [];
    const tell = (text: string) => void told.push(text);
    return {
        blnk,
        server: "inst_sandbox",
        configuredOwner: undefined,
        alive: new AliveRegistry(),
        gone: new GoneJudge(0),
        replacing: undefined,
        urn: undefined,
        seenMarks: new Map(),
        marks: new Marks(blnk),
        metadata: new MetadataWriter(),
        reads: new Reads(blnk),
        warn: tell,
        inform: tell,
        status: () => undefined,
        ...change,
        told,
    };
}
