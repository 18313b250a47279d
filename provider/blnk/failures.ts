import type { ConnectionSettings } from "../settings/connectionSettings";
import { BlnkError, type Fault } from "./errors";
import type { HttpAnswer, HttpFailure } from "./http";
import { parseExact } from "./json";
import { proxyVariable } from "./proxy";
import { quotableWords, type Sent } from "./words";

/** Core's answer to a bearer token: Core accepts only its own keys. */
const CORE_MISSES_KEY = "AUTH_MISSING_API_KEY";

/** What a request changes in Blnk. It decides whether a failed request may be sent again. */
export type Effect =
    /** Nothing: it only reads. */
    | "none"
    /** The same change, however often it is sent. */
    | "repeatable"
    /** It creates another thing each time. */
    | "creates";

/** A request that was sent. */
export interface Request extends Sent {
    readonly effect: Effect;
}

/** An answer that is not Blnk's JSON. */
export function unreadable(
    settings: ConnectionSettings,
    answer: HttpAnswer,
    effect: Effect,
    cause?: unknown,
): BlnkError {
    const what = /^\s*</.test(answer.text) ? "a web page" : "something else";
    return new BlnkError(
        `${settings.url} answered with ${what} instead of Blnk's JSON (status ${answer.status}). ` +
            `Check ${settings.urlFrom} and any gateway in between.`,
        "unreadable",
        effect !== "none",
        answer.status,
        undefined,
        { cause },
    );
}

/** A request without a complete answer. */
export function withoutAnswer(settings: ConnectionSettings, failure: HttpFailure, effect: Effect): BlnkError {
    const { url, urlFrom, timeoutMs } = settings;
    const { detail } = failure;
    const mayHaveActed = effect !== "none" && !failure.neverSent;
    const failed = (text: string, fault: Fault) =>
        new BlnkError(text, fault, mayHaveActed, undefined, undefined, { cause: failure });
    switch (failure.reason) {
        case "unreachable": {
            const text = `${url} cannot be reached (${detail}). Check ${urlFrom} and the network.`;
            return failed(text, detail === "ECONNREFUSED" ? "refusing" : "unreachable");
        }
        case "proxy": {
            const text =
                `${url} cannot be reached through the proxy that ${proxyVariable()} names (${detail}). ` +
                `Check that variable, or add the address to NO_PROXY.`;
            return failed(text, detail === "ECONNREFUSED" ? "refusing" : "unreachable");
        }
        case "timeout":
            return failed(
                `${url} did not answer within ${timeoutMs / 1000} s. Check the server and the network.`,
                "timeout",
            );
        case "too large":
            return failed(
                `${url} answered with ${detail}, which is larger than any answer of Blnk. Check ${urlFrom}.`,
                "unreadable",
            );
        default:
            return failed(`the connection to ${url} was lost (${detail}).`, "interrupted");
    }
}

/** Statuses that a server or a gateway may send without knowing whether the request was carried out. */
const PROVES_NOTHING = [408, 409, 423, 425, 429];

/** An answer that is an error. `scope` is what the route needs on Blnk Cloud. */
export function refusal(settings: ConnectionSettings, answer: HttpAnswer, scope: string, sent: Request): BlnkError {
    const { status } = answer;
    const { message, code } = errorBody(answer.text);
    // Only Blnk sends an error code. Without one a gateway answered, and it may have forwarded the request.
    const didNothing = code !== undefined && status >= 400 && status < 500 && !PROVES_NOTHING.includes(status);
    const failed = (text: string, fault: Fault) => {
        const error = new BlnkError(text, fault, sent.effect !== "none" && !didNothing, status, code);
        error.retryAfterMs = answer.retryAfterMs ?? 0;
        return error;
    };
    if (status >= 300 && status < 400) {
        return failed(
            `${settings.url} answered with a redirect${originOf(answer.location)} (${status}), which is not followed. ` +
                `Set ${settings.urlFrom} to the final address.`,
            "unreadable",
        );
    }
    // Only Blnk's own words are quoted: a gateway may repeat the request.
    const words = code === undefined || message === undefined ? "" : quotableWords(message, sent, settings.credential);
    const reason = words === "" ? "" : `: ${words}`;
    const credential = settings.mode === "cloud" ? "the access token" : "the key";
    if (status === 401 && settings.mode === "cloud" && code === CORE_MISSES_KEY) {
        const text =
            `${settings.url} is a Blnk Core that asks for its key (401), not Blnk Cloud. ` +
            `Check ${settings.urlFrom}: set the address of a Core as coreUrl, and its key as coreKey.`;
        return failed(text, "unauthorized");
    }
    if (status === 401) {
        return failed(`Blnk refused ${credential} (401). Check ${settings.credentialFrom}.`, "unauthorized");
    }
    if (status === 403) {
        const text =
            settings.mode === "cloud"
                ? `the access token lacks the scope ${scope} (403). Add the scope or use another token. Check ${settings.credentialFrom}.`
                : `the key is not allowed to do this (403)${reason}. Use the master key of the instance. Check ${settings.credentialFrom}.`;
        return failed(text, "forbidden");
    }
    if (status === 404 && code !== undefined) return failed(`Blnk answered 404${reason}.`, "not found");
    if (status === 404) {
        const where =
            settings.mode === "cloud"
                ? `Check that ${settings.urlFrom} and the instance "${settings.instanceId}" are correct, and that this Blnk Cloud forwards the route.`
                : `Check ${settings.urlFrom}.`;
        return failed(`${settings.url} does not serve this request (404). ${where}`, "not found");
    }
    if (status === 429 || status === 423 || status === 503) {
        return failed(`Blnk stays busy (${status})${reason}. Run again later.`, status === 429 ? "limited" : "busy");
    }
    if (status >= 500) return failed(`Blnk failed (${status})${reason}. Run again later.`, "server");
    if (code === undefined) {
        return failed(
            `${settings.url} refused the request (${status}) without an error code of Blnk. Check ${settings.urlFrom} and any gateway in between.`,
            "refused",
        );
    }
    return failed(`Blnk refused the request (${status})${reason}.`, "refused");
}

/** The origin of a redirect's target. The rest is not printed: it may contain secrets. */
function originOf(location: string | undefined): string {
    if (location === undefined || !URL.canParse(location)) return "";
    return ` to ${new URL(location).origin}`;
}

/** The form of Blnk's error codes, such as `LGR_NOT_FOUND`. */
const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

/** Blnk's message and code from an error answer, in any of the shapes that its releases use. */
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
        ...(typeof words === "string" ? { message: words } : {}),
        ...(typeof code === "string" && CODE.test(code) ? { code } : {}),
    };
}
