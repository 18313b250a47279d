import { randomBytes } from "node:crypto";
import { Cloud } from "./cloud/cloud";
import type { Instance } from "./cloud/instance";
import { RealCore } from "./cloud/realCore";
import { StandIn } from "./cloud/standIn";
import { CloudTokens, type TokenOptions } from "./cloud/tokens";
import { controls } from "./controls";
import { Core } from "./core/core";
import { mergeKeys, tableOf } from "./core/metadata";
import type { BalanceRow, IdentityRow, LedgerRow, TransactionRow } from "./core/rows";
import { type FaceParts, face } from "./face";
import { type Metadata, parseLiteral, toGoMap, toJson } from "./json";
import { type Listening, listen } from "./listen";
import { RequestLog, type RequestSeen } from "./requests";
import { calmSettings } from "./settings";
import { type Trouble, Troubles } from "./trouble";
import { Waiting } from "./waiting";

export type { BalanceRow, IdentityRow, LedgerRow, RequestSeen, TransactionRow, Trouble };

/** How a sandbox is started. */
export interface SandboxOptions {
    /** Port of the Cloud face; 0, the default, takes any free one. */
    port?: number;
    /** Port of the Core face; 0, the default, takes any free one. */
    corePort?: number;
    /** A Cloud token with all scopes. In front of a real Core the default is a new random one at each start. */
    token?: string;
    /** Id of the instance. */
    instance?: string;
    /** Master key of the Core face. */
    coreKey?: string;
    /** A real Core to use instead of the stand-in. */
    core?: { url: string; key: string };
}

/** A running sandbox. */
export interface Sandbox {
    /** Address of the Cloud face. */
    readonly url: string;
    /** Address of the Core face. */
    readonly coreUrl: string;
    readonly token: string;
    readonly instance: string;
    readonly coreKey: string;
    /** All requests from outside, in order of arrival. */
    requests(): readonly RequestSeen[];
    /** Those of them that would change something in Core. */
    writes(): readonly RequestSeen[];
    clearRequests(): void;
    /** Copies of all visible rows of an instance, in order of creation. Default: the first instance. */
    ledgers(instance?: string): LedgerRow[];
    balances(instance?: string): BalanceRow[];
    identities(instance?: string): IdentityRow[];
    transactions(instance?: string): TransactionRow[];
    /** Deletes a row without a request. */
    forget(id: string): void;
    /** Hides a row from everybody, as in an older dump, until it is shown. */
    hide(id: string): void;
    /** Shows a hidden row again, unchanged and at its place in the order of creation. */
    show(id: string): void;
    /** Changes top-level metadata keys without a request. Removes keys with the value undefined. */
    editMetadata(id: string, patch: Record<string, unknown>): void;
    /** Renames a ledger without a request. */
    editLedger(id: string, change: { name: string }): void;
    addToken(token: string, scopes: string[], options?: TokenOptions): void;
    /** Another instance behind the Cloud face, with an empty Core of its own. */
    addInstance(id: string): void;
    /** Adds a Core key with scopes, and with the side effects of such keys. */
    addCoreKey(key: string, scopes: string[]): void;
    /** Adds a rule. The first rule that matches and has times left acts. */
    trouble(rule: Trouble): void;
    clearTrouble(): void;
    /** Milliseconds added to each request. */
    latency(ms: number): void;
    /** Reads do not show rows or changes younger than this. */
    readLag(ms: number): void;
    /** Reads show metadata as it was this many milliseconds ago, and rows at once. */
    metadataLag(ms: number): void;
    /** Milliseconds between the read and the write of a metadata update. */
    metadataRace(ms: number): void;
    /** Stops forwarding a Core route, such as "PUT /ledgers/:id". */
    unforwarded(route: string): void;
    /** Closes all connections, refuses new ones for a while, then serves the same content on the same ports. */
    restart(downMs: number): Promise<void>;
    /** Stops serving and closes all connections at once. */
    stop(): Promise<void>;
}

