import { type Context, Hono } from "hono";
import type { Entity } from "../core/fields";
import type { Settings } from "../settings";
import { dataDetail, dataList, rootFilter } from "./data";
import { inventedError } from "./errors";
import type { Instance } from "./instance";
import { proxy } from "./proxy";
import type { CloudTokens } from "./tokens";

// Only the filter of ledgers is in the singular.
const rootFilters: Record<string, Entity> = {
    ledger: "ledgers",
    balances: "balances",
    transactions: "transactions",
    identities: "identities",
};

/** The Cloud half: tokens and instances in front of `/proxy`, `/data` and the root filters. */
export class Cloud {
    private readonly app = new Hono();

    constructor(
        private readonly tokens: CloudTokens,
        private readonly instances: ReadonlyMap<string, Instance>,
        settings: Settings,
    ) {
        const { app } = this;
        app.notFound(() => inventedError(404, "no such route"));
        app.onError(() => inventedError(500, "internal error"));
        app.all("/proxy/*", (c) => {
            const scope = c.req.method === "GET" || c.req.method === "HEAD" ? "proxy:read" : "proxy:write";
            return this.admitted(c, scope, (instance) => proxy(c.req.raw, instance, settings));
        });
        for (const [name, entity] of Object.entries(rootFilters)) {
            app.get(`/data/${entity}`, (c) =>
                this.admitted(c, "data:read", (instance) => dataList(c.req.raw, instance, entity)),
            );
            app.get(`/data/${entity}/:id`, (c) =>
                this.admitted(c, "data:read", (instance) => dataDetail(instance, entity, c.req.param("id"))),
            );
            app.post(`/${name}/filter`, (c) =>
                this.admitted(c, "data:read", (instance) => rootFilter(c.req.raw, instance, entity)),
            );
        }
    }

    /** Answers a request that carries a token. */
    handle(request: Request): Promise<Response> {
        return Promise.resolve(this.app.fetch(request));
    }

    private async admitted(
        c: Context,
        scope: string,
        act: (instance: Instance) => Promise<Response>,
    ): Promise<Response> {
        const id = new URL(c.req.url).searchParams.get("instance_id");
        const refused = this.tokens.refuse(c.req.raw, scope, id);
        if (refused !== undefined) {
            return refused;
        }
        if (id === null || id === "") {
            return inventedError(400, "instance_id is required");
        }
        const instance = this.instances.get(id);
        return instance === undefined ? inventedError(404, "no such instance") : act(instance);
    }
}
