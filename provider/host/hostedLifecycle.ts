import type {
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
} from "@pulumi/pulumi/dynamic";
import { sameJson } from "../blnk/json";
import { takenAway } from "../lifecycles/adoption";
import type { Lifecycle, Run } from "../lifecycles/lifecycle";
import { parseBinding, withId } from "../lifecycles/mark";
import { describeQuery, type Query } from "../lifecycles/search";
import { checkResource } from "./check";
import { sentence, shown } from "./errors";
import { findOne, foundAgain } from "./found";
import type { Host } from "./host";
import { declaredTwice, urnOf } from "./places";
import { openRun } from "./runs";
import { recordedServer, type Session } from "./session";
import { hasUnknown, type Properties, plain } from "./values";

/** One kind of thing as Pulumi's dynamic host asks for it: what is the same for all kinds is done here, once. */
export class HostedLifecycle<Inputs extends object, State extends object> implements ResourceProvider {
    private session: Session | undefined;
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
        this.session = this.host.sessionFor(config);
    }

    async check(olds: Properties, news: Properties): Promise<CheckResult> {
        return checkResource(this.open(), this.lifecycle, olds, news);
    }

    async diff(id: string, olds: Properties, news: Properties): Promise<DiffResult> {
        const session = this.open();
        const objection = this.objection(session, id, olds, news);
        if (objection !== undefined) throw shown(new Error(objection));
        const before = this.inputsIn(olds);
        const changed = this.inputNames.filter((name) => isChanged(name, before[name], news[name]));
        const replaces = changed.filter(
            (name) =>
                (this.lifecycle.replaceOn as readonly string[]).includes(name) ||
                (name === "instance" && isOtherOwner(olds.instance, news.instance)),
        );
        if (replaces.length === 0) this.declareAlive(session, id, news, olds, before);
        else this.noteReplaced(session, id, olds, news, replaces);
        // Left open where inputs differ, so that the engine compares them itself and shows which.
        return changed.length === 0 ? { changes: false } : { replaces };
    }

    async create(properties: Properties): Promise<CreateResult> {
        const { __provider, ...inputs } = properties;
        return this.act("create", inputs, undefined, async (run, session) => {
            const { id, state } = await this.lifecycle.create(run, inputs as Inputs);
            this.declareAlive(session, id, inputs, state);
            return { id, outs: plain(state) };
        });
    }

    async read(id: string, properties: Properties): Promise<ReadResult> {
        const { __provider, lookup, found, ...state } = properties;
        if (lookup !== undefined && lookup !== true) {
            const query = lookup as Query;
            const what = describeQuery(query);
            return this.act("look up", state, what, (run) => findOne(run, this.lifecycle, query, state));
        }
        return this.act("read", state, id, async (run, session) => {
            // A refresh of what was looked up: the query is not asked again, it may be about to be changed.
            if (found !== undefined) return foundAgain(run, this.lifecycle, id, state);
            if (lookup === true) {
                const there = await this.lifecycle.lookUp?.(run, id);
                // An empty id would do nothing here: the engine takes what it is handed for the thing itself.
                if (there === undefined) throw new Error(`there is no such ${this.lifecycle.noun} in ${run.server}.`);
                // Where it lives is not yet known in the preview of a new stack.
                return { id, props: plain({ ...there, instance: state.instance }) };
            }
            const read = () => this.lifecycle.read(run, id, state as State);
            const isDeletable = this.lifecycle.identify === undefined;
            const now = isDeletable ? await read() : await session.gone.around(read);
            if (now === undefined) return { id: "", props: {} };
            const props = plain(now);
            return { id, props, inputs: this.inputsIn(props) };
        });
    }

    async update(id: string, olds: Properties, news: Properties): Promise<UpdateResult> {
        const { __provider: _old, ...state } = olds;
        const { __provider: _new, ...inputs } = news;
        return this.act("update", inputs, id, async (run, session) => {
            const now = await this.lifecycle.update(run, id, state as State, inputs as Inputs);
            // What it has come to hold on the way is its own as well.
            this.declareAlive(session, id, inputs, now);
            return { outs: plain(now) };
        });
    }

    async delete(id: string, properties: Properties): Promise<void> {
        const { __provider, ...state } = properties;
        await this.act("delete", state, id, (run) => this.lifecycle.delete(run, id, state as State));
    }

    private open(): Session {
        if (this.session === undefined) throw new Error("Pulumi's host asked for a resource before it was configured.");
        return this.session;
    }

    /** Runs one operation on the server that the properties name, and no other. Its errors say what was tried. */
    private async act<Result>(
        verb: string,
        properties: Properties,
        id: string | undefined,
        operation: (run: Run, session: Session) => Promise<Result>,
    ): Promise<Result> {
        try {
            const session = this.open();
            const server = await session.server();
            const mismatch = session.mismatch(recordedServer(properties), server);
            if (mismatch !== undefined) throw new Error(mismatch);
            const { run, told } = openRun(session, server, urnOf(this.kind, properties));
            try {
                return await operation(run, session);
            } finally {
                await Promise.all(told);
            }
        } catch (error) {
            const { adopted } = properties;
            const known = id ?? (typeof adopted === "string" ? adopted : undefined);
            const what = this.lifecycle.describe(properties as Partial<Inputs>, known);
            throw shown(new Error(`cannot ${verb} ${what}: ${sentence(error)}`, { cause: error }));
        }
    }

    /** Why a resource with this id cannot be as it is declared. */
    private objection(session: Session, id: string, olds: Properties, news: Properties): string | undefined {
        const { adopted, ...inputs } = news;
        const problem = session.settingsProblem;
        if (problem !== undefined) return problem;
        if (typeof adopted === "string" && adopted !== id && !hasUnknown(adopted)) {
            const what = this.lifecycle.describe(inputs as Partial<Inputs>, id);
            return `${withId(what, id)} cannot adopt ${adopted} as well: declare another resource for that.`;
        }
        const taken = takenAway(id, olds.mark, news.mark);
        if (taken !== undefined && !isOtherOwner(olds.instance, news.instance)) {
            const urn = this.urnIn(session, news);
            // A refresh compares too, without a check before it, and goes on.
            if (urn !== undefined && session.checked.has(urn)) return taken;
        }
        const run = { configuredOwner: session.settings.owner };
        return this.lifecycle.objection?.(run, id, news as Inputs, olds as State);
    }

    /** Notes that the thing with this id makes way for another, which will be judged before the other is made. */
    private noteReplaced(
        session: Session,
        id: string,
        olds: Properties,
        news: Properties,
        replaces: readonly string[],
    ): void {
        const urn = this.urnIn(session, news);
        if (urn === undefined) return;
        for (const claim of this.lifecycle.claims(id, this.inputsIn(olds) as Inputs, olds as State)) {
            session.alive.release(claim, urn);
        }
        // What lives in another server cannot be judged from here: it is left where it is.
        if (!replaces.includes("instance")) session.replaced.set(urn, { id, state: olds });
    }

    /** The URN of a declared thing: told by its mark, or by the id under which its check has declared it. */
    private urnIn(session: Session, inputs: Properties): string | undefined {
        const { adopted } = inputs;
        return urnOf(this.kind, inputs) ?? (typeof adopted === "string" ? session.alive.ownerOf(adopted) : undefined);
    }

    /** Notes what this run goes on with. A refresh compares too, without a check before it: that declares nothing. */
    private declareAlive(
        session: Session,
        id: string,
        inputs: Properties,
        state: object,
        before: Properties = inputs,
    ): void {
        const urn = this.urnIn(session, inputs);
        if (urn === undefined || !session.checked.has(urn)) return;
        const claims = this.lifecycle.claims(id, inputs as Inputs, state as State);
        for (const claim of claims) {
            const rival = session.alive.declare(claim, urn);
            if (rival !== undefined) throw shown(new Error(declaredTwice(claim, rival, urn)));
        }
        const kept = new Set(claims);
        for (const claim of this.lifecycle.claims(id, before as Inputs, state as State)) {
            if (!kept.has(claim)) session.alive.noteDropped(claim);
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
    // Not yet known who owns it, or which mark follows from that: `up` will tell, and nothing hangs on it here.
    if ((name === "instance" || name === "mark") && hasUnknown(now)) return false;
    return !sameJson(old ?? null, now ?? null);
}

function isOtherOwner(old: unknown, now: unknown): boolean {
    return typeof old === "string" && typeof now === "string" && parseBinding(old).owner !== parseBinding(now).owner;
}
