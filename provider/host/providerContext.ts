import { Connection } from "../blnk/connection";
import type { Policy } from "../blnk/policy";
import { identifyServer } from "../blnk/server";
import { MARKED_TABLES } from "../kinds";
import type { Replaced } from "../kinds/context";
import { GoneJudge } from "../kinds/goneJudge";
import { MarkIndex } from "../marks/markIndex";
import { RefreshReads } from "../marks/refreshReads";
import { MetadataWriter } from "../metadata/metadataWriter";
import { type RawConfig, resolveSettings, type Settings } from "../settings/settings";
import { parseBinding } from "../wire/binding";
import { Declarations } from "./declarations";
import type { EngineWatch } from "./engineWatch";
import { sentence } from "./errors";
import { show } from "./messages";
import { hasUnknown, type Properties } from "./values";

/** What exists once the settings are known to be valid. */
interface Connected {
    readonly settings: Settings;
    readonly blnk: Connection;
    /** The same, for reads that serve many resources: they have no row of their own, so the stack's row shows waits. */
    readonly shared: Connection;
    readonly markIndex: MarkIndex;
    readonly refreshReads: RefreshReads;
}

/** What all resources of one provider share during a host process. Each provider has its own process. */
export class ProviderContext {
    readonly declarations = new Declarations();
    readonly metadata = new MetadataWriter();
    readonly gone: GoneJudge;
    /** The old thing of each resource that is being replaced, by URN: noted by diff for the create that follows. */
    readonly replaced = new Map<string, Replaced>();
    /** The mark that each thing to be adopted carried when its check read it; null for none. */
    readonly seenMarks = new Map<string, string | null>();
    /** The members that a change of their set keeps, by the set's id and their key: noted by diff for later checks. */
    readonly staying = new Map<string, ReadonlyMap<string, string>>();
    /** The inputs of the last run, by URN: for a replacement the engine runs a second check without them. */
    readonly held = new Map<string, Properties>();
    private resolved: Connected | undefined;
    private identity: Promise<string> | undefined;

    constructor(
        private readonly config: RawConfig,
        private readonly environment: Readonly<Record<string, string | undefined>>,
        private readonly engine: Pick<EngineWatch, "isThere">,
        private readonly policy: Policy,
    ) {
        this.gone = new GoneJudge(policy.settleMs);
    }

    get settings(): Settings {
        return this.connected().settings;
    }

    /** Why the settings are not valid, if they are not. */
    get settingsProblem(): string | undefined {
        try {
            this.connected();
            return undefined;
        } catch (error) {
            return sentence(error);
        }
    }

    get blnk(): Connection {
        return this.connected().blnk;
    }

    get markIndex(): MarkIndex {
        return this.connected().markIndex;
    }

    get refreshReads(): RefreshReads {
        return this.connected().refreshReads;
    }

    /**
     * The identity of the server that answers, from the one read that every run makes. It is read once; after a failure it is
     * read again. It waits as long as for a server that restarts: slow is not unreachable.
     */
    async server(): Promise<string> {
        this.identity ??= identifyServer(this.connected().shared).catch((error) => {
            this.identity = undefined;
            throw error;
        });
        return this.identity;
    }

    /** Why an operation must not run on the server that answers, if its things are recorded on another one. */
    async refusal(recorded: string | undefined): Promise<string | undefined> {
        const { connection } = this.settings;
        // On Blnk Cloud the settings name the instance, so a wrong one is not asked at all.
        const mismatch = connection.mode === "cloud" ? this.mismatch(recorded, connection.instanceId) : undefined;
        return mismatch ?? this.mismatch(recorded, await this.server());
    }

    /** Why a resource must not be declared with this provider: it lives on the server of another provider of the stack. */
    async moved(recorded: string | undefined): Promise<string | undefined> {
        const server = await this.server();
        if (this.mismatch(recorded, server) === undefined) return undefined;
        return (
            `it lives in ${recorded}, but its provider in this program leads to ${server}; nothing was changed. Give it a provider ` +
            `that leads to ${recorded}. On another server it is another resource: declare that with another name.`
        );
    }

    private mismatch(recorded: string | undefined, server: string): string | undefined {
        const { movedFrom } = this.settings;
        if (recorded === undefined || recorded === server || recorded === movedFrom) return undefined;
        return (
            `this stack's resources live in ${recorded}, but the configuration names ${server}; nothing was changed. ` +
            `Configure ${recorded} again (refresh and destroy use the configuration of the last "pulumi up", unless you pass ` +
            `--run-program). If its database moved, run "pulumi config set blnk:movedFrom ${recorded}". ` +
            `To use another instance, create another stack.`
        );
    }

    private connected(): Connected {
        if (this.resolved === undefined) {
            const settings = resolveSettings(this.config, this.environment);
            const blnk = new Connection(settings.connection, this.policy, () => this.engine.isThere);
            const shared = blnk.tellingWaits((text) => void show("status", undefined, text));
            const markIndex = new MarkIndex(blnk, MARKED_TABLES);
            this.resolved = { settings, blnk, shared, markIndex, refreshReads: new RefreshReads(shared) };
        }
        return this.resolved;
    }
}

/** The server that a resource's properties name, if they name one. */
export function recordedServer({ instance, server }: { instance?: unknown; server?: unknown }): string | undefined {
    if (typeof server === "string") return server;
    // Not known in the preview of a new stack, which has no server yet.
    return typeof instance === "string" && !hasUnknown(instance) ? parseBinding(instance).server : undefined;
}
