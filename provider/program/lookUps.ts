import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Some } from "../wire/query";
import { describeQuery, type Expected, formatQuery, type Query } from "../wire/query";
import { typeToken } from "../wire/typeToken";
import { currentRun, nameOf, noteLookUp, providerOf } from "./instances";
import { jsonProblems, withLateValuesMarked } from "./jsonValues";
import { hostedLookup } from "./registration";
import { outputInternals } from "./sdkInternals";

/** The provider and the parent of a look-up. */
export interface LookupPlace {
    readonly provider?: pulumi.ProviderResource | undefined;
    readonly parent?: pulumi.Resource | undefined;
}

/** A look-up in a program, and the expected number of answers. */
export interface Question {
    readonly kind: string;
    readonly expected: Expected;
    readonly query: Readonly<Record<string, pulumi.Input<unknown>>>;
    /** Problems with the arguments, as sentences. */
    readonly problems: readonly string[];
}

/** The names of the public functions. */
const FUNCTIONS: Readonly<Record<Expected, (kind: string) => string>> = {
    one: (kind) => `get${kind}`,
    "one or none": (kind) => `find${kind}`,
    all: (kind) => `get${kind}s`,
};

/** The name of a look-up in the stack holds at most this many characters of its query. */
const LONGEST_NAME = 120;

/** A look-up, as a resource that is only read: only the host process knows the settings, and it has no invokes. */
class Lookup extends pulumi.CustomResource {
    declare readonly found: pulumi.Output<unknown>;

    constructor(
        { kind, expected }: Question,
        name: string,
        query: pulumi.Input<Query>,
        options: pulumi.CustomResourceOptions & { readonly id: pulumi.Input<string> },
        secrets?: Promise<ReadonlySet<string>>,
    ) {
        super(typeToken(kind), name, hostedLookup(kind, expected, query, secrets, options), options);
        noteLookUp(this, options);
    }
}

/** The look-ups of one run of a program. */
class Lookups {
    /** Look-ups whose queries were known at once, by query. */
    private readonly known = new Map<string, Lookup>();
    private readonly later = new Map<string, number>();

    /** The look-up of a query that is known now. The same query gets the same look-up. */
    now(question: Question, query: Query, place: LookupPlace): Lookup {
        const options = optionsOf(place);
        const text = `${functionOf(question)} ${formatQuery(query)}`.trimEnd();
        const name = `${shortened(text)}${suffixOf(options)}`;
        const key = `${text}${suffixOf(options)}`;
        const id = describeQuery(query);
        const known = this.known.get(key) ?? new Lookup(question, name, query, { ...options, id });
        this.known.set(key, known);
        return known;
    }

    /** The look-up of a query that becomes known later. */
    soon(question: Question, query: pulumi.Output<Query>, place: LookupPlace): Lookup {
        const options = optionsOf(place);
        const name = `${functionOf(question)}Output`;
        const number = (this.later.get(name) ?? 0) + 1;
        this.later.set(name, number);
        // Unknown while the query is: the engine then reads nothing, and the answer stays unknown too.
        const secrets = secretsIn(question);
        const id = query.apply(async (values) => describeQuery(values, await secrets));
        return new Lookup(question, `${name} ${number}${suffixOf(options)}`, query, { ...options, id }, secrets);
    }
}

const lookupsOfRun = new WeakMap<object, Lookups>();

function lookups(): Lookups {
    const ofRun = lookupsOfRun.get(currentRun()) ?? new Lookups();
    lookupsOfRun.set(currentRun(), ofRun);
    return ofRun;
}

/** Runs a look-up with plain values. */
export async function lookUp<Answer>(question: Question, place: LookupPlace): Promise<Answer> {
    refuseWrong(question, functionOf(question));
    const plain = plainQuery(question.query);
    if (plain === undefined) {
        const name = functionOf(question);
        throw new pulumi.RunError(`${name} takes plain values, but one of them is not known yet: use ${name}Output.`);
    }
    const { found } = lookups().now(question, plain, place);
    return answered(question, await outputInternals(found).promise());
}

