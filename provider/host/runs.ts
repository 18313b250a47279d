import type { Run } from "../lifecycles/lifecycle";
import { type Kind, show } from "./messages";
import type { Session } from "./session";

/** What one operation on one resource is given, and its messages, which must be out before the operation's answer is. */
export function openRun(
    session: Session,
    server: string,
    urn: string | undefined,
): { run: Run; told: Promise<void>[] } {
    const told: Promise<void>[] = [];
    const tell = (kind: Kind) => (text: string) => void told.push(show(kind, urn, text));
    const run: Run = {
        blnk: session.blnk.tellingWaits(tell("status")),
        server,
        configuredOwner: session.settings.owner,
        alive: session.alive,
        gone: session.gone,
        urn,
        replacing: urn === undefined ? undefined : session.replaced.get(urn),
        seenMarks: session.seenMarks,
        marks: session.marks,
        metadata: session.metadata,
        reads: session.reads,
        warn: tell("warning"),
        inform: tell("info"),
        status: tell("status"),
    };
    return { run, told };
}
