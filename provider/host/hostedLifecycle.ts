import type {
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
} from "@pulumi/pulumi/dynamic";
import * as v from "valibot";
import { sameJson } from "../blnk/json";
import type { Lifecycle, Run } from "../lifecycles/lifecycle";
import { formatUrn, markOf, parseBinding, parseMark, parseUrn } from "../lifecycles/mark";
import { shown } from "./errors";
import type { Host } from "./host";
import { type Kind, show } from "./messages";
import { recordedServer, type Session } from "./session";
import { typeToken } from "./typeToken";
import { hasUnknown, knownPart, type Properties, plain, unknownValue } from "./values";

/** One kind of thing as Pulumi's dynamic host asks for it: what is the same for all kinds is done here, once. */
export class HostedLifecycle<Inputs extends object, State extends Inputs> implements ResourceProvider {
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
        const session = this.open();
        const { __provider, ownUrn: urn, ...asked } = news;
        const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null));
        const failures = await this.connectionProblems(session, olds, given);
        if (failures.length > 0) return refuse(given, failures);

        const unknown = new Set(Object.keys(given).filter((name) => hasUnknown(given[name])));
        const known = Object.fromEntries(
            Object.entries(given).flatMap(([name, value]) => {
                const part = knownPart(value);
                return part === undefined ? [] : [[name, part]];
            }),
        );
        const problems = this.missing(known, unknown);
        for (const [name, problem] of this.misshapen(known)) {
            problems.push(problem);
            delete known[name];
            unknown.add(name);
        }
        const { __provider: _old, ...old } = olds;
        const server = await session.serverSoon();
        const checked = this.lifecycle.check({
            inputs: known as Partial<Inputs>,
            unknown,
            ...(Object.keys(old).length === 0 ? {} : { old: old as Partial<Inputs> }),
            ...(server === undefined ? {} : { server }),
        });
        problems.push(...checked.problems);
        if (typeof urn === "string" && !hasUnknown(urn)) {
            session.checked.add(urn);
            problems.push(...this.rivalProblems(session, checked.inputs, urn));
        }
        if (problems.length > 0) return refuse(given, problems);

        const unknownInputs = Object.fromEntries([...unknown].map((name) => [name, given[name]]));
        const inputs: Properties = { ...plain(checked.inputs), ...unknownInputs };
        const marked = { ...inputs, ...this.markInputs(inputs, urn) };
        if (Object.keys(old).length === 0 && !hasUnknown(marked))
            this.lifecycle.lookAhead?.(session.marks, marked as Inputs);
        return { inputs: marked, failures: [] };
    }

    async diff(id: string, olds: Properties, news: Properties): Promise<DiffResult> {
        const session = this.open();
        const objection = this.lifecycle.objection?.({ configuredOwner: session.settings.owner }, id);
        if (objection !== undefined) throw shown(new Error(objection));
        const changed = this.inputNames.filter((name) => isChanged(name, olds[name], news[name]));
        const replaces = changed.filter(
            (name) =>
                (this.lifecycle.replaceOn as readonly string[]).includes(name) ||
                (name === "instance" && isOtherOwner(olds.instance, news.instance)),
        );
        if (replaces.length === 0) this.declareAlive(session, id, news);
        // Left open where inputs differ, so that the engine compares them itself and shows which.
        return changed.length === 0 ? { changes: false } : { replaces };
    }

    async create(properties: Properties): Promise<CreateResult> {
        const { __provider, ...inputs } = properties;
        return this.act("create", inputs, undefined, async (run, session) => {
            const { id, state } = await this.lifecycle.create(run, inputs as Inputs);
            this.declareAlive(session, id, inputs);
            return { id, outs: plain(state) };
        });
    }

    async read(id: string, properties: Properties): Promise<ReadResult> {
        const { __provider, lookup, ...state } = properties;
        return this.act("read", state, id, async (run) => {
            if (lookup === true) {
                const found = await this.lifecycle.lookUp?.(run, id);
                // An empty id would do nothing here: the engine takes what it is handed for the thing itself.
                if (found === undefined) throw new Error(`there is no such ${this.lifecycle.noun} in ${run.server}.`);
                return { id, props: { ...plain(found), instance: state.instance } };
            }
            const now = await this.lifecycle.read(run, id, state as State);
            if (now === undefined) return { id: "", props: {} };
            const props = plain(now);
            return { id, props, inputs: this.inputsOf(props) };
        });
    }

    async update(id: string, olds: Properties, news: Properties): Promise<UpdateResult> {
        const { __provider: _old, ...state } = olds;
        const { __provider: _new, ...inputs } = news;
        return this.act("update", inputs, id, async (run) => {
            return { outs: plain(await this.lifecycle.update(run, id, state as State, inputs as Inputs)) };
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
        const messages: Promise<void>[] = [];
        try {
            const session = this.open();
            const server = await session.server();
            const mismatch = session.mismatch(recordedServer(properties), server);
            if (mismatch !== undefined) throw new Error(mismatch);
            const tell = (kind: Kind) => (text: string) => void messages.push(show(kind, this.urnOf(properties), text));
            const run: Run = {
                blnk: session.blnk.tellingWaits(tell("status")),
                server,
                configuredOwner: session.settings.owner,
                alive: session.alive,
                marks: session.marks,
                warn: tell("warning"),
                inform: tell("info"),
            };
            return await operation(run, session);
        } catch (error) {
            const what = this.lifecycle.describe(properties as Partial<Inputs>, id);
            throw shown(new Error(`cannot ${verb} ${what}: ${sentence(error)}`, { cause: error }));
        } finally {
            await Promise.all(messages);
        }
    }

    private async connectionProblems(session: Session, olds: Properties, news: Properties): Promise<string[]> {
        try {
            const server = await session.serverSoon();
            const recorded = recordedServer(hasUnknown(news.instance) ? {} : { ...news, server: olds.server });
            const mismatch = server === undefined ? undefined : session.mismatch(recorded, server);
            return mismatch === undefined ? [] : [mismatch];
        } catch (error) {
            return [sentence(error)];
        }
    }

    private missing(known: Properties, unknown: ReadonlySet<string>): string[] {
        return this.lifecycle.required
            .filter((name) => known[name] === undefined && !unknown.has(name))
            .map((name) => `${name} is missing`);
    }

    private misshapen(known: Properties): [name: string, problem: string][] {
        return this.inputNames.flatMap((name): [string, string][] => {
            if (known[name] === undefined) return [];
            const result = v.safeParse(this.lifecycle.inputs[name as keyof Inputs], known[name]);
            if (result.success) return [];
            // What was received is not told: it may be a secret.
            const expected = result.issues[0].expected?.replace(/^\((.*)\)$/, "$1").replaceAll(" | ", " or ");
            return [[name, `${name} must be ${expected ?? "of another type"}`]];
        });
    }

    /** Two resources of one program must not write the same thing: the later would undo the earlier for ever. */
    private rivalProblems(session: Session, inputs: Partial<Inputs>, urn: string): string[] {
        const id = this.lifecycle.naturalId?.(inputs);
        const rival = id === undefined ? undefined : session.alive.declare(id, urn);
        if (rival === undefined) return [];
        return [`${this.lifecycle.describe(inputs)} is declared twice: by ${labelOf(rival)} and by ${labelOf(urn)}`];
    }

    private markInputs(inputs: Properties, urn: unknown): Properties {
        if (this.lifecycle.identify === undefined || typeof urn !== "string") return {};
        const needed = [urn, inputs.instance, ...this.lifecycle.replaceOn.map((name) => inputs[name])];
        if (needed.some(hasUnknown)) return { mark: unknownValue };
        const { owner } = parseBinding(String(inputs.instance));
        const { under } = parseUrn(urn);
        return {
            mark: markOf(owner, urn, this.lifecycle.identify(inputs as Inputs)),
            ...(under === "" ? {} : { under }),
        };
    }

    /** Notes what this run goes on with. A refresh compares too, without a check before it: that declares nothing. */
    private declareAlive(session: Session, id: string, inputs: Properties): void {
        const urn = this.urnOf(inputs);
        if (urn === undefined || !session.checked.has(urn)) return;
        for (const claim of this.lifecycle.claims(id, inputs as Inputs)) {
            const rival = session.alive.declare(claim, urn);
            if (rival !== undefined && rival !== urn) {
                throw shown(new Error(`${claim} is declared twice: by ${labelOf(rival)} and by ${labelOf(urn)}`));
            }
        }
    }

    /** The URN of a thing that carries a mark, put together from it. */
    private urnOf({ mark, under }: Properties): string | undefined {
        const place = parseMark(mark);
        if (place === undefined) return undefined;
        return formatUrn({ ...place, under: typeof under === "string" ? under : "", type: typeToken(this.kind) });
    }

    private inputsOf(state: Properties): Properties {
        return Object.fromEntries(this.inputNames.flatMap((name) => (name in state ? [[name, state[name]]] : [])));
    }
}

function refuse(inputs: Properties, reasons: readonly string[]): CheckResult {
    // Without a property: the engine prints the value of a property that it is told of, secrets included.
    const failures: CheckFailure[] = reasons.map((reason) => ({ property: "", reason }));
    return { inputs, failures };
}

function isChanged(name: string, old: unknown, now: unknown): boolean {
    // Not yet known who owns it, or which mark follows from that: `up` will tell, and nothing hangs on it here.
    if ((name === "instance" || name === "mark") && hasUnknown(now)) return false;
    return !sameJson(old ?? null, now ?? null);
}

function isOtherOwner(old: unknown, now: unknown): boolean {
    return typeof old === "string" && typeof now === "string" && parseBinding(old).owner !== parseBinding(now).owner;
}

function labelOf(urn: string): string {
    const { type, name } = parseUrn(urn);
    return `${type.slice(type.lastIndexOf(":") + 1)} "${name}"`;
}

function sentence(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
