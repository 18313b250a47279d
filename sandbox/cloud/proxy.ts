import { randomUUID } from "node:crypto";
import { isObject, parseLiteral, toJson } from "../json";
import { knownRequest } from "../known";
import type { Settings } from "../settings";
import { inventedError } from "./errors";
import type { Instance } from "./instance";

/** Passes a `/proxy` request on to Core; Core's status and body come back unchanged. */
export async function proxy(request: Request, instance: Instance, settings: Settings): Promise<Response> {
    const url = new URL(request.url);
    url.pathname = url.pathname.slice("/proxy".length) || "/";
    for (const route of settings.unforwarded) {
        if (isRoute(route, request.method, url.pathname)) {
            return inventedError(404, "no such proxy route");
        }
    }
    const { method, headers } = request;
    const sent = await request.text();
    const body = method === "POST" && url.pathname === "/transactions" ? withDefaults(sent) : sent;
    return instance.forward(knownRequest(url.href, { method, headers, body }));
}

/** Cloud fills in a precision and a reference, so a create without a reference is a new payment each time. */
function withDefaults(text: string): string {
    let body: unknown;
    try {
        body = parseLiteral(text);
    } catch {
        return text;
    }
    if (!isObject(body) || (present(body.precision) && present(body.reference))) {
        return text;
    }
    const precision = present(body.precision) ? body.precision : 100;
    const reference = present(body.reference) ? body.reference : `ref_${randomUUID()}`;
    return toJson({ ...body, precision, reference });
}

function present(value: unknown): boolean {
    return value !== undefined && value !== null && value !== "";
}

/** True if method and path are those of a route such as "PUT /ledgers/:id". */
function isRoute(route: string, method: string, path: string): boolean {
    const [verb = "", pattern = ""] = route.trim().split(/\s+/);
    const wanted = pattern.split("/");
    const parts = path.split("/");
    const same = wanted.every((part, index) => part === parts[index] || (part.startsWith(":") && parts[index] !== ""));
    return verb.toUpperCase() === method && wanted.length === parts.length && same;
}
