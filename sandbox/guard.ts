import { toJson } from "./json";

const byte = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const loopback = `(localhost|127(\\.${byte}){3}|\\[::1\\])\\.?(:\\d{1,5})?`;
const host = new RegExp(`^${loopback}$`, "i");
const origin = new RegExp(`^https?://${loopback}$`, "i");

/**
 * The answer to a request that a web page on another site may have sent; undefined if it cannot be one. A browser can be
 * made to send a request here under the name of another site, whose address has been changed to 127.0.0.1 meanwhile.
 */
export function guard(request: Request): Response | undefined {
    const named = request.headers.get("host") ?? "";
    if (!host.test(named)) {
        return refuse(
            `the sandbox does not answer for the host ${toJson(named)}: ` +
                "use its address with localhost, 127.0.0.1 or [::1]",
        );
    }
    const page = request.headers.get("origin");
    if (page !== null && !origin.test(page)) {
        return refuse(
            `the sandbox does not answer web pages of ${toJson(page)}: ` +
                "ask it from a page on localhost, or from a program",
        );
    }
    return undefined;
}

function refuse(error: string): Response {
    const headers = { "content-type": "application/json" };
    return new Response(toJson({ error, invented: true }), { status: 403, headers });
}
