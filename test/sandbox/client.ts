import type { Sandbox } from "../../sandbox/sandbox";

/** An answer with its parsed body. */
export interface Answer {
    status: number;
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
    body: any;
}

/** Asks the Cloud face with the sandbox's own token and instance. */
export function cloud(sandbox: Sandbox, method: string, path: string, body?: unknown, token = sandbox.token) {
    const url = new URL(path, sandbox.url);
    url.searchParams.set("instance_id", sandbox.instance);
    return ask(url, method, { Authorization: `Bearer ${token}` }, body);
}

/** Asks the Core face with the master key unless another is named. */
export function core(sandbox: Sandbox, method: string, path: string, body?: unknown, key = sandbox.coreKey) {
    return ask(new URL(path, sandbox.coreUrl), method, { "X-Blnk-Key": key }, body);
}

/** Sends a request; a string body goes out as it is. */
export async function ask(url: URL, method: string, headers: Record<string, string>, body?: unknown): Promise<Answer> {
    const sent = typeof body === "string" ? body : JSON.stringify(body);
    const init: RequestInit = { method, headers, redirect: "manual" };
    const response = await fetch(url, sent === undefined ? init : { ...init, body: sent });
    const text = await response.text();
    const json = response.headers.get("content-type")?.startsWith("application/json") === true;
    return { status: response.status, body: json ? JSON.parse(text) : text };
}

/** Whether a request is the one read by which Blnk Cloud shows, once in each run, that it is there: told by its body. */
export function isIdentityRead(body: unknown): boolean {
    return JSON.stringify(body) === IDENTITY_READ;
}

const IDENTITY_READ = JSON.stringify({
    filters: [{ field: "ledger_id", operator: "eq", value: "general_ledger_id" }],
});
