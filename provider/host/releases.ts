import type { Lifecycle } from "../kinds/lifecycle";
import type { ProviderContext } from "./providerContext";
import { hasUnknown, knownOnly, type Properties } from "./values";

/** A change, as a diff sees it. */
export interface Change {
    readonly urn: string | undefined;
    readonly news: Properties;
    /** Names of the inputs that replace the thing. */
    readonly replaces: readonly string[];
}

/** What a change is judged by before anything is done. */
export interface KnownRelease<Inputs> {
    readonly inputs: Partial<Inputs>;
    readonly replaces: readonly string[];
}

/**
 * What is known of a change that may let go of something; undefined where there is nothing to judge by. A refresh compares
 * without a check before it, the other way round. A value that is not yet known is no proof that it is another one.
 */
export function knownRelease<Inputs extends object, State extends object>(
    provider: ProviderContext,
    lifecycle: Lifecycle<Inputs, State>,
    { urn, news, replaces }: Change,
): KnownRelease<Inputs> | undefined {
    if (lifecycle.checkRelease === undefined || urn === undefined || !provider.checked.has(urn)) return undefined;
    if (hasUnknown(news.onDelete)) return undefined;
    return {
        inputs: knownOnly(news) as Partial<Inputs>,
        replaces: replaces.filter((name) => !hasUnknown(news[name])),
    };
}
