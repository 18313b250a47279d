import { BlnkError, type Fault } from "./errors";
import { type HttpAnswer, HttpFailure, type HttpRequest, send } from "./http";
import { parseExact } from "./json";
import type { ConnectionSettings } from "./settings";

/** A connection to one Blnk server, through Blnk Cloud's proxy or straight to a Core. */
export class Connection {
    constructor(readonly settings: ConnectionSettings) {}

    /** Asks a route of Blnk Core: directly, or through the proxy. Resolves to the answer's JSON. */
    async core(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown> {
        const prefix = this.settings.mode === "cloud" ? "/proxy" : "";
        const reads = method === "GET" || (method === "POST" && path.endsWith("/filter"));
        return this.ask(method, `${prefix}${path}`, {}, body, reads ? "proxy:read" : "proxy:write");
    }

    /** Asks one of Blnk Cloud's own read routes, `/data/…` or a filter at the root. */
    async cloud(method: "GET" | "POST", path: string, query: Record<string, string>, body?: unknown): Promise<unknown> {
        return this.ask(method, path, query, body, "data:read");
    }

    private async ask(
        method: string,
        path: string,
        query: Record<string, string>,
        body: unknown,
        scope: string,
    ): Promise<unknown> {
        const { settings } = this;
        const parameters = new URLSearchParams(
            settings.mode === "cloud" ? { ...query, instance_id: settings.instanceId } : query,
        ).toString();
        const request: HttpRequest = {
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
        const isWrite = scope === "proxy:write";
        let answer: HttpAnswer;
        try {
            answer = await send(request);
        } catch (error) {
            throw this.withoutAnswer(error, isWrite);
        }
        if (answer.status >= 200 && answer.status < 300) return this.read(answer, isWrite);
        throw this.refusal(answer, scope, isWrite);
    }

    private read(answer: HttpAnswer, isWrite: boolean): unknown {
        try {
            return parseExact(answer.text);
        } catch (cause) {
            throw this.unreadable(answer, isWrite, cause);
        }
    }

    private unreadable(answer: HttpAnswer, isWrite: boolean, cause?: unknown): BlnkError {
        const what = /^\s*</.test(answer.text) ? "a web page" : "something";
        return new BlnkError(
            `${this.settings.url} answered with ${what} that is not Blnk's JSON (status ${answer.status}). ` +
                `Check ${this.settings.urlFrom}, and any gateway in between.${isWrite ? UNKNOWN_OUTCOME : ""}`,
            "unreadable",
            isWrite,
            answer.status,
            undefined,
            { cause },
        );
    }

    private withoutAnswer(error: unknown, isWrite: boolean): BlnkError {
        if (!(error instanceof HttpFailure)) throw error;
        const { url, urlFrom, timeoutMs } = this.settings;
        const told = (text: string, fault: Fault, mayHaveActed: boolean) =>
            new BlnkError(text + (mayHaveActed ? UNKNOWN_OUTCOME : ""), fault, mayHaveActed, undefined, undefined, {
                cause: error,
            });
        switch (error.reason) {
            case "unreachable":
                return told(
                    `${url} cannot be reached (${error.detail}). Check ${urlFrom} and the network.`,
                    "unreachable",
                    false,
                );
            case "timeout":
                return told(
                    `${url} did not answer within ${timeoutMs / 1000} s. Check the server and the network.`,
                    "timeout",
                    isWrite,
                );
            case "too large":
                return told(
                    `${url} answered with ${error.detail}, which is more than any answer of Blnk's. Check ${urlFrom}.`,
                    "unreadable",
                    isWrite,
                );
            default:
                return told(`the connection to ${url} was lost (${error.detail}).`, "interrupted", isWrite);
        }
    }

    /** Blnk's words, short and without the credential, should a gateway have echoed it. */
    private withoutSecrets(message: string): string {
        const { credential } = this.settings;
        return (credential ? message.replaceAll(credential, "…") : message).slice(0, 300);
    }

    private refusal(answer: HttpAnswer, scope: string, isWrite: boolean): BlnkError {
        const { status } = answer;
        const { settings } = this;
        const told = (text: string, fault: Fault, mayHaveActed = false, code?: string) =>
            new BlnkError(text, fault, mayHaveActed, status, code);
        if (status >= 300 && status < 400) {
            return told(
                `${settings.url} answered with a redirect${originOf(answer.location)} (${status}), which is not followed. ` +
                    `Set ${settings.urlFrom} to the final address.`,
                "unreadable",
            );
        }
        const { message, code } = errorBody(answer.text);
        const said = message ? `: ${this.withoutSecrets(message)}` : "";
        const credential = settings.mode === "cloud" ? "the access token" : "the key";
        if (status === 401) {
            return told(`Blnk refused ${credential} (401). Check ${settings.credentialFrom}.`, "unauthorized");
        }
        if (status === 403) {
            const lacking =
                settings.mode === "cloud"
                    ? `the access token lacks the scope ${scope} (403). Give it that scope, or another token to ${settings.credentialFrom}.`
                    : `Blnk does not allow this to the key (403)${said}. Give the instance's master key to ${settings.credentialFrom}.`;
            return told(lacking, "forbidden");
        }
        if (status === 404 && code !== undefined) return told(`Blnk answered 404${said}.`, "not found", false, code);
        if (status === 404) {
            const where =
                settings.mode === "cloud"
                    ? `Check that ${settings.urlFrom} and the instance "${settings.instanceId}" are right, and that this Blnk Cloud forwards the route.`
                    : `Check ${settings.urlFrom}.`;
            return told(`${settings.url} does not know what was asked (404)${said}. ${where}`, "not found");
        }
        if (status === 429 || status === 423 || status === 503) {
            return told(`Blnk is busy (${status})${said}. Run again later.`, "busy", false, code);
        }
        if (status >= 500) {
            const advice = isWrite ? UNKNOWN_OUTCOME : " Run again later.";
            return told(`Blnk failed (${status})${said}.${advice}`, "server", isWrite, code);
        }
        return told(`Blnk refused it (${status})${said}.`, "refused", false, code);
    }
}

/** Ends every sentence about a write that may or may not have been carried out. */
const UNKNOWN_OUTCOME = " Whether Blnk carried it out is unknown: look there before you run again.";

function credentialHeader(settings: ConnectionSettings): Record<string, string> {
    if (settings.mode === "cloud") return { authorization: `Bearer ${settings.credential}` };
    return settings.credential === undefined ? {} : { "x-blnk-key": settings.credential };
}

/** Only the origin of a redirect's target is told: the rest may hold what is nobody's business. */
function originOf(location: string | undefined): string {
    if (location === undefined || !URL.canParse(location)) return "";
    return ` to ${new URL(location).origin}`;
}

/** Blnk's message and code from an error answer, in any of the shapes that its releases give. */
function errorBody(text: string): { message?: string; code?: string } {
    let body: unknown;
    try {
        body = parseExact(text);
    } catch {
        return {};
    }
    const { error, errors, error_detail } = (body ?? {}) as Record<string, unknown>;
    const { code, message } = (error_detail ?? {}) as Record<string, unknown>;
    const words = [message, error, errors].find((word) => typeof word === "string" && word !== "");
    return {
        ...(typeof words === "string" ? { message: words.replace(/[.\s]+$/, "") } : {}),
        ...(typeof code === "string" ? { code } : {}),
    };
}