/** Starts a sandbox on the loopback address. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
    const settings = calmSettings();
    const waiting = new Waiting();
    const troubles = new Troubles();
    const log = new RequestLog();
    const tokens = new CloudTokens();
    const instances = new Map<string, Instance>();
    // A well-known token must not open a real Core.
    const drawn = () => `blnk_sandbox_${randomBytes(16).toString("hex")}`;
    const token = options.token ?? (options.core === undefined ? "blnk_sandbox_token" : drawn());
    const first = options.instance ?? "inst_sandbox";
    const coreKey = options.core?.key ?? options.coreKey ?? "sandbox_core_key";
    const newCore = () => new StandIn(new Core(settings, waiting, coreKey), coreKey);
    const standIn = options.core === undefined ? newCore() : undefined;
    const realUrl = options.core?.url.replace(/\/+$/, "") ?? "";
    const addToken = (value: string, scopes: string[], limits?: TokenOptions) => {
        log.hide(value);
        tokens.add(value, scopes, limits);
    };
    instances.set(first, standIn ?? new RealCore(realUrl, coreKey));
    log.hide(coreKey);
    addToken(token, ["*"]);

    const stateOf = (id: string) => {
        const instance = instances.get(id);
        if (!(instance instanceof StandIn)) {
            throw new Error(`there is no instance ${id} in this process`);
        }
        return instance.core.state;
    };
    const states = () => [...instances.values()].flatMap((it) => (it instanceof StandIn ? [it.core.state] : []));

    let cloudFace: Listening | undefined;
    let coreFace: Listening | undefined;
    const sandbox: Sandbox = {
        get url() {
            return cloudFace?.url ?? "";
        },
        get coreUrl() {
            return coreFace?.url ?? realUrl;
        },
        token,
        instance: first,
        coreKey,
        requests: () => log.list(),
        writes: () => log.list().filter((entry) => entry.write),
        clearRequests: () => log.clear(),
        ledgers: (id = first) => structuredClone(stateOf(id).ledgers.rows()),
        balances: (id = first) => structuredClone(stateOf(id).balances.rows()),
        identities: (id = first) => structuredClone(stateOf(id).identities.rows()),
        transactions: (id = first) => structuredClone(stateOf(id).transactions.rows()),
        forget: (id) => {
            if (!states().some((state) => state.forget(id))) {
                throw new Error(`there is no row ${id}`);
            }
        },
        hide: (id) => {
            if (!states().some((state) => state.hide(id))) {
                throw new Error(`there is no row ${id}`);
            }
        },
        show: (id) => {
            if (!states().some((state) => state.show(id))) {
                throw new Error(`there is no hidden row ${id}`);
            }
        },
        editMetadata: (id, patch) => {
            const table = states()
                .map((state) => tableOf(state, id))
                .find((it) => it?.get(id) !== undefined);
            const merged = mergeKeys(
                table?.get(id)?.meta_data ?? null,
                toGoMap(parseLiteral(toJson(patch))) as Metadata,
            );
            for (const key of Object.keys(patch).filter((name) => patch[name] === undefined)) {
                delete merged[key];
            }
            if (table?.change(id, { meta_data: merged }) === undefined) {
                throw new Error(`there is no ledger, balance or identity ${id}`);
            }
        },
        editLedger: (id, { name }) => {
            if (!states().some((state) => state.ledgers.change(id, { name }) !== undefined)) {
                throw new Error(`there is no ledger ${id}`);
            }
        },
        addToken,
        addInstance: (id) => void instances.set(id, instances.get(id) ?? newCore()),
        addCoreKey: (key, scopes) => {
            log.hide(key);
            standIn?.core.keys.add(key, scopes);
        },
        trouble: (rule) => troubles.add(rule),
        clearTrouble: () => troubles.clear(),
        latency: (ms) => {
            settings.latency = ms;
        },
        readLag: (ms) => {
            settings.readLag = ms;
        },
        metadataLag: (ms) => {
            settings.metadataLag = ms;
        },
        metadataRace: (ms) => {
            settings.metadataRace = ms;
        },
        unforwarded: (route) => void settings.unforwarded.add(route),
        restart: async (downMs) => {
            await Promise.all([cloudFace?.close(), coreFace?.close()]);
            // If the sandbox was stopped meanwhile, it stays closed.
            if (await waiting.wait(downMs)) await Promise.all([cloudFace?.reopen(), coreFace?.reopen()]);
        },
        stop: async () => {
            waiting.stop();
            await Promise.all([cloudFace?.close(), coreFace?.close()]);
        },
    };

    const parts: FaceParts = { log, troubles, settings, waiting, controls: controls(sandbox, standIn === undefined) };
    const cloud = new Cloud(tokens, instances, settings);
    cloudFace = await listen(
        options.port ?? 0,
        face("cloud", parts, (request) => cloud.handle(request)),
    );
    if (standIn !== undefined) {
        try {
            coreFace = await listen(
                options.corePort ?? 0,
                face("core", parts, (request) => standIn.core.handle(request)),
            );
        } catch (cause) {
            await cloudFace.close();
            throw cause;
        }
    }
    return sandbox;
}
