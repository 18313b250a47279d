import type { OperationContext } from "../kinds/lifecycle";
import { type Kind, show } from "./messages";
import type { ProviderContext } from "./providerContext";

/** What one operation on one resource is given, and its messages, which must be out before the operation's answer is. */
export function openContext(
    provider: ProviderContext,
    server: string,
    urn: string | undefined,
): { context: OperationContext; told: Promise<void>[] } {
    const told: Promise<void>[] = [];
    const tell = (kind: Kind) => (text: string) => void told.push(show(kind, urn, text));
    const context: OperationContext = {
        blnk: provider.blnk.tellingWaits(tell("status")),
        server,
        configuredOwner: provider.settings.owner,
        declarations: provider.declarations,
        gone: provider.gone,
        urn,
        replacing: urn === undefined ? undefined : provider.replaced.get(urn),
        seenMarks: provider.seenMarks,
        markIndex: provider.markIndex,
        metadata: provider.metadata,
        refreshReads: provider.refreshReads,
        warn: tell("warning"),
        inform: tell("info"),
        status: tell("status"),
    };
    return { context: context, told };
}
