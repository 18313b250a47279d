import { isObject, type Json } from "../json";
import { knownRequest } from "../known";
import { Refusal } from "./answers";
import { newId } from "./state";

const resources = new Set(
    "ledgers balances balance-monitors transactions refund-transaction identities reconciliation accounts hooks api-keys search multi-search backup".split(
        " ",
    ),
);

interface ScopedKey {
    id: string;
    scopes: string[];
}

/** The keys a Core instance accepts: the master key, and keys with scopes such as `ledgers:read`. */
export class CoreKeys {
    private readonly scoped = new Map<string, ScopedKey>();

    constructor(private readonly master: string) {}

    /** Adds a key with scopes. */
    add(key: string, scopes: string[]): void {
        this.scoped.set(key, { id: newId("api_key"), scopes });
    }

    /** Lets a request through, changed as a scoped key changes it, or throws the refusal. */
    async admit(request: Request): Promise<Request> {
        const path = new URL(request.url).pathname;
        if (path === "/" || path === "/health") {
            return request;
        }
        const key = request.headers.get("x-blnk-key");
        if (key === null || key === "") {
            const message = "Authentication required. Use X-Blnk-Key header";
            throw new Refusal(401, "AUTH_MISSING_API_KEY", message);
        }
        if (key === this.master) {
            return request;
        }
        const scoped = this.scoped.get(key);
        if (scoped === undefined) {
            throw new Refusal(401, "AUTH_INVALID_API_KEY", "Invalid API key");
        }
        const segment = path.split("/")[1] ?? "";
        if (!resources.has(segment)) {
            // The metadata route begins with an id, so no scope can ever open it.
            throw new Refusal(403, "AUTH_UNKNOWN_RESOURCE", "Unknown resource type");
        }
        const resource = segment === "refund-transaction" ? "transactions" : segment;
        const action = { GET: "read", HEAD: "read", DELETE: "delete" }[request.method] ?? "write";
        const wanted = [`${resource}:${action}`, `${resource}:*`, `*:${action}`, "*:*"];
        if (!scoped.scopes.some((scope) => wanted.includes(scope))) {
            const message = `Insufficient permissions for ${resource}:${action}`;
            throw new Refusal(403, "AUTH_INSUFFICIENT_PERMISSIONS", message);
        }
        return request.method === "POST" ? await marked(request, scoped.id) : request;
    }
}

/** The body goes through doubles once, which rounds large integers, and gains a metadata key. */
async function marked(request: Request, id: string): Promise<Request> {
    const text = await request.text();
    let body = text;
    try {
        const parsed = JSON.parse(text) as Json;
        if (isObject(parsed)) {
            const metadata = isObject(parsed.meta_data) ? parsed.meta_data : {};
            body = JSON.stringify({ ...parsed, meta_data: { ...metadata, BLNK_GENERATED_BY: id } });
        }
    } catch {
        // Not JSON: the handler says so.
    }
    return knownRequest(request.url, { method: request.method, headers: request.headers, body });
}
