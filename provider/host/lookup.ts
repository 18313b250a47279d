import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { describeQuery, type Query, spellQuery } from "../lifecycles/search";
import { hostedLookup } from "./hosting";
import { currentRun, nameOf, providerOf } from "./instances";
import { outputInternals } from "./sdkInternals";
import { typeToken } from "./typeToken";

/** Where a look-up stands. */
export interface LookupPlace {
    readonly provider?: pulumi.ProviderResource | undefined;
    readonly parent?: pulumi.Resource | undefined;
}

/** Names in a stack are kept to so many characters of a query. */
const LONGEST_NAME = 120;

/** A look-up, as a resource that is read and never made: settings are known in the host only, and it knows no invokes. */
class Lookup extends pulumi.CustomResource {
    declare readonly found: pulumi.Output<unknown>;

    constructor(kind: string, name: string, query: pulumi.Input<Query>, options: pulumi.CustomResourceOptions) {
        // Unknown with the query: the engine then reads nothing, and the answer stays unknown as well.
        const id = pulumi.output(query).apply(describeQuery);
        super(typeToken(kind), name, hostedLookup(kind, query, options), { ...options, id });
    }
}

/** The look-ups of one run of a program. */
class Lookups {
    /** Those whose queries were known at once, by what they ask. */
    private readonly known = new Map<string, Lookup>();
    private readonly later = new Map<string, number>();

    /** The look-up of a query that is known now: one, however often it is asked for. */
    now(kind: string, query: Query, place: LookupPlace): Lookup {
        const options = optionsOf(place);
        const spelt = `get${kind} ${spellQuery(query)}`;
        const name = `${shortened(spelt)}${suffixOf(options)}`;
        const key = `${spelt}${suffixOf(options)}`;
        const known = this.known.get(key) ?? new Lookup(kind, name, query, options);
        this.known.set(key, known);
        return known;
    }

    /** The look-up of a query that will be known. */
    soon(kind: string, query: pulumi.Output<Query>, place: LookupPlace): Lookup {
        const options = optionsOf(place);
        const name = `get${kind}Output`;
        const number = (this.later.get(name) ?? 0) + 1;
        this.later.set(name, number);
        return new Lookup(kind, `${name} ${number}${suffixOf(options)}`, query, options);
    }
}

const lookupsOfRun = new WeakMap<object, Lookups>();

function lookups(): Lookups {
    const ofRun = lookupsOfRun.get(currentRun()) ?? new Lookups();
    lookupsOfRun.set(currentRun(), ofRun);
    return ofRun;
}

/** Looks up the one thing that a query of plain values asks for. */
export async function lookUp<Found>(kind: string, query: Query, place: LookupPlace): Promise<Found> {
    const plain = plainQuery(query);
    if (plain === undefined) {
        throw new Error(
            `get${kind} takes plain values, and was given one that is not known yet: use get${kind}Output.`,
        );
    }
    const { found } = lookups().now(kind, plain, place);
    return answered(kind, (await outputInternals(found).promise()) as Found | undefined);
}

/** The same, for values that other resources give. */
export function lookUpOutput<Found>(
    kind: string,
    query: Readonly<Record<string, pulumi.Input<unknown>>>,
    place: LookupPlace,
): pulumi.Output<Found> {
    const plain = plainQuery(query);
    if (plain !== undefined) {
        return lookups()
            .now(kind, plain, place)
            .found.apply((found) => answered(kind, found as Found));
    }
    const known = pulumi.output(query).apply((values) => defined(values as Query));
    const { found } = lookups().soon(kind, known, place);
    // With the query, whose secrets the answer keeps.
    return pulumi.all([found, known]).apply(([answer]) => answered(kind, answer as Found));
}

function answered<Found>(kind: string, found: Found | undefined): Found {
    if (found !== undefined && found !== null) return found;
    if (pulumi.runtime.isDryRun()) {
        throw new Error(
            `get${kind} cannot look anything up in this preview: its provider's settings are not known yet. ` +
                `Use get${kind}Output, whose answer may stay unknown.`,
        );
    }
    throw new Error(
        `get${kind} was not answered. Under pulumi.runtime.setMocks, answer resources of type ${typeToken(kind)} whose ` +
            `inputs hold a "lookup" with the state { found: { id: … } }.`,
    );
}

/** The query without what is undefined, or undefined where part of it is an output or a promise. */
function plainQuery(query: Readonly<Record<string, unknown>>): Query | undefined {
    return isPlain(query) ? defined(query) : undefined;
}

function isPlain(value: unknown): boolean {
    if (value === null || typeof value !== "object") return true;
    if (pulumi.Output.isInstance(value) || value instanceof Promise || pulumi.Resource.isInstance(value)) return false;
    return Object.values(value).every(isPlain);
}

function defined(query: Query): Query {
    return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== null));
}

function optionsOf({ provider, parent }: LookupPlace): pulumi.CustomResourceOptions {
    return { ...(provider === undefined ? {} : { provider }), ...(parent === undefined ? {} : { parent }) };
}

/** Two providers may be asked the same. */
function suffixOf(options: pulumi.CustomResourceOptions): string {
    const provider = providerOf(options);
    return provider === undefined ? "" : ` (${nameOf(provider)})`;
}

/** A text cut where it is too long for a name, and then made distinct again. */
function shortened(text: string): string {
    if (text.length <= LONGEST_NAME) return text;
    return `${text.slice(0, LONGEST_NAME)}… ${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}
