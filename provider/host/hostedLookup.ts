import type { ReadResult } from "@pulumi/pulumi/dynamic";
import type { Lifecycle, OperationContext } from "../kinds/lifecycle";
import { notJsonProblems } from "../wire/notJson";
import { describeQuery, type Query, Some } from "../wire/query";
import { type Properties, plain } from "./values";

/** So many of several things that a look-up found are listed. */
const MOST_LISTED = 10;

/** What a look-up asks for, in words. The program tells which arguments are secrets, and are not to be spelt. */
export function askedFor({ lookup, secrets }: Properties): string {
    return describeQuery(lookup as Query, new Set(Array.isArray(secrets) ? secrets : []));
}

/** What a program's look-up asks for, as the output `found`: the one thing, or {@link Some}. One thing is known by its own id. */
export async function lookedUp<Inputs extends object, State extends object>(
    context: OperationContext,
    lifecycle: Lifecycle<Inputs, State>,
    id: string,
    properties: Properties,
): Promise<ReadResult> {
    const { lookup, expected } = properties;
    const query = lookup as Query;
    const [problem] = Object.entries(query).flatMap(([name, value]) => notJsonProblems(value, name));
    if (problem !== undefined) throw new Error(`${problem}.`);
    if (lifecycle.search === undefined) throw new Error(`a ${lifecycle.noun} can be looked up only by its id.`);
    if (expected === "all") return answer(id, { some: (await lifecycle.list?.(context, query)) ?? [] }, properties);
    const { hits, total } = await lifecycle.search(context, query);
    const [hit] = hits;
    // What names the things may be what is secret of the query.
    const isOpen = askedFor(properties) === describeQuery(query);
    if (hits.length > 1) {
        const listed = hits.slice(0, MOST_LISTED).map((it) => (isOpen ? `${it.id} (${it.label})` : it.id));
        const more = total > listed.length ? ` and ${total - listed.length} more` : "";
        throw new Error(
            `there are ${total} in ${context.server}, and one is expected: ${listed.join(", ")}${more}. ` +
                `Ask for more that only one of them has, such as a metadata key, or for its id.`,
        );
    }
    const found = hit && (await see(context, lifecycle, hit.id));
    if (expected === "one or none") return answer(id, { some: found === undefined ? [] : [found] }, properties);
    if (found === undefined) {
        throw new Error(
            `there is none in ${context.server}. Check the spelling and the instance; ` +
                `what this program declares itself is passed on as it is, and not looked up.`,
        );
    }
    // A secret id is not told: ids stand in clear.
    return answer(isOpen || query.id === undefined ? found.id : id, found, properties);
}

/**
 * What was looked up, as a refresh sees it: one thing is read again by its id, or is gone. What expects any number stays as
 * it was found: the next run of the program asks again.
 */
export async function foundAgain<Inputs extends object, State extends object>(
    context: OperationContext,
    lifecycle: Lifecycle<Inputs, State>,
    id: string,
    properties: Properties,
): Promise<ReadResult> {
    const before = properties.found as object;
    if ("some" in before) return answer(id, before, properties);
    const known = "id" in before && typeof before.id === "string" ? before.id : id;
    const found = await see(context, lifecycle, known);
    return found === undefined ? { id: "", props: {} } : answer(id, found, properties);
}

async function see<Inputs extends object, State extends object>(
    context: OperationContext,
    lifecycle: Lifecycle<Inputs, State>,
    id: string,
): Promise<{ readonly id: string } | undefined> {
    const there = await lifecycle.lookUp?.(context, id);
    return there && { id, ...there };
}

function answer(id: string, found: object, { instance }: Properties): ReadResult {
    return { id, props: plain({ found, instance }) };
}
