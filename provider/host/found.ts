import type { ReadResult } from "@pulumi/pulumi/dynamic";
import type { Lifecycle, Run } from "../lifecycles/lifecycle";
import type { Query } from "../lifecycles/search";
import { type Properties, plain } from "./values";

/** So many of several things that a look-up found are listed. */
const MOST_LISTED = 10;

/**
 * The one thing that a program's look-up asks for, under its own id. All of it is one property: in a preview an absent
 * property counts as not yet known, an absent part of one does not.
 */
export async function findOne<Inputs extends object, State extends object>(
    run: Run,
    lifecycle: Lifecycle<Inputs, State>,
    query: Query,
    properties: Properties,
): Promise<ReadResult> {
    if (lifecycle.search === undefined) throw new Error(`a ${lifecycle.noun} can be looked up only by its id.`);
    const { hits, total } = await lifecycle.search(run, query);
    const [hit] = hits;
    if (hits.length > 1) {
        const listed = hits.slice(0, MOST_LISTED).map(({ id, label }) => `${id} (${label})`);
        const more = total > listed.length ? ` and ${total - listed.length} more` : "";
        throw new Error(
            `there are ${total} in ${run.server}, and one is expected: ${listed.join(", ")}${more}. ` +
                `Ask for more that only one of them has, such as a metadata key, or for its id.`,
        );
    }
    const read = hit && (await readFound(run, lifecycle, hit.id, properties));
    if (read === undefined) {
        throw new Error(
            `there is none in ${run.server}. Check the spelling and the instance; ` +
                `what this program declares itself is passed on as it is, and not looked up.`,
        );
    }
    return read;
}

/** What was looked up, as a refresh sees it: read again by its id, or gone. */
export async function foundAgain<Inputs extends object, State extends object>(
    run: Run,
    lifecycle: Lifecycle<Inputs, State>,
    id: string,
    properties: Properties,
): Promise<ReadResult> {
    return (await readFound(run, lifecycle, id, properties)) ?? { id: "", props: {} };
}

async function readFound<Inputs extends object, State extends object>(
    run: Run,
    lifecycle: Lifecycle<Inputs, State>,
    id: string,
    { instance }: Properties,
): Promise<ReadResult | undefined> {
    const there = await lifecycle.lookUp?.(run, id);
    return there && { id, props: plain({ found: { id, ...there }, instance }) };
}
