import { isDeepStrictEqual } from "node:util";
import type { Config, ResourceProvider } from "@pulumi/pulumi/dynamic";
import type { Policy } from "../../provider/blnk/policy";
import { Host } from "../../provider/host/host";
import { hostKinds } from "../../provider/host/hostKinds";
import type { KindName } from "../../provider/kinds";
import { PATIENT } from "../blnk/policies";
import "../host/engineOfThisProcess";

export type Kind = KindName;
export type Bag = Readonly<Record<string, unknown>>;

/** A resource as a program declares it. */
export interface Declared {
    readonly kind: Kind;
    readonly name: string;
    readonly inputs: Bag;
}

export type Outcome = "created" | "unchanged" | "updated" | "replaced" | "refused" | "gone" | "drifted" | "same";

/** A resource as the stack's state keeps it. */
export interface Kept {
    readonly kind: Kind;
    readonly name: string;
    readonly id: string;
    readonly inputs: Bag;
    readonly outputs: Bag;
    /** Its last operation failed after part of it was done: the engine updates it next time in any case. */
    readonly isPartial?: true;
}

/** The settings to reach a server. */
export interface Reach {
    readonly config: Readonly<Record<string, unknown>>;
    readonly environment: Readonly<Record<string, string>>;
}

const PROVIDER = { __provider: "exports.handler = …" };

/** A stack, run as Pulumi's engine runs one: each command has its own host process. */
export class Stack {
    readonly kept = new Map<string, Kept>();
    /** The problems that the last check found. */
    problems: string[] = [];
    /** The policy for retries of each host process. */
    policy: Policy = PATIENT;
    /** Whether the engine of the host process is still running. */
    engine = { isThere: true };

    constructor(
        public reach: Reach,
        readonly project: string,
        readonly stack: string,
        /** The value that every resource but Instance takes as `instance`. */
        public binding = "",
    ) {}

    urn({ kind, name }: Pick<Declared, "kind" | "name">): string {
        return `urn:pulumi:${this.stack}::${this.project}::pulumi-nodejs:dynamic/blnk:${kind}::${name}`;
    }

    /** What `pulumi up` does: applies each resource in turn, then removes those that are no longer declared. */
    async up(declared: readonly Declared[]): Promise<Outcome[]> {
        const host = this.newHost();
        const outcomes: Outcome[] = [];
        for (const resource of declared) outcomes.push(await this.apply(host, resource));
        if (outcomes.includes("refused")) return outcomes;
        const urns = new Set(declared.map((resource) => this.urn(resource)));
        for (const [urn, kept] of [...this.kept].reverse()) if (!urns.has(urn)) await this.remove(host, urn, kept);
        return outcomes;
    }

    /** What `pulumi preview` does: plans what `up` would do, and stores nothing. */
    async preview(declared: readonly Declared[]): Promise<Outcome[]> {
        const host = this.newHost();
        const outcomes: Outcome[] = [];
        for (const resource of declared) outcomes.push((await this.plan(host, resource)).outcome);
        return outcomes;
    }

    /** A copy of the state in a stack of another name or project, or with resources of another owner. */
    copied(change: { stack?: string; project?: string; binding?: string }): Stack {
        const { stack = this.stack, project = this.project, binding = this.binding } = change;
        const copy = new Stack(this.reach, project, stack, binding);
        copy.policy = this.policy;
        for (const kept of this.kept.values()) copy.kept.set(copy.urn(kept), structuredClone(kept));
        return copy;
    }

    /** What `pulumi destroy` does. */
    async destroy(): Promise<void> {
        const host = this.newHost();
        for (const [urn, kept] of [...this.kept].reverse()) await this.remove(host, urn, kept);
    }

    /** What `pulumi refresh` does. */
    async refresh(): Promise<Outcome[]> {
        const host = this.newHost();
        const outcomes: Outcome[] = [];
        for (const [urn, kept] of [...this.kept]) {
            const { id = "", props = {}, inputs } = (await host[kept.kind].read?.(kept.id, kept.outputs)) ?? {};
            if (id === "") {
                this.kept.delete(urn);
                outcomes.push("gone");
                continue;
            }
            const outputs = wire({ ...props, ...PROVIDER });
            await host[kept.kind].diff?.(id, outputs, kept.inputs);
            const { isPartial: _cleared, ...before } = kept;
            const now = {
                ...before,
                id,
                outputs,
                inputs: inputs === undefined ? kept.inputs : wire({ ...inputs, ...PROVIDER }),
            };
            this.kept.set(urn, now);
            outcomes.push(isDeepStrictEqual(now, kept) ? "same" : "drifted");
        }
        return outcomes;
    }

