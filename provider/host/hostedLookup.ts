import type { ReadResult } from "@pulumi/pulumi/dynamic";
import type { OperationContext } from "../kinds/context";
import { notJsonProblems } from "../wire/notJson";
import { describeQuery, type Query } from "../wire/query";
import { GONE, type HostedKind } from "./hostedKind";
import { operate } from "./operation";
import type { ProviderContext } from "./providerContext";
import { type Properties, plain } from "./values";

/** At most this many matches are listed. */
const MOST_LISTED = 10;

/** Whether a resource is a look-up. */
export function isLookup({ lookup, found }: Properties): boolean {
    return lookup !== undefined || found !== undefined;
}

/** Look-ups of one kind: by `.get`, or by a query, which answers with the output `found`. */
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
            // A refresh of a look-up does not run the query again: the program may be about to change it.
            found === undefined ? this.get(context, id, properties) : this.refresh(context, id, properties),
        );
    }

    /** The thing that `.get` names. */
    private async get(context: OperationContext, id: string, { instance }: Properties): Promise<ReadResult> {
        const there = await this.kind.lifecycle.lookUps?.byId(context, id);
        // An empty id does not mean "gone" here: the engine would take it for the thing itself.
        if (there === undefined) throw new Error(`it was not found in ${context.server}.`);
        // The binding is not known yet in the preview of a new stack.
        return { id, props: plain({ ...there, instance }) };
    }

    /** The answer to a query: one thing, under its own id, or `Some`. */
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
        // Labels may contain a secret of the query: then only ids are shown.
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
        // A secret id does not become the resource's id, which is stored in clear.
        return answer(isOpen || query.id === undefined ? found.id : id, found, properties);
    }

    /**
     * A refresh of a look-up. A single thing is read again by its id, or is gone. Other answers stay as they were: the next run
     * of the program asks again.
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

/** A look-up's query in words. Arguments that the program names as secrets are not shown. */
function askedFor({ lookup, secrets }: Properties): string {
    return describeQuery(lookup as Query, new Set(Array.isArray(secrets) ? secrets : []));
}

function answer(id: string, found: object, { instance }: Properties): ReadResult {
    return { id, props: plain({ found, instance }) };
}
