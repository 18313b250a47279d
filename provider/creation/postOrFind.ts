import { setTimeout as wait } from "node:timers/promises";
import { BlnkError } from "../blnk/errors";
import { type MarkedRecord, notAsked } from "../blnk/records";
import { MARK_KEY } from "../marks/mark";
import { compareAge } from "../marks/markQuery";
import { chooseTwin } from "./chooseTwin";
import type { CreationContext } from "./context";
import type { Creatable } from "./creatable";
import type { Locator } from "./locator";

/** The waits before each search after a POST with an unknown outcome, in units of the policy's first wait. */
const SEARCH_WAITS = [1, 2, 4, 8, 16];

/** Searches for what a POST may have created. */
interface Search<R> {
    readonly locator: Locator<R>;
    /** The things that exist now and that this resource may take, oldest first. */
    look(): Promise<readonly R[]>;
}

/**
 * Sends a POST. If its outcome is unknown, searches for what it created. Sends it again only if the server said that it was
 * busy, the locator allows it, and nothing was found for long enough.
 */
export async function postOrFind<Context extends CreationContext, R extends MarkedRecord, Inputs, State>(
    context: Context,
    kind: Creatable<Context, R, Inputs, State>,
    inputs: Inputs,
    mark: string,
    search: Search<R>,
): Promise<R> {
    const { table } = kind;
    const began = performance.now();
    for (let isFirst = true; ; isFirst = false) {
        const outcome = await post(context, kind, inputs, mark);
        if (!(outcome instanceof BlnkError)) {
            if (isFirst) return outcome;
            // An earlier POST may have completed late.
            const shown = await search.look().catch((): readonly R[] => []);
            const all = new Map([outcome, ...shown].map((record) => [table.idOf(record), record]));
            return chooseTwin(context, table, [...all.values()].sort(compareAge(table)));
        }
        const found = await searchFor(context, search, outcome, began);
        if (found !== "nothing") return chooseTwin(context, table, found);
    }
}

/** The thing that a POST created, or why its outcome is unknown. Throws if it certainly created nothing. */
async function post<Context extends CreationContext, R extends MarkedRecord, Inputs, State>(
    context: Context,
    kind: Creatable<Context, R, Inputs, State>,
    inputs: Inputs,
    mark: string,
): Promise<R | BlnkError> {
    try {
        const created = await kind.post(context, inputs);
        const isOwn =
            created.meta_data[MARK_KEY] === mark && ((await kind.matches?.(context, created, inputs)) ?? true);
        return isOwn ? created : notAsked(kind.table, true);
    } catch (error) {
        if (error instanceof BlnkError && error.mayHaveActed) return error;
        throw error;
    }
}

/** What a failed POST created, or "nothing" if it may be sent again. Throws otherwise. */
async function searchFor<R>(
    context: CreationContext,
    { locator, look }: Search<R>,
    failure: BlnkError,
    began: number,
): Promise<readonly R[] | "nothing"> {
    const { policy } = context.blnk;
    const failed = performance.now();
    const isBusy = failure.fault === "busy" || failure.fault === "limited";
    const isRefused = failure.fault === "unauthorized" || failure.fault === "forbidden";
    const waits = isRefused ? [0] : SEARCH_WAITS;
    for (let turn = 0; ; turn++) {
        const { repeatableAfterMs } = locator;
        const due = failed + Math.max(repeatableAfterMs ?? policy.landingMs, failure.retryAfterMs);
        const isRepeatable = isBusy && repeatableAfterMs !== undefined && due - began < policy.budgetMs;
        const units = waits[turn];
        if (units === undefined && (!isRepeatable || performance.now() - began > policy.budgetMs)) break;
        const grown = units === undefined ? policy.longestWaitMs : units * policy.firstWaitMs;
        // A wait ends when the POST may be sent again.
        await wait(isRepeatable ? Math.min(grown, Math.max(policy.firstWaitMs, due - performance.now())) : grown);
        const asked = performance.now();
        if (isBusy && asked - failed > policy.silentMs) context.status(`waiting: ${failure.message}`);
        const found = await look().catch(() => undefined);
        if (found !== undefined && found.length > 0) return found;
        if (found !== undefined && isRepeatable && asked >= due) return "nothing";
    }
    if (isRefused) throw failure;
    throw new Error(
        `${failure.message} It was not found afterwards; the request may still complete. ` +
            `Run again: anything that was created is found by its mark, so nothing is lost or created twice.`,
        { cause: failure },
    );
}
