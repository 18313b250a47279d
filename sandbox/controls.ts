import { Hono } from "hono";
import * as v from "valibot";
import { parseExact, toJson } from "./json";
import type { Sandbox } from "./sandbox";
import { readTrouble } from "./trouble";

const id = v.strictObject({ id: v.string() });
const token = v.strictObject({
    token: v.pipe(v.string(), v.nonEmpty()),
    scopes: v.array(v.string()),
    expired: v.optional(v.boolean(), false),
});
const milliseconds = v.optional(v.pipe(v.number(), v.minValue(0)));
const settings = v.strictObject({
    latency: milliseconds,
    readLag: milliseconds,
    metadataLag: milliseconds,
    metadataRace: milliseconds,
});

/** The control routes, the same on both faces. */
export function controls(sandbox: Sandbox, realCore: boolean): (request: Request) => Promise<Response> {
    const app = new Hono().basePath("/_sandbox");
    app.onError((error) => answer(400, { error: error.message }));
    app.notFound(() => answer(404, { error: "no such control" }));
    app.get("/requests", () => answer(200, sandbox.requests()));
    app.delete("/requests", () => done(sandbox.clearRequests()));
    app.get("/contents", () => {
        if (realCore) {
            return answer(501, { error: "the rows are in a real Core; read them there" });
        }
        const rows = {
            ledgers: sandbox.ledgers(),
            balances: sandbox.balances(),
            identities: sandbox.identities(),
            transactions: sandbox.transactions(),
        };
        return answer(200, rows);
    });
    app.post("/forget", async (c) => done(sandbox.forget(v.parse(id, await body(c.req.raw)).id)));
    app.post("/hide", async (c) => done(sandbox.hide(v.parse(id, await body(c.req.raw)).id)));
    app.post("/show", async (c) => done(sandbox.show(v.parse(id, await body(c.req.raw)).id)));
    app.post("/trouble", async (c) => done(sandbox.trouble(readTrouble(await body(c.req.raw)))));
    app.delete("/trouble", () => done(sandbox.clearTrouble()));
    app.post("/tokens", async (c) => {
        const sent = v.parse(token, await body(c.req.raw));
        return done(sandbox.addToken(sent.token, sent.scopes, { expired: sent.expired }));
    });
    app.post("/instances", async (c) => done(sandbox.addInstance(v.parse(id, await body(c.req.raw)).id)));
    app.post("/settings", async (c) => {
        const { latency, readLag, metadataLag, metadataRace } = v.parse(settings, await body(c.req.raw));
        if (latency !== undefined) {
            sandbox.latency(latency);
        }
        if (readLag !== undefined) {
            sandbox.readLag(readLag);
        }
        if (metadataLag !== undefined) {
            sandbox.metadataLag(metadataLag);
        }
        if (metadataRace !== undefined) {
            sandbox.metadataRace(metadataRace);
        }
        return done();
    });
    return (request) => Promise.resolve(app.fetch(request));
}

async function body(request: Request): Promise<unknown> {
    return parseExact(await request.text());
}

function answer(status: number, value: unknown): Response {
    return new Response(toJson(value), { status, headers: { "content-type": "application/json" } });
}

/** Answers a control without a result. It accepts the result so that each route fits on one line. */
function done(_?: unknown): Response {
    return answer(200, { done: true });
}
