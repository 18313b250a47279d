import { setTimeout as wait } from "node:timers/promises";
import type { ConnectionSettings } from "../settings/connectionSettings";
import { BlnkError } from "./errors";
import { type Effect, refusal, unreadable, withoutAnswer } from "./failures";
import { type HttpAnswer, HttpFailure, type HttpRequest, send } from "./http";
import { parseExact } from "./json";
import { Limiter } from "./limiter";
import { DEFAULT_POLICY, type Policy } from "./policy";

/** Shows what an operation is waiting for. */
export type OnWait = (text: string) => void;

/** One request to a route of Blnk's API. */
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
        /** Whether the engine still waits for the result. If not, nothing more is written. */
        private readonly isWanted: () => boolean = () => true,
        private readonly onWait: OnWait = () => undefined,
        private readonly limiter = new Limiter(policy.concurrency),
    ) {}

    /** The same connection for an operation that can show long waits. */
    tellingWaits(onWait: OnWait): Connection {
        return new Connection(this.settings, this.policy, this.isWanted, onWait, this.limiter);
    }

    /** Sends a request to a route of Blnk Core, directly or through the proxy. Resolves to the answer's JSON. */
    async core(request: ApiRequest): Promise<unknown> {
        const prefix = this.settings.mode === "cloud" ? "/proxy" : "";
        const scope = request.method === "GET" ? "proxy:read" : "proxy:write";
        return this.persist({ ...request, path: `${prefix}${request.path}` }, {}, scope);
    }

    /** Sends a request to one of Blnk Cloud's own read routes, `/data/…` or a filter at the root. */
    async cloud(method: "GET" | "POST", path: string, query: Record<string, string>, body?: unknown): Promise<unknown> {
        return this.persist({ method, path, body, effect: "none" }, query, "data:read");
    }

    /** Sends a request until it is answered, as long as repeating it is safe and the time budget lasts. */
    private async persist(request: ApiRequest, query: Record<string, string>, scope: string): Promise<unknown> {
        const { policy } = this;
        // A monotonic clock: setting back the time of day must not prolong the retries.
        const began = performance.now();
        for (let attempt = 0; ; attempt++) {
            try {
                return await this.limiter.run(() => this.once(request, query, scope));
            } catch (error) {
                if (!(error instanceof BlnkError)) throw error;
                if (error.fault === "limited") await this.limiter.tooMany();
                const waited = performance.now() - began;
                const left = budgetFor(error, request.effect, policy) - waited;
                // Give up when less than one wait is left of the budget.
                if (left < policy.firstWaitMs) throw error;
                if (waited >= policy.silentMs) this.onWait(`waiting: ${error.message}`);
                await wait(Math.min(left, pauseAfter(error, attempt, policy)));
            }
        }
    }

    private async once(request: ApiRequest, query: Record<string, string>, scope: string): Promise<unknown> {
        const { effect } = request;
        const { settings } = this;
        if (effect !== "none" && !this.isWanted()) {
            throw new BlnkError("Pulumi's engine has stopped, so nothing more is sent to Blnk.", "unwanted", false);
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
 * How long to wait after a failed attempt (counted from 0), in milliseconds. The wait doubles each time, and is at least as
 * long as the server asks for. It is random in part, so that requests that fail together do not return together.
 */
export function pauseAfter(
    { retryAfterMs }: Pick<BlnkError, "retryAfterMs">,
    attempt: number,
    { firstWaitMs, longestWaitMs }: Pick<Policy, "firstWaitMs" | "longestWaitMs">,
): number {
    const grown = Math.min(longestWaitMs, firstWaitMs * 2 ** attempt * (1 + Math.random()));
    return Math.max(retryAfterMs, grown);
}

/** How long to retry after a failure, in milliseconds. 0 when it will not pass, or when the request must not be repeated. */
export function budgetFor(error: BlnkError, effect: Effect, policy: Policy): number {
    // The caller searches for what the create may have created: this class knows nothing of marks.
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
