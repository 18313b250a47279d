import type { ConnectionSettings } from "../settings/connectionSettings";
import { BlnkError, type Fault } from "./errors";
import type { HttpAnswer, HttpFailure } from "./http";
import { parseExact } from "./json";
import { proxyVariable } from "./proxy";
import { type Sent, toldWords } from "./words";

/** What Core, which knows nothing of bearer tokens, answers to one. */
const CORE_MISSES_KEY = "AUTH_MISSING_API_KEY";

/** What a request does to Blnk, which decides how its failure is told and whether it may be sent again. */
export type Effect =
    /** Nothing: it only looks. */
    | "none"
    /** The same however often it is sent. */
    | "repeatable"
    /** Another thing each time it is sent. */
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
    const what = /^\s*</.test(answer.text) ? "a web page" : "something";
    return new BlnkError(
        `${settings.url} answered with ${what} that is not Blnk's JSON (status ${answer.status}). ` +
            `Check ${settings.urlFrom}, and any gateway in between.`,
        "unreadable",
        effect !== "none",
        answer.status,
        undefined,
        { cause },
    );
}

/** A request that got no whole answer. */
export function withoutAnswer(settings: ConnectionSettings, failure: HttpFailure, effect: Effect): BlnkError {
    const { url, urlFrom, timeoutMs } = settings;
    const { detail } = failure;
    const mayHaveActed = effect !== "none" && !failure.neverSent;
    const told = (text: string, fault: Fault) =>
        new BlnkError(text, fault, mayHaveActed, undefined, undefined, { cause: failure });
    switch (failure.reason) {
        case "unreachable": {
            const text = `${url} cannot be reached (${detail}). Check ${urlFrom} and the network.`;
            return told(text, detail === "ECONNREFUSED" ? "refusing" : "unreachable");
        }
        case "proxy": {
            const text =
                `${url} cannot be reached through the proxy that ${proxyVariable()} names (${detail}). ` +
                `Check that variable, or name the address in NO_PROXY.`;
            return told(text, detail === "ECONNREFUSED" ? "refusing" : "unreachable");
        }
        case "timeout":
            return told(
                `${url} did not answer within ${timeoutMs / 1000} s. Check the server and the network.`,
                "timeout",
            );
        case "too large":
            return told(
                `${url} answered with ${detail}, which is more than any answer of Blnk's. Check ${urlFrom}.`,
                "unreadable",
            );
        default:
            return told(`the connection to ${url} was lost (${detail}).`, "interrupted");
    }
}

/** Statuses that a server or a gateway may answer without knowing what became of the request. */
const PROVES_NOTHING = [408, 409, 423, 425, 429];

/** An answer that says no. `scope` is what the route needs on Blnk Cloud. */
export function refusal(settings: ConnectionSettings, answer: HttpAnswer, scope: string, sent: Request): BlnkError {
    const { status } = answer;
    const { message, code } = errorBody(answer.text);
    // Only Blnk itself says why it refuses; whatever else has answered may have passed the request on.
    const didNothing = code !== undefined && status >= 400 && status < 500 && !PROVES_NOTHING.includes(status);
    const told = (text: string, fault: Fault) => {
        const error = new BlnkError(text, fault, sent.effect !== "none" && !didNothing, status, code);
        error.retryAfterMs = answer.retryAfterMs ?? 0;
        return error;
    };
    if (status >= 300 && status < 400) {
        return told(
            `${settings.url} answered with a redirect${originOf(answer.location)} (${status}), which is not followed. ` +
                `Set ${settings.urlFrom} to the final address.`,
            "unreadable",
        );
    }
    // The words of anybody else are not told: a gateway may repeat what it was sent.
    const words = code === undefined || message === undefined ? "" : toldWords(message, sent, settings.credential);
    const said = words === "" ? "" : `: ${words}`;
    const credential = settings.mode === "cloud" ? "the access token" : "the key";
    if (status === 401 && settings.mode === "cloud" && code === CORE_MISSES_KEY) {
        const text =
            `${settings.url} answers as a Blnk Core that was given no key (401), not as Blnk Cloud. ` +
            `Check ${settings.urlFrom}: a Core's address is set as coreUrl, and its key as coreKey.`;
        return told(text, "unauthorized");
    }
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
    if (status === 404 && code !== undefined) return told(`Blnk answered 404${said}.`, "not found");
    if (status === 404) {
        const where =
            settings.mode === "cloud"
                ? `Check that ${settings.urlFrom} and the instance "${settings.instanceId}" are right, and that this Blnk Cloud forwards the route.`
                : `Check ${settings.urlFrom}.`;
        return told(`${settings.url} does not know what was asked (404). ${where}`, "not found");
    }
    if (status === 429 || status === 423 || status === 503) {
        return told(`Blnk stays busy (${status})${said}. Run again later.`, status === 429 ? "limited" : "busy");
    }
    if (status >= 500) return told(`Blnk failed (${status})${said}. Run again later.`, "server");
    if (code === undefined) {
        return told(
            `${settings.url} refused it (${status}), and not in Blnk's words. Check ${settings.urlFrom}, and any gateway in between.`,
            "refused",
        );
    }
    return told(`Blnk refused it (${status})${said}.`, "refused");
}

/** Only the origin of a redirect's target is told: the rest may hold what is nobody's business. */
function originOf(location: string | undefined): string {
    if (location === undefined || !URL.canParse(location)) return "";
    return ` to ${new URL(location).origin}`;
}

/** A code as Blnk spells them, such as `LGR_NOT_FOUND`. */
const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

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
        ...(typeof words === "string" ? { message: words } : {}),
        ...(typeof code === "string" && CODE.test(code) ? { code } : {}),
    };
}
