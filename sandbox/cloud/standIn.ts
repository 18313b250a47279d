import { Refusal } from "../core/answers";
import type { Core } from "../core/core";
import type { Entity } from "../core/fields";
import { complaint, type Dialect, type Filter } from "../core/filters";
import { select } from "../core/selection";
import { listed, whole } from "../core/shapes";
import { knownRequest } from "../known";
import { inventedError } from "./errors";
import type { Instance, Page } from "./instance";

const cloudDialect: Dialect = { nested: true, exists: true };

/** An instance whose Core is the stand-in of this process. */
export class StandIn implements Instance {
    constructor(
        readonly core: Core,
        private readonly masterKey: string,
    ) {}

    async forward(request: Request): Promise<Response> {
        const { url, method } = request;
        const headers = new Headers(request.headers);
        headers.delete("authorization");
        headers.set("x-blnk-key", this.masterKey);
        return this.core.handle(knownRequest(url, { method, headers, body: await request.text() }));
    }

    async list(entity: Entity, filters: Filter[], page: number, pageSize: number): Promise<Page | Response> {
        for (const filter of filters) {
            const wrong = complaint(filter, entity, cloudDialect);
            if (wrong !== undefined) {
                return inventedError(400, `invalid filter: ${wrong}`);
            }
        }
        try {
            const rows = select(this.core.state, entity, { filters });
            const start = (page - 1) * pageSize;
            const data = rows.slice(start, start + pageSize).map((row) => listed(entity, row));
            return { data, total: rows.length };
        } catch (cause) {
            if (cause instanceof Refusal) {
                return inventedError(cause.status, cause.message);
            }
            throw cause;
        }
    }

    async read(entity: Entity, id: string): Promise<unknown> {
        const row = this.core.state[entity].seen(id);
        return row === undefined ? undefined : whole(entity, row);
    }
}
