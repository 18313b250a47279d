import type {
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
} from "@pulumi/pulumi/dynamic";
import { takenAway } from "../creation/adoption";
import type { Lifecycle, OperationContext } from "../kinds/lifecycle";
import { PartialFailure } from "../kinds/partialFailure";
import { parseMark, withId } from "../marks/mark";
import { parseBinding } from "../wire/binding";
import { sameJson } from "../wire/json";
import { checkResource } from "./check";
import { sentence, shown } from "./errors";
import type { Host } from "./host";
import { askedFor, foundAgain, lookedUp } from "./hostedLookup";
import { openContext } from "./operationContext";
import { type ProviderContext, recordedServer } from "./providerContext";
import { knownRelease } from "./releases";
import { declaredTwice, urnOf } from "./urns";
import { hasUnknown, keptSecret, knownParts, type Properties, plain } from "./values";

/** One kind of thing as Pulumi's dynamic host asks for it: what is the same for all kinds is done here, once. */
export class HostedLifecycle<Inputs extends object, State extends object> implements ResourceProvider {
    private provider: ProviderContext | undefined;
    private readonly inputNames: readonly string[];

    constructor(
        private readonly host: Host,
        private readonly kind: string,
        private readonly lifecycle: Lifecycle<Inputs, State>,
    ) {
        this.inputNames = Object.keys(lifecycle.inputs);
    }

    /** Keeps the configuration, and nothing more: the host does not wait for this before the next call. */
    async configure({ config }: ConfigureRequest): Promise<void> {
        this.provider = this.host.sessionFor(config);
    }

    async check(olds: Properties, news: Properties): Promise<CheckResult> {
        return checkResource(this.open(), this.lifecycle, olds, news);
    }

    async diff(id: string, olds: Properties, news: Properties): Promise<DiffResult> {
        const provider = this.open();
        const objection = this.objection(provider, id, olds, news);
        if (objection !== undefined) throw shown(new Error(objection));
        this.noteKnown(provider, olds);
        const before = this.inputsIn(olds);
        const changed = this.inputNames.filter((name) => isChanged(name, before[name], news[name]));
        // What an earlier update has left open is settled by another one.
        const isOpen = olds.unsettled !== undefined;
        const replaces = changed.filter((name) => (this.lifecycle.replaceOn as readonly string[]).includes(name));
        if (replaces.length === 0) {
            this.declareAlive(provider, id, news, olds, before);
            if (changed.length > 0 || isOpen) await this.preflight(provider, id, olds, news);
        } else this.noteReplaced(provider, id, olds, news);
        if (changed.length > 0) await this.judgeChange(provider, id, olds, news, replaces);
        const staying = replaces.length === 0 ? this.lifecycle.staying?.(olds as State, news as Inputs) : undefined;
        if (staying !== undefined) provider.staying.set(id, staying);
        // Left open where inputs differ, so that the engine compares them itself and shows which.
        if (changed.length > 0) return { replaces };
        return { changes: isOpen };
    }

    async create(properties: Properties): Promise<CreateResult> {
        const { __provider, ...inputs } = properties;
        return this.act("create", properties, undefined, async (context, provider) => {
            const { id, state } = await this.lifecycle.create(context, inputs as Inputs);
            this.declareAlive(provider, id, inputs, state);
            return { id, outs: plain(state) };
        });
    }

    async read(id: string, properties: Properties): Promise<ReadResult> {
        const { __provider, lookup, found, ...state } = properties;
        if (lookup !== undefined && lookup !== true) {
            return this.act("look up", state, askedFor(properties), (context) =>
                lookedUp(context, this.lifecycle, id, properties),
            );
        }
        return this.act("read", state, id, async (context) => {
            // A refresh of what was looked up: the query is not asked again, it may be about to be changed.
            if (found !== undefined) return foundAgain(context, this.lifecycle, id, properties);
            if (lookup === true) {
                const there = await this.lifecycle.lookUp?.(context, id);
                // An empty id would do nothing here: the engine takes what it is handed for the thing itself.
                if (there === undefined)
                    throw new Error(`there is no such ${this.lifecycle.noun} in ${context.server}.`);
                // Where it lives is not yet known in the preview of a new stack.
                return { id, props: plain({ ...there, instance: state.instance }) };
            }
            const now = await this.lifecycle.read(context, id, state as State);
            if (now === undefined) return { id: "", props: {} };
            const props = plain(now);
            return { id, props, inputs: this.inputsIn(props) };
        });
    }

