import { setTimeout as wait } from "node:timers/promises";
import type { ConnectionSettings } from "../settings/connectionSettings";
import { BlnkError } from "./errors";
import { type Effect, refusal, unreadable, withoutAnswer } from "./failures";
import { type HttpAnswer, HttpFailure, type HttpRequest, send } from "./http";
import { parseExact } from "./json";
import { Limiter } from "./limiter";
import { DEFAULT_POLICY, type Policy } from "./policy";

/** Tells the display what an operation has been waiting for. */
export type OnWait = (text: string) => void;

/** One request, by its place in Blnk's API. */
export interface ApiRequest {
    readonly method: "GET" | "POST" | "PUT" | "DELETE";
    readonly path: string;
    readonly body?: unknown;
    readonly effect: Effect;
}

/** A connection to one Blnk server, through Blnk Cloud's proxy or straight to a Core. */
export class Connection {
    constructor(
        readonly settings: ConnectionSettings,
        readonly policy: Policy = DEFAULT_POLICY,
        /** Whether anybody still waits for what is done here: nothing more is written when nobody does. */
        private readonly isWanted: () => boolean = () => true,
        private readonly onWait: OnWait = () => undefined,
        private readonly limiter = new Limiter(policy.concurrency),
    ) {}

    /** The same connection, for an operation that has a display to tell of long waits. */
    tellingWaits(onWait: OnWait): Connection {
        return new Connection(this.settings, this.policy, this.isWanted, onWait, this.limiter);
    }

    /** Asks a route of Blnk Core: directly, or through the proxy. Resolves to the answer's JSON. */
    async core(request: ApiRequest): Promise<unknown> {
        const prefix = this.settings.mode === "cloud" ? "/proxy" : "";
        const scope = request.method === "GET" ? "proxy:read" : "proxy:write";
        return this.persist({ ...request, path: `${prefix}${request.path}` }, {}, scope);
    }

    /** Asks one of Blnk Cloud's own read routes, `/data/…` or a filter at the root. */
    async cloud(method: "GET" | "POST", path: string, query: Record<string, string>, body?: unknown): Promise<unknown> {
        return this.persist({ method, path, body, effect: "none" }, query, "data:read");
    }

    /** Sends a request until it is answered, as often and as long as that is safe. */
    private async persist(request: ApiRequest, query: Record<string, string>, scope: string): Promise<unknown> {
        const { policy } = this;
        // A clock that is never set back: a create must not be sent again because the time of day was.
        const began = performance.now();
        for (let attempt = 0; ; attempt++) {
            try {
                return await this.limiter.run(() => this.once(request, query, scope));
            } catch (error) {
                if (!(error instanceof BlnkError)) throw error;
                if (error.fault === "limited") await this.limiter.tooMany();
                const waited = performance.now() - began;
                const left = budgetFor(error, request.effect, policy) - waited;
                // Whether: a wait that would outlast the budget is not begun.
                if (left < policy.firstWaitMs) throw error;
                if (waited >= policy.silentMs) this.onWait(`waiting: ${error.message}`);
                // When, and then it is done again.
                await wait(Math.min(left, pauseAfter(error, attempt, policy)));
            }
        }
    }

    private async once(request: ApiRequest, query: Record<string, string>, scope: string): Promise<unknown> {
        const { effect } = request;
        const { settings } = this;
        if (effect !== "none" && !this.isWanted()) {
            throw new BlnkError("Pulumi's engine is gone; nothing more is sent.", "unwanted", false);
        }
        let answer: HttpAnswer;
        try {
            answer = await send(this.httpRequest(request, query));
        } catch (error) {
            throw error instanceof HttpFailure ? withoutAnswer(settings, error, effect) : error;
        }
        if (answer.status < 200 || answer.status >= 300) {
            throw refusal(settings, answer, scope, { ...request, query });
        }
        await this.limiter.answered();
        try {
            return parseExact(answer.text);
        } catch (cause) {
            throw unreadable(settings, answer, effect, cause);
        }
    }

    private httpRequest({ method, path, body }: ApiRequest, query: Record<string, string>): HttpRequest {
        const { settings } = this;
        const parameters = new URLSearchParams(
            settings.mode === "cloud" ? { ...query, instance_id: settings.instanceId } : query,
        ).toString();
        return {
            method,
            url: `${settings.url}${path}${parameters ? `?${parameters}` : ""}`,
            headers: {
                accept: "application/json",
                ...(body === undefined ? {} : { "content-type": "application/json" }),
                ...credentialHeader(settings),
            },
            timeoutMs: settings.timeoutMs,
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        };
    }
}

/**
 * How long to wait after a failed attempt, counted from 0, in milliseconds: as long as the server asks for, or twice as long
 * each time, whichever is longer. Spread out, so that requests that fail together do not come again together.
 */
export function pauseAfter(
    { retryAfterMs }: Pick<BlnkError, "retryAfterMs">,
    attempt: number,
    { firstWaitMs, longestWaitMs }: Pick<Policy, "firstWaitMs" | "longestWaitMs">,
): number {
    const grown = Math.min(longestWaitMs, firstWaitMs * 2 ** attempt * (1 + Math.random()));
    return Math.max(retryAfterMs, grown);
}

/** How long a failure is worth waiting out, in milliseconds; 0 for one that will not pass or must not be repeated. */
export function budgetFor(error: BlnkError, effect: Effect, policy: Policy): number {
    // Who creates looks for what may have been made: here nothing is known of marks.
    if (effect === "creates" && error.mayHaveActed) return 0;
    switch (error.fault) {
        case "busy":
        case "limited":
            return policy.budgetMs;
        case "refusing":
        case "timeout":
        case "interrupted":
        case "server":
            return policy.unreachableBudgetMs;
        default:
            return 0;
    }
}

function credentialHeader(settings: ConnectionSettings): Record<string, string> {
    if (settings.mode === "cloud") return { authorization: `Bearer ${settings.credential}` };
    return settings.credential === undefined ? {} : { "x-blnk-key": settings.credential };
}
