import { setTimeout as wait } from "node:timers/promises";
import { BlnkError } from "../blnk/errors";
import { type MarkedRecord, notAsked } from "../blnk/records";
import { MARK_KEY } from "../marks/mark";
import { compareAge } from "../marks/markQuery";
import { chooseTwin } from "./chooseTwin";
import type { CreationContext } from "./context";
import type { Creatable } from "./creatable";
import type { Locator } from "./locator";

/** After a POST whose outcome is unknown the thing is looked for so often; waits in units of the policy's first wait. */
const SEARCH_WAITS = [1, 2, 4, 8, 16];

/** How what a POST may have created is looked for. */
interface Search<R> {
    readonly locator: Locator<R>;
    /** The things that are there now and may be taken, oldest first. */
    look(): Promise<readonly R[]>;
}

/**
 * Sends a POST. Where its outcome is unknown, what it created is looked for; it is sent again only where the server said
 * that it was busy, the locator allows it, and nothing has shown for long enough.
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
        const outcome = await sent(context, kind, inputs, mark);
        if (!(outcome instanceof BlnkError)) {
            if (isFirst) return outcome;
            // What the first one created may have come to be after all.
            const shown = await search.look().catch((): readonly R[] => []);
            const all = new Map([outcome, ...shown].map((record) => [table.idOf(record), record]));
            return chooseTwin(context, table, [...all.values()].sort(compareAge(table)));
        }
        const found = await searched(context, search, outcome, began);
        if (found !== "nothing") return chooseTwin(context, table, found);
    }
}

/** The thing that a POST created, or why its outcome is unknown. Throws where it certainly created nothing. */
async function sent<Context extends CreationContext, R extends MarkedRecord, Inputs, State>(
    context: Context,
    kind: Creatable<Context, R, Inputs, State>,
    inputs: Inputs,
    mark: string,
): Promise<R | BlnkError> {
    try {
        const made = await kind.post(context, inputs);
        const isOwn = made.meta_data[MARK_KEY] === mark && ((await kind.matches?.(context, made, inputs)) ?? true);
        return isOwn ? made : notAsked(kind.table, true);
    } catch (error) {
        if (error instanceof BlnkError && error.mayHaveActed) return error;
        throw error;
    }
}

/** What is found of a POST after a failure; "nothing" where it may be sent again. Throws where neither is so. */
async function searched<R>(
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
        // No wait runs far past the moment from which the POST may be sent again.
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
            `Run again: what has been created is found by its mark, so nothing is lost and nothing is created twice.`,
        { cause: failure },
    );
}