    private async apply(host: Hosts, resource: Declared): Promise<Outcome> {
        const { kind, name } = resource;
        const urn = this.urn(resource);
        const old = this.kept.get(urn);
        const create = async (inputs: Bag) => {
            try {
                const made = await host[kind].create(inputs);
                this.kept.set(urn, { kind, name, id: made.id, inputs, outputs: wire({ ...made.outs, ...PROVIDER }) });
                if (kind === "Instance") this.binding = `${made.outs?.server}/${made.id}`;
            } catch (error) {
                this.keepPart(urn, { kind, name, inputs }, error);
                throw error;
            }
        };
        const { outcome, inputs, check } = await this.plan(host, resource);
        if (outcome === "created") await create(inputs);
        if (outcome === "unchanged" && old !== undefined) this.kept.set(urn, { ...old, inputs });
        if (outcome === "updated" && old !== undefined) {
            try {
                const result = await host[kind].update?.(old.id, old.outputs, inputs);
                this.kept.set(urn, { kind, name, id: old.id, inputs, outputs: wire({ ...result?.outs, ...PROVIDER }) });
            } catch (error) {
                this.keepPart(urn, old, error);
                throw error;
            }
        }
        if (outcome === "replaced" && old !== undefined) {
            const again = await check({});
            if (this.problems.length > 0) return "refused";
            await create(again);
            await host[kind].delete?.(old.id, old.outputs);
        }
        return outcome;
    }

    /** What `up` will do with a resource, by its check and diff. */
    private async plan(host: Hosts, resource: Declared) {
        const { kind } = resource;
        const urn = this.urn(resource);
        const old = this.kept.get(urn);
        const news = wire({
            ...resource.inputs,
            ...(kind === "Instance" ? {} : { instance: this.binding, ownUrn: urn }),
            ...PROVIDER,
        });
        const check = async (olds: Bag) => {
            const { inputs, failures = [] } = (await host[kind].check?.(olds, news)) ?? {};
            this.problems = failures.map(({ property, reason }) => `${property}${reason}`);
            return wire({ ...inputs, ...PROVIDER });
        };
        const inputs = await check(old?.inputs ?? {});
        const planned = (outcome: Outcome) => ({ outcome, inputs, check });
        if (this.problems.length > 0) return planned("refused");
        if (old === undefined) return planned("created");
        const diff = await host[kind].diff?.(old.id, old.outputs, inputs);
        if ((diff?.replaces ?? []).length > 0) return planned("replaced");
        // Without `changes`, the engine compares the old inputs with the new ones.
        const changes = old.isPartial || (diff?.changes ?? !isDeepStrictEqual(old.inputs, inputs));
        return planned(changes ? "updated" : "unchanged");
    }

    /** Records what the engine keeps of a partly failed operation: from an error with an id, properties and reasons. */
    private keepPart(urn: string, kept: Pick<Kept, "kind" | "name" | "inputs">, error: unknown): void {
        const { id, properties, reasons } = error as { id?: string; properties?: Bag; reasons?: readonly string[] };
        if (id === undefined || properties === undefined) return;
        if (!reasons?.length)
            throw new Error("without reasons the engine forgets that an operation is to be completed");
        if (properties.__provider === undefined)
            throw new Error("without its provider the engine cannot continue with it");
        this.kept.set(urn, { ...kept, id, outputs: withoutSecrets(wire(properties)) as Bag, isPartial: true });
    }

    private async remove(host: Hosts, urn: string, kept: Kept): Promise<void> {
        await host[kept.kind].delete?.(kept.id, kept.outputs);
        this.kept.delete(urn);
    }

    /** A new host process with the configuration. */
    newHost(): Hosts {
        const host = new Host(this.reach.environment, this.engine, this.policy);
        const hosts = hostKinds(host);
        const config = { get: (key: string) => this.reach.config[key] } as unknown as Config;
        for (const hosted of Object.values(hosts)) void hosted.configure?.({ config });
        return hosts;
    }
}

type Hosts = Readonly<Record<Kind, ResourceProvider>>;

/** Properties as they arrive at the other end. With undefined in them, Pulumi's host would lose the created thing. */
function wire(properties: Bag): Bag {
    refuseUndefined(properties, "properties");
    return JSON.parse(JSON.stringify(properties)) as Bag;
}

function refuseUndefined(value: unknown, path: string): void {
    if (value === undefined) throw new Error(`${path} is undefined, which Pulumi's host cannot send`);
    if (value === null || typeof value !== "object") return;
    for (const [key, inner] of Object.entries(value)) refuseUndefined(inner, `${path}.${key}`);
}

/** Properties as the engine passes them back: it stores secrets, and unwraps them. */
function withoutSecrets(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(withoutSecrets);
    if (value === null || typeof value !== "object") return value;
    if ("4dabf18193072939515e22adb298388d" in value) return withoutSecrets((value as { value?: unknown }).value);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}
