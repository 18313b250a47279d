import type { Entity } from "../core/fields";
import type { Filter } from "../core/filters";
import { isObject, parseExact, toJson } from "../json";
import { isAnswer } from "../known";
import { inventedError } from "./errors";
import type { Instance, Page } from "./instance";

const dropped = ["authorization", "host", "connection", "content-length", "transfer-encoding", "accept-encoding"];
// Core needs at least one condition. This one is true for every row.
const everything: Filter = { field: "created_at", operator: "gte", value: "1970-01-01T00:00:00Z" };

/** An instance whose Core is a real one, reached over HTTP. */
export class RealCore implements Instance {
    constructor(
        private readonly url: string,
        private readonly key: string,
    ) {}

    async forward(request: Request): Promise<Response> {
        const { pathname, search } = new URL(request.url);
        const headers = new Headers(request.headers);
        for (const name of dropped) {
            headers.delete(name);
        }
        const bodiless = request.method === "GET" || request.method === "HEAD";
        const body = bodiless ? null : await request.text();
        return this.ask(`${pathname}${search}`, request.method, headers, body);
    }

    async list(entity: Entity, filters: Filter[], page: number, pageSize: number): Promise<Page | Response> {
        const wanted = filters.length === 0 ? [everything] : filters;
        const found = await this.filter(entity, wanted, pageSize, (page - 1) * pageSize);
        if (isAnswer(found) || found.data.length > 0 || page === 1) {
            return found;
        }
        // Core sends no count with a page without rows.
        const first = await this.filter(entity, wanted, 1, 0);
        return isAnswer(first) ? first : { data: [], total: first.total };
    }

    async read(entity: Entity, id: string): Promise<unknown> {
        const response = await this.ask(`/${entity}/${encodeURIComponent(id)}`, "GET", new Headers(), null);
        if (response.status === 404) {
            return undefined;
        }
        return response.ok ? parseExact(await response.text()) : response;
    }

    private async filter(entity: Entity, filters: Filter[], limit: number, offset: number): Promise<Page | Response> {
        const body = toJson({ filters, limit, offset, include_count: true });
        const headers = new Headers({ "content-type": "application/json" });
        const response = await this.ask(`/${entity}/filter`, "POST", headers, body);
        if (!response.ok) {
            return response;
        }
        const answer = parseExact(await response.text());
        const data = isObject(answer) && Array.isArray(answer.data) ? answer.data : [];
        return { data, total: isObject(answer) ? Number(answer.total_count ?? 0) : 0 };
    }

    private async ask(path: string, method: string, headers: Headers, body: string | null): Promise<Response> {
        headers.set("x-blnk-key", this.key);
        try {
            const response = await fetch(`${this.url}${path}`, { method, headers, body, redirect: "manual" });
            const type = response.headers.get("content-type");
            const text = await response.text();
            const bare = response.status === 204 || response.status === 304;
            return new Response(bare ? null : text, {
                status: response.status,
                headers: type === null ? {} : { "content-type": type },
            });
        } catch {
            return inventedError(502, "the instance does not answer");
        }
    }
}
