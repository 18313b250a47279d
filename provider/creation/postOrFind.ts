import { setTimeout as wait } from "node:timers/promises";
import { BlnkError } from "../blnk/errors";
import { notAsked } from "../blnk/records";
import type { OperationContext } from "../kinds/lifecycle";
import { MARK_KEY } from "../marks/mark";
import { compareAge, type MarkedRecord } from "../marks/markQuery";
import type { MarkedKind } from "./createOnce";

/** After a POST whose outcome is unknown its mark is asked for so often; waits in units of the policy's first wait. */
const SEARCH_WAITS = [1, 2, 4, 8, 16];
/** A busy server may act on what it has refused: it is waited for so many times as long as it took to show the first thing. */
const LAGS = 3;

/** How what a POST may have made is looked for. */
interface Search<R> {
    /** The things that carry the mark now and may be taken, oldest first. */
    look(): Promise<readonly R[]>;
    /** The one of them to go on with. */
    choose(records: readonly R[]): Promise<R>;
}

/**
 * Sends a POST. Where its outcome is unknown, what it made is looked for; it is sent again only where the server said that
 * it was busy, is known to show what it makes, and has shown nothing for long enough.
 */
export async function postOrFind<R extends MarkedRecord, Inputs, State>(
    context: OperationContext,
    kind: MarkedKind<R, Inputs, State>,
    inputs: Inputs,
    mark: string,
    search: Search<R>,
): Promise<R> {
    const began = performance.now();
    for (let isFirst = true; ; isFirst = false) {
        const outcome = await sent(context, kind, inputs, mark);
        if (!(outcome instanceof BlnkError)) return isFirst ? outcome : theOneOf(kind, search, outcome);
        const found = await searched(context, search, outcome, began);
        if (found !== "nothing") return search.choose(found);
    }
}

/** The thing that a POST made, or why its outcome is unknown. Throws where it certainly made nothing. */
async function sent<R extends MarkedRecord, Inputs, State>(
    context: OperationContext,
    kind: MarkedKind<R, Inputs, State>,
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
    context: OperationContext,
    search: Search<R>,
    failure: BlnkError,
    began: number,
): Promise<readonly R[] | "nothing"> {
    const { policy } = context.blnk;
    const failed = performance.now();
    const isBusy = failure.fault === "busy" || failure.fault === "limited";
    const isRefused = failure.fault === "unauthorized" || failure.fault === "forbidden";
    const waits = isRefused ? [0] : SEARCH_WAITS;
    for (let turn = 0; ; turn++) {
        const { lagMs } = context.markIndex;
        const due = failed + Math.max(policy.landingMs, LAGS * (lagMs ?? 0), failure.retryAfterMs);
        const isRepeatable = isBusy && lagMs !== undefined && due - began < policy.budgetMs;
        const units = waits[turn];
        if (units === undefined && (!isRepeatable || performance.now() - began > policy.budgetMs)) break;
        const grown = units === undefined ? policy.longestWaitMs : units * policy.firstWaitMs;
        // No wait runs far past the moment from which the POST may be sent again.
        await wait(isRepeatable ? Math.min(grown, Math.max(policy.firstWaitMs, due - performance.now())) : grown);
        const asked = performance.now();
        if (isBusy && asked - failed > policy.silentMs) context.status(`waiting: ${failure.message}`);
        const found = await search.look().catch(() => undefined);
        if (found !== undefined && found.length > 0) return found;
        if (found !== undefined && isRepeatable && asked >= due) return "nothing";
    }
    if (isRefused) throw failure;
    throw new Error(
        `${failure.message} It was looked for since, and not found; it may still come to be. ` +
            `Run again: what has been made is found by its mark, nothing is lost and nothing is made twice.`,
        { cause: failure },
    );
}

/** What a repeated POST has made, or what the first one made after all. */
async function theOneOf<R extends MarkedRecord, Inputs, State>(
    { table }: MarkedKind<R, Inputs, State>,
    search: Search<R>,
    made: R,
): Promise<R> {
    const shown = await search.look().catch((): readonly R[] => []);
    const all = new Map([made, ...shown].map((record) => [table.idOf(record), record]));
    return search.choose([...all.values()].sort(compareAge(table)));
}
