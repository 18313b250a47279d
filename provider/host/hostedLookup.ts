import type { ReadResult } from "@pulumi/pulumi/dynamic";
import type { OperationContext } from "../kinds/context";
import { notJsonProblems } from "../wire/notJson";
import { describeQuery, type Query } from "../wire/query";
import { GONE, type HostedKind } from "./hostedKind";
import { operate } from "./operation";
import type { ProviderContext } from "./providerContext";
import { type Properties, plain } from "./values";

/** So many of several things that a look-up found are listed. */
const MOST_LISTED = 10;

/** Whether a resource is one that only looks something up. */
export function isLookup({ lookup, found }: Properties): boolean {
    return lookup !== undefined || found !== undefined;
}

/** How a program looks up things of one kind: by `.get`, or by a query, whose answer is the output `found`. */
export class HostedLookup<Inputs extends object, State extends object> {
    constructor(
        private readonly kind: HostedKind<Inputs, State>,
        private readonly open: () => ProviderContext,
    ) {}

    async read(id: string, properties: Properties): Promise<ReadResult> {
        const { lookup, found, secrets, ...rest } = properties;
        const isQuery = lookup !== undefined && lookup !== true;
        if (isQuery) {
            const operation = { verb: "look up", properties: rest, id: askedFor(properties) };
            return operate(this.open, this.kind, operation, (context) => this.search(context, id, properties));
        }
        return operate(this.open, this.kind, { verb: "read", properties: rest, id }, (context) =>
            // A refresh of what was looked up: the query is not asked again, it may be about to be changed.
            found === undefined ? this.get(context, id, properties) : this.refresh(context, id, properties),
        );
    }

    /** The thing that `.get` names. */
    private async get(context: OperationContext, id: string, { instance }: Properties): Promise<ReadResult> {
        const there = await this.kind.lifecycle.lookUps?.byId(context, id);
        // An empty id would do nothing here: the engine takes what it is handed for the thing itself.
        if (there === undefined) throw new Error(`it was not found in ${context.server}.`);
        // Where it lives is not yet known in the preview of a new stack.
        return { id, props: plain({ ...there, instance }) };
    }

    /** What a query asks for: the one thing, which is known by its own id, or `Some`. */
    private async search(context: OperationContext, id: string, properties: Properties): Promise<ReadResult> {
        const { lookup, expected } = properties;
        const { noun, lookUps } = this.kind.lifecycle;
        const query = lookup as Query;
        const [problem] = Object.entries(query).flatMap(([name, value]) => notJsonProblems(value, name));
        if (problem !== undefined) throw new Error(`${problem}.`);
        if (lookUps?.search === undefined) throw new Error(`a ${noun} can be looked up only by its id.`);
        if (expected === "all") return answer(id, { some: (await lookUps.list?.(context, query)) ?? [] }, properties);
        const { hits, total } = await lookUps.search(context, query);
        const [hit] = hits;
        // What names the things may be what is secret of the query.
        const isOpen = askedFor(properties) === describeQuery(query);
        if (hits.length > 1) {
            const listed = hits.slice(0, MOST_LISTED).map((it) => (isOpen ? `${it.id} (${it.label})` : it.id));
            const more = total > listed.length ? ` and ${total - listed.length} more` : "";
            throw new Error(
                `found ${total} matches in ${context.server}, expected one: ${listed.join(", ")}${more}. ` +
                    `Add criteria that only one of them meets, such as a metadata key, or use its id.`,
            );
        }
        const found = hit && (await this.readById(context, hit.id));
        if (expected === "one or none") return answer(id, { some: found === undefined ? [] : [found] }, properties);
        if (found === undefined) {
            throw new Error(
                `no match in ${context.server}. Check the spelling and the instance. ` +
                    `Do not look up what this program declares: pass the resource itself.`,
            );
        }
        // A secret id is not told: ids stand in clear.
        return answer(isOpen || query.id === undefined ? found.id : id, found, properties);
    }

    /**
     * What was looked up, as a refresh sees it: one thing is read again by its id, or is gone. What expects any number stays
     * as it was found: the next run of the program asks again.
     */
    private async refresh(context: OperationContext, id: string, properties: Properties): Promise<ReadResult> {
        const before = properties.found as object;
        if ("some" in before) return answer(id, before, properties);
        const known = "id" in before && typeof before.id === "string" ? before.id : id;
        const found = await this.readById(context, known);
        return found === undefined ? GONE : answer(id, found, properties);
    }

    private async readById(context: OperationContext, id: string): Promise<{ readonly id: string } | undefined> {
        const there = await this.kind.lifecycle.lookUps?.byId(context, id);
        return there && { id, ...there };
    }
}

/** What a look-up asks for, in words. The program tells which arguments are secrets, and are not shown. */
function askedFor({ lookup, secrets }: Properties): string {
    return describeQuery(lookup as Query, new Set(Array.isArray(secrets) ? secrets : []));
}

function answer(id: string, found: object, { instance }: Properties): ReadResult {
    return { id, props: plain({ found, instance }) };
}
