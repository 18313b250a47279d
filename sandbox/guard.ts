import { toJson } from "./json";

const byte = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const loopback = `(localhost|127(\\.${byte}){3}|\\[::1\\])\\.?(:\\d{1,5})?`;
const host = new RegExp(`^${loopback}$`, "i");
const origin = new RegExp(`^https?://${loopback}$`, "i");

/**
 * Refuses a request that may come from a web page of another site. Undefined for all other requests. Such a site can change
 * its DNS address to 127.0.0.1 (DNS rebinding), so that a browser sends its requests here.
 */
export function guard(request: Request): Response | undefined {
    const named = request.headers.get("host") ?? "";
    if (!host.test(named)) {
        return refuse(
            `the sandbox does not accept the host ${toJson(named)}. ` +
                "Use its address with localhost, 127.0.0.1 or [::1].",
        );
    }
    const page = request.headers.get("origin");
    if (page !== null && !origin.test(page)) {
        return refuse(
            `the sandbox does not accept requests from web pages of ${toJson(page)}. ` +
                "Send them from a page on localhost, or from a program.",
        );
    }
    return undefined;
}

function refuse(error: string): Response {
    const headers = { "content-type": "application/json" };
    return new Response(toJson({ error, invented: true }), { status: 403, headers });
}