    async update(id: string, olds: Properties, news: Properties): Promise<UpdateResult> {
        const { __provider: _old, ...state } = olds;
        const { __provider: _new, ...inputs } = news;
        return this.act("update", news, id, async (context, provider) => {
            const now = await this.lifecycle.update(context, id, state as State, inputs as Inputs);
            // What it has come to hold on the way is its own as well.
            this.declareAlive(provider, id, inputs, now);
            return { outs: plain(now) };
        });
    }

    async delete(id: string, properties: Properties): Promise<void> {
        const { __provider, ...state } = properties;
        await this.act("delete", state, id, (context) => this.lifecycle.delete(context, id, state as State));
    }

    private open(): ProviderContext {
        if (this.provider === undefined)
            throw new Error("Pulumi's host asked for a resource before it was configured.");
        return this.provider;
    }

    /** Runs one operation on the server that the properties name, and no other. Its errors say what was tried. */
    private async act<Result>(
        verb: string,
        { __provider, ...properties }: Properties,
        id: string | undefined,
        operation: (context: OperationContext, provider: ProviderContext) => Promise<Result>,
    ): Promise<Result> {
        try {
            const provider = this.open();
            const refusal = await provider.refusal(recordedServer(properties));
            if (refusal !== undefined) throw new Error(refusal);
            const server = await provider.server();
            const { context, told } = openContext(provider, server, urnOf(this.kind, properties));
            try {
                return await operation(context, provider);
            } finally {
                await Promise.all(told);
            }
        } catch (error) {
            const { adopted } = properties;
            const known = id ?? (typeof adopted === "string" ? adopted : undefined);
            const what = this.lifecycle.describe(properties as Partial<Inputs>, known);
            const failure = shown(new Error(`cannot ${verb} ${what}: ${sentence(error)}`, { cause: error }));
            if (!(error instanceof PartialFailure)) throw failure;
            throw recorded(failure, { id: id ?? error.id, state: error.state, inputs: properties, __provider });
        }
    }

    /** Why a resource with this id cannot be as it is declared. */
    private objection(provider: ProviderContext, id: string, olds: Properties, news: Properties): string | undefined {
        const { adopted, ...inputs } = news;
        const problem = provider.settingsProblem;
        if (problem !== undefined) return problem;
        if (typeof adopted === "string" && adopted !== id && !hasUnknown(adopted)) {
            const what = this.lifecycle.describe(inputs as Partial<Inputs>, id);
            return `${withId(what, id)} cannot adopt ${adopted} as well: declare another resource for that.`;
        }
        const other = takenBy(olds);
        // A refresh compares too, without a check before it, and goes on.
        if (other !== undefined && other !== news.mark && this.isChecked(provider, id, news))
            return takenAway(id, other);
        const context = { configuredOwner: provider.settings.owner, markIndex: provider.markIndex };
        return this.lifecycle.objection?.(context, id, news as Inputs, olds as State);
    }

    /** Looks at what an update would meet, as far as what is asked for is known. */
    private async preflight(provider: ProviderContext, id: string, olds: Properties, news: Properties): Promise<void> {
        if (this.lifecycle.preflightUpdate === undefined || !this.isChecked(provider, id, news)) return;
        const known = knownParts(news) as Partial<Inputs>;
        await this.lookBefore("update", id, olds, news, async (context, state) => {
            await this.lifecycle.preflightUpdate?.(context, id, state, known);
        });
    }

    /** Looks at a resource before it is changed: as it is now, in the server that it is bound to from now on. */
    private async lookBefore(
        verb: "update" | "replace",
        id: string,
        olds: Properties,
        news: Properties,
        look: (context: OperationContext, state: State) => Promise<void>,
    ): Promise<void> {
        const { __provider, ...state } = olds;
        await this.act(verb, { ...state, instance: news.instance }, id, (context) => look(context, state as State));
    }

    /** Notes what the stack knows to have made. What it has adopted was made by others. */
    private noteKnown(provider: ProviderContext, olds: Properties): void {
        const owner = parseMark(olds.mark)?.owner;
        if (owner === undefined || olds.adopted !== undefined) return;
        provider.markIndex.known(owner, this.lifecycle.countMade?.(olds as State) ?? 1);
    }

    /** Whether the program of this run has declared the resource. */
    private isChecked(provider: ProviderContext, id: string, inputs: Properties): boolean {
        const urn = this.urnIn(provider, inputs) ?? provider.declarations.ownerOf(id);
        return urn !== undefined && provider.checked.has(urn);
    }