/** The same, with outputs of other resources. */
export function lookUpOutput<Answer>(question: Question, place: LookupPlace): pulumi.Output<Answer> {
    refuseWrong(question, `${functionOf(question)}Output`);
    const plain = plainQuery(question.query);
    const answer = (found: unknown) => answered<Answer>(question, found);
    if (plain !== undefined) return later(lookups().now(question, plain, place).found.apply(answer));
    const query = pulumi.output(withLateValuesMarked(question.query) as Query).apply(defined);
    const { found } = lookups().soon(question, query, place);
    // Together with the query, so that the answer stays secret if the query is.
    return later(pulumi.all([found, query]).apply(([now]) => answer(now)));
}

/** An output of a plain value. The SDK's type says that its parts may be outputs. */
function later<Answer>(output: pulumi.Output<unknown>): pulumi.Output<Answer> {
    return output as pulumi.Output<Answer>;
}

/** Throws a sentence if the arguments are wrong. The host checks values that come later. */
function refuseWrong({ query, problems }: Question, name: string): void {
    const [problem] = [...problems, ...Object.entries(query).flatMap(([key, value]) => jsonProblems(value, key))];
    if (problem !== undefined) throw new pulumi.RunError(`${name}: ${problem}.`);
}

function functionOf({ kind, expected }: Question): string {
    return FUNCTIONS[expected](kind);
}

/** The arguments that hold secrets and must not be shown. Metadata keys are shown, unless the whole metadata is secret. */
async function secretsIn({ query }: Question): Promise<ReadonlySet<string>> {
    const isWhole = (value: unknown) => pulumi.Output.isInstance(value) || value instanceof Promise;
    const late = Object.entries(query).filter(([name, value]) => name !== "metadata" || isWhole(value));
    const secrets = await Promise.all(
        late.map(async ([name, value]) => ((await pulumi.isSecret(pulumi.output(value))) ? [name] : [])),
    );
    return new Set(secrets.flat());
}

function answered<Answer>(question: Question, found: unknown): Answer {
    const { kind, expected } = question;
    if (found === undefined || found === null) throw new pulumi.RunError(unanswered(question));
    if (expected === "one") return found as Answer;
    const { some } = found as Some;
    return (expected === "all" ? some : some[0]) as Answer;

    function unanswered(asked: Question): string {
        const name = functionOf(asked);
        if (pulumi.runtime.isDryRun()) {
            return (
                `${name} cannot look anything up in this preview: its provider's settings are not known yet. ` +
                `Use ${name}Output, whose answer may stay unknown.`
            );
        }
        const state = expected === "one" ? "{ id: … }" : "{ some: [{ id: … }] }";
        return (
            `${name} got no answer. Under pulumi.runtime.setMocks, answer resources of type ${typeToken(kind)} whose ` +
            `inputs hold a "lookup" with the state { found: ${state} }.`
        );
    }
}

/** The query without undefined values; undefined if part of it is an output or a promise. */
function plainQuery(query: Readonly<Record<string, unknown>>): Query | undefined {
    return isPlain(query) ? defined(query) : undefined;
}

function isPlain(value: unknown): boolean {
    if (value === null || typeof value !== "object") return true;
    if (pulumi.Output.isInstance(value) || value instanceof Promise || pulumi.isUnknown(value)) return false;
    return Object.values(value).every(isPlain);
}

function defined(query: Query): Query {
    return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== null));
}

function optionsOf({ provider, parent }: LookupPlace): pulumi.CustomResourceOptions {
    return { ...(provider === undefined ? {} : { provider }), ...(parent === undefined ? {} : { parent }) };
}

/** A suffix with the provider's name: two providers may get the same query. */
function suffixOf(options: pulumi.CustomResourceOptions): string {
    const provider = providerOf(options);
    return provider === undefined ? "" : ` (${nameOf(provider)})`;
}

/** A text that is cut if it is too long for a name, with a hash that keeps it unique. */
function shortened(text: string): string {
    if (text.length <= LONGEST_NAME) return text;
    return `${text.slice(0, LONGEST_NAME)}… ${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}
