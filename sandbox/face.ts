import { text as bodyOf } from "node:stream/consumers";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { echoed } from "./echo";
import { guard } from "./guard";
import { toJson } from "./json";
import { knownRequest, sentAsKnown } from "./known";
import { finish, type RequestLog } from "./requests";
import type { Settings } from "./settings";
import type { TroubleAct, Troubles } from "./trouble";
import { firstPageOf, type Sent, withCount, withFirst, withRows } from "./troubledLists";
import type { Waiting } from "./waiting";

/** Answers the requests of a face. */
export type Handler = (request: Request) => Promise<Response>;

/** What both faces share. */
export interface FaceParts {
    log: RequestLog;
    troubles: Troubles;
    settings: Settings;
    waiting: Waiting;
    /** Answers the control routes, which are not logged and have no faults. */
    controls: Handler;
}

/** A face of the sandbox: it logs each request, adds latency, applies trouble rules, and forwards the request. */
export function face(name: "cloud" | "core", parts: FaceParts, behind: Handler) {
    const { log, troubles, settings, waiting } = parts;
    return async (request: Request, env: unknown): Promise<Response> => {
        const bindings = env as HttpBindings;
        const refused = guard(request);
        if (refused !== undefined) {
            return refused;
        }
        const path = new URL(request.url).pathname;
        if (path.startsWith("/_sandbox/")) {
            return parts.controls(request);
        }
        const text = await bodyOf(bindings.incoming);
        const entry = log.add(name, request, text);
        const act = troubles.pick(name, request.method, path, text);
        await waiting.wait(settings.latency);
        const { url, method, headers } = request;
        const pass = (sent: Sent) => behind(knownRequest(sent.url, { method, headers, body: sent.body }));
        const sent = { url, body: text };
        const response = act === undefined ? await pass(sent) : await troubled(act, sent, pass, bindings, waiting);
        finish(entry, response === RESPONSE_ALREADY_SENT ? undefined : response.status);
        return sentAsKnown(response, bindings.outgoing) ? RESPONSE_ALREADY_SENT : response;
    };
}

async function troubled(
    act: TroubleAct,
    sent: Sent,
    passOn: (sent: Sent) => Promise<Response>,
    env: HttpBindings,
    waiting: Waiting,
): Promise<Response> {
    const pass = () => passOn(sent);
    switch (act.kind) {
        case "answer":
            return made(act.status, act.body, act.headers);
        case "answerAfter":
            await pass();
            return made(act.status, act.body, act.headers);
        case "delay":
            await waiting.wait(act.ms);
            return pass();
        case "delayAnswer": {
            const response = await pass();
            await waiting.wait(act.ms);
            return response;
        }
        case "dropBefore":
            return drop(env);
        case "dropAfter":
            await pass();
            return drop(env);
        case "dropMiddle":
            return dropMiddle(await pass(), env);
        case "hang":
            await waiting.forever();
            return drop(env);
        case "html":
            return new Response("<!DOCTYPE html>\n<html><body><h1>Service gateway</h1></body></html>\n", {
                headers: { "content-type": "text/html" },
            });
        case "redirect":
            return new Response(null, { status: 302, headers: { location: act.to } });
        case "large":
            return large(act.bytes);
        case "halfOfRows":
            return withRows(await pass(), (rows) => rows.slice(0, Math.floor(rows.length / 2)));
        case "rowsTwice":
            return withRows(await pass(), (rows) => rows.flatMap((row) => [row, row]));
        case "shortList":
            return withFirst(await pass(), sent, act.rows);
        case "firstPage":
            return withRows(await passOn(firstPageOf(sent)), (rows) => rows.slice(0, act.rows));
        case "total":
            return withCount(await pass(), act.total);
        case "echo":
            return echoed(act.status, sent.body);
    }
}

function made(status: number, body: unknown, headers: Record<string, string> = {}): Response {
    const empty = status === 204 || status === 304;
    const text = typeof body === "string" ? body : toJson(body ?? { error: "trouble made by the sandbox" });
    const all = new Headers({ "content-type": "application/json" });
    for (const [name, value] of Object.entries(headers)) {
        // Remove CORS headers: no web page may read the answers.
        if (!/^access-control-/i.test(name)) {
            all.set(name, value);
        }
    }
    return new Response(empty ? null : text, { status, headers: all });
}

function drop(env: HttpBindings): Response {
    env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
}

async function dropMiddle(response: Response, env: HttpBindings): Promise<Response> {
    const body = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get("content-type") ?? "application/json";
    env.outgoing.writeHead(response.status, { "content-type": type, "content-length": body.length });
    const half = body.subarray(0, Math.floor(body.length / 2));
    await new Promise<void>((resolve) => env.outgoing.write(half, () => resolve()));
    return drop(env);
}

function large(bytes: number): Response {
    const open = '{"padding":"';
    const close = '"}';
    let left = Math.max(0, bytes - open.length - close.length);
    const encoder = new TextEncoder();
    const stream = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(encoder.encode(open)),
        pull: (controller) => {
            const piece = Math.min(left, 65_536);
            left -= piece;
            controller.enqueue(encoder.encode(piece === 0 ? close : "x".repeat(piece)));
            if (piece === 0) {
                controller.close();
            }
        },
    });
    return new Response(stream, { headers: { "content-type": "application/json" } });
}