    /** Notes that the thing with this id makes way for another, which will be judged before the other is made. */
    private noteReplaced(provider: ProviderContext, id: string, olds: Properties, news: Properties): void {
        const urn = this.urnIn(provider, news);
        if (urn === undefined) return;
        for (const claim of this.lifecycle.claims(id, this.inputsIn(olds) as Inputs, olds as State)) {
            provider.declarations.release(claim, urn);
        }
        provider.replaced.set(urn, { id, state: olds });
    }

    /** Refuses a change, in the preview too, that would let go of what must stay. */
    private async judgeChange(
        provider: ProviderContext,
        id: string,
        olds: Properties,
        news: Properties,
        replaces: readonly string[],
    ): Promise<void> {
        // Where it is not yet known what the mark will be, the old one tells.
        const urn = this.urnIn(provider, news) ?? this.urnIn(provider, olds);
        const judged = knownRelease(provider, this.lifecycle, { urn, news, replaces });
        if (judged === undefined) return;
        // What is not known yet may turn out to be as it was, so that this is no refusal.
        const isUncertain = replaces.length > 0 && judged.replaces.length === 0;
        const names = isUncertain ? replaces : judged.replaces;
        await this.lookBefore(names.length > 0 ? "replace" : "update", id, olds, news, async (context, state) => {
            const judging = this.lifecycle.checkRelease?.(context, id, state, judged.inputs, names);
            if (!isUncertain) return judging;
            const refusal = await judging?.then(() => undefined, sentence);
            if (refusal !== undefined)
                context.warn(`"pulumi up" fails if another ${names.join(" and ")} follows: ${refusal}`);
        });
    }

    /** The URN of a declared thing: told by its mark, or by the id under which its check has declared it. */
    private urnIn(provider: ProviderContext, inputs: Properties): string | undefined {
        const { adopted } = inputs;
        return (
            urnOf(this.kind, inputs) ??
            (typeof adopted === "string" ? provider.declarations.ownerOf(adopted) : undefined)
        );
    }

    /** Notes what this run goes on with. A refresh compares too, without a check before it: that declares nothing. */
    private declareAlive(
        provider: ProviderContext,
        id: string,
        inputs: Properties,
        state: object,
        before: Properties = inputs,
    ): void {
        const urn = this.urnIn(provider, inputs);
        if (urn === undefined || !provider.checked.has(urn)) return;
        const claims = this.lifecycle.claims(id, inputs as Inputs, state as State);
        for (const claim of claims) {
            const rival = provider.declarations.declare(claim, urn);
            if (rival !== undefined) throw shown(new Error(declaredTwice(claim, rival, urn)));
        }
        const kept = new Set(claims);
        for (const claim of this.lifecycle.claims(id, before as Inputs, state as State)) {
            if (!kept.has(claim)) provider.declarations.noteDropped(claim);
        }
    }

    /** The inputs that a state stands for. */
    private inputsIn(state: Properties): Properties {
        const held: object = this.lifecycle.inputsOf?.(state as State) ?? state;
        const inputs = held as Properties;
        return Object.fromEntries(this.inputNames.flatMap((name) => (name in inputs ? [[name, inputs[name]]] : [])));
    }
}

function isChanged(name: string, old: unknown, now: unknown): boolean {
    // Which mark it will be hangs on what else is not yet known.
    if (name === "mark" && hasUnknown(now)) return false;
    return !sameJson(old ?? null, now ?? null);
}

/** The mark of another stack that a refresh has found on a thing, if it has. */
function takenBy({ takenBy: other, mark, instance }: Properties): string | undefined {
    if (typeof other === "string") return other;
    // States of 0.1.0 hold it in the place of the own mark.
    const isOther = typeof instance === "string" && parseMark(mark)?.owner !== parseBinding(instance).owner;
    return typeof mark === "string" && isOther && parseMark(mark) !== undefined ? mark : undefined;
}

/** What the engine is to keep of an operation that failed on the way. */
interface Recorded {
    readonly id: string | undefined;
    readonly state: object;
    /** The inputs of the operation, by whose paths the engine keeps outputs secret. */
    readonly inputs: Properties;
    readonly __provider: unknown;
}

/** The failure in the form in which the engine keeps what was done: it shows the reasons, and not the message. */
function recorded(failure: Error, { id, state, inputs, __provider }: Recorded): Error {
    const properties = Object.fromEntries(
        Object.entries(plain(state)).map(([name, value]) => [name, keptSecret(name, value, inputs)]),
    );
    return Object.assign(failure, { id, properties: { ...properties, __provider }, reasons: [failure.message] });
}
