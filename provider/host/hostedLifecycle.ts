import type {
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
} from "@pulumi/pulumi/dynamic";
import type { Kind } from "../kinds";
import type { OperationContext } from "../kinds/context";
import { checkResource } from "./check";
import { noteDeclared } from "./declared";
import { diffResource } from "./diff";
import type { Host } from "./host";
import { GONE, HostedKind, placed } from "./hostedKind";
import { HostedLookup, isLookup } from "./hostedLookup";
import { type Operation, operate } from "./operation";
import type { ProviderContext } from "./providerContext";
import { type Properties, plain } from "./values";

/** One kind as a resource provider for Pulumi's dynamic host. All that the kinds have in common is done here, once. */
export class HostedLifecycle<Inputs extends object, State extends object> implements ResourceProvider {
    private provider: ProviderContext | undefined;
    private readonly kind: HostedKind<Inputs, State>;
    private readonly lookUps: HostedLookup<Inputs, State>;

    constructor(
        private readonly host: Host,
        name: string,
        facts: Kind<Inputs, State>,
    ) {
        this.kind = new HostedKind(name, facts);
        this.lookUps = new HostedLookup(this.kind, () => this.open());
    }

    /** Only keeps the configuration: the host does not wait for this before its next call. */
    async configure({ config }: ConfigureRequest): Promise<void> {
        this.provider = this.host.providerFor(config);
    }

    async check(olds: Properties, news: Properties): Promise<CheckResult> {
        return checkResource(this.open(), this.kind, olds, news);
    }

    async diff(id: string, olds: Properties, news: Properties): Promise<DiffResult> {
        return diffResource({ provider: this.open(), kind: this.kind, id, olds, news });
    }

    async create(properties: Properties): Promise<CreateResult> {
        const inputs = this.kind.bare(properties) as Inputs;
        return this.operate({ verb: "create", properties, id: undefined }, async (context, provider) => {
            const { id, state } = await this.kind.lifecycle.create(context, inputs);
            noteDeclared(provider, this.kind, { id, inputs: properties, state });
            return { id, outs: plain({ ...placed(properties), ...state }) };
        });
    }

    async read(id: string, properties: Properties): Promise<ReadResult> {
        if (isLookup(properties)) return this.lookUps.read(id, properties);
        return this.operate({ verb: "read", properties, id }, async (context) => {
            const state = this.kind.bare(properties) as State;
            const now = await this.kind.read(context, id, state);
            if (now === undefined) return GONE;
            const props = plain({ ...placed(properties), ...now });
            return { id, props, inputs: this.kind.inputsIn(props) };
        });
    }

    async update(id: string, olds: Properties, news: Properties): Promise<UpdateResult> {
        const [state, inputs] = [this.kind.bare(olds) as State, this.kind.bare(news) as Inputs];
        return this.operate({ verb: "update", properties: news, before: olds, id }, async (context, provider) => {
            const now = await this.kind.lifecycle.update(context, id, state, inputs);
            // The update may have added to what the resource declares.
            noteDeclared(provider, this.kind, { id, inputs: news, state: now });
            return { outs: plain({ ...placed(news), ...now }) };
        });
    }

    async delete(id: string, properties: Properties): Promise<void> {
        const state = this.kind.bare(properties) as State;
        await this.operate({ verb: "delete", properties, id }, (context) =>
            this.kind.lifecycle.delete(context, id, state),
        );
    }

    private open(): ProviderContext {
        if (this.provider !== undefined) return this.provider;
        throw new Error("Pulumi's host asked for a resource before it was configured.");
    }

    private operate<Result>(
        operation: Operation,
        work: (context: OperationContext, provider: ProviderContext) => Promise<Result>,
    ): Promise<Result> {
        return operate(() => this.open(), this.kind, operation, work);
    }
}
