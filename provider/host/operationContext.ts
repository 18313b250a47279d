import type { OperationContext } from "../kinds/context";
import { parseBinding } from "../wire/binding";
import { type Kind, show } from "./messages";
import type { ProviderContext } from "./providerContext";
import { hasUnknown } from "./values";

/** The context of one operation, and its messages. They must be sent before the operation returns. */
export function openContext(
    provider: ProviderContext,
    server: string,
    urn: string | undefined,
    binding: unknown,
): { context: OperationContext; sent: Promise<void>[] } {
    const sent: Promise<void>[] = [];
    const sendAs = (kind: Kind) => (text: string) => void sent.push(show(kind, urn, text));
    const context: OperationContext = {
        blnk: provider.blnk.tellingWaits(sendAs("status")),
        server,
        owner: ownerIn(binding),
        configuredOwner: provider.settings.owner,
        declarations: provider.declarations,
        gone: provider.gone,
        urn,
        replacing: urn === undefined ? undefined : provider.replaced.get(urn),
        seenMarks: provider.seenMarks,
        markIndex: provider.markIndex,
        metadata: provider.metadata,
        refreshReads: provider.refreshReads,
        warn: sendAs("warning"),
        inform: sendAs("info"),
        status: sendAs("status"),
    };
    return { context, sent };
}

/** The owner in the binding of a resource; undefined while the binding is not known. */
export function ownerIn(binding: unknown): string | undefined {
    return typeof binding === "string" && !hasUnknown(binding) ? parseBinding(binding).owner : undefined;
}
