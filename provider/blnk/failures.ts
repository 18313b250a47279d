import { BlnkError, type Fault } from "./errors";
import type { HttpAnswer, HttpFailure } from "./http";
import { parseExact } from "./json";
import type { ConnectionSettings } from "./settings";

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
    const isWrite = effect !== "none";
    const told = (text: string, fault: Fault, mayHaveActed: boolean) =>
        new BlnkError(text, fault, mayHaveActed, undefined, undefined, { cause: failure });
    switch (failure.reason) {
        case "unreachable": {
            const text = `${url} cannot be reached (${failure.detail}). Check ${urlFrom} and the network.`;
            return told(text, failure.detail === "ECONNREFUSED" ? "refusing" : "unreachable", false);
        }
        case "timeout":
            return told(
                `${url} did not answer within ${timeoutMs / 1000} s. Check the server and the network.`,
                "timeout",
                isWrite,
            );
        case "too large":
            return told(
                `${url} answered with ${failure.detail}, which is more than any answer of Blnk's. Check ${urlFrom}.`,
                "unreadable",
                isWrite,
            );
        default:
            return told(`the connection to ${url} was lost (${failure.detail}).`, "interrupted", isWrite);
    }
}

/** An answer that says no. `scope` is what the route needs on Blnk Cloud. */
export function refusal(settings: ConnectionSettings, answer: HttpAnswer, scope: string, effect: Effect): BlnkError {
    const { status } = answer;
    const told = (text: string, fault: Fault, mayHaveActed = false, code?: string) => {
        const error = new BlnkError(text, fault, mayHaveActed, status, code);
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
    const { message, code } = errorBody(answer.text);
    const said = message ? `: ${withoutSecrets(settings, message)}` : "";
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
    if (status === 404 && code !== undefined) return told(`Blnk answered 404${said}.`, "not found", false, code);
    if (status === 404) {
        const where =
            settings.mode === "cloud"
                ? `Check that ${settings.urlFrom} and the instance "${settings.instanceId}" are right, and that this Blnk Cloud forwards the route.`
                : `Check ${settings.urlFrom}.`;
        return told(`${settings.url} does not know what was asked (404)${said}. ${where}`, "not found");
    }
    if (status === 429 || status === 423 || status === 503) {
        return told(
            `Blnk stays busy (${status})${said}. Run again later.`,
            status === 429 ? "limited" : "busy",
            false,
            code,
        );
    }
    if (status >= 500) {
        return told(`Blnk failed (${status})${said}. Run again later.`, "server", effect !== "none", code);
    }
    return told(`Blnk refused it (${status})${said}.`, "refused", false, code);
}

/** Blnk's words, short and without the credential, should a gateway have echoed it. */
function withoutSecrets({ credential }: ConnectionSettings, message: string): string {
    return (credential ? message.replaceAll(credential, "…") : message).slice(0, 300);
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
