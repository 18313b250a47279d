import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";

interface Exchange {
    name: string;
    request: { method: string; path: string; body?: unknown; raw?: string; headers?: Record<string, string> };
    response: { status: number; body: unknown };
    save?: Record<string, string>;
}

const file = join(__dirname, "../recordings/core-0.15.2.json");
const exchanges = JSON.parse(readFileSync(file, "utf8")) as Exchange[];
const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
/** What stands for values that differ from run to run. */
const varying: Record<string, RegExp> = {
    time: /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/,
    "zero time": /^0001-01-01T00:00:00Z$/,
    hash: /^[0-9a-f]{64}$/,
    "some ldg": new RegExp(`^ldg_${uuid}$`),
    "some bln": new RegExp(`^bln_${uuid}$`),
    "some idt": new RegExp(`^idt_${uuid}$`),
    "some txn": new RegExp(`^txn_${uuid}$`),
};

describe("the Core stand-in answers as Core 0.15.2 did", () => {
    const names: Record<string, string> = { run: randomUUID().slice(0, 8), uuid: randomUUID() };
    let sandbox: Sandbox;

    before(async () => {
        sandbox = await startSandbox();
    });
    after(() => sandbox.stop());

    it("the recording holds 74 exchanges", () => {
        expect(exchanges).to.have.length(74);
    });

    for (const [index, exchange] of exchanges.entries()) {
        it(`${index + 1}. ${exchange.name}`, async () => {
            const path = fill(exchange.request.path, names);
            const later = exchange.name.includes("later") || exchange.name.includes("child");
            const answer = await (later ? eventually(() => ask(path, exchange)) : ask(path, exchange));
            if (exchange.save !== undefined) {
                for (const [name, field] of Object.entries(exchange.save)) {
                    names[name] = String((answer.body as Record<string, unknown>)[field]);
                }
            }
            expect(answer.status, JSON.stringify(answer.body)).to.equal(exchange.response.status);
            expect(settle(answer.body, exchange.response.body)).to.deep.equal(expected(exchange.response.body));
        });
    }

    async function ask(path: string, exchange: Exchange): Promise<{ status: number; body: unknown }> {
        const headers: Record<string, string> = { "X-Blnk-Key": sandbox.coreKey };
        for (const [name, value] of Object.entries(exchange.request.headers ?? {})) {
            if (value === "(absent)") {
                delete headers[name];
            } else {
                headers[name] = "wrong";
            }
        }
        const { method, raw, body } = exchange.request;
        const sent = raw ?? (body === undefined ? undefined : fill(JSON.stringify(body), names));
        const init: RequestInit = sent === undefined ? { method, headers } : { method, headers, body: sent };
        const response = await fetch(`${sandbox.coreUrl}${path}`, init);
        const text = await response.text();
        const json = response.headers.get("content-type")?.startsWith("application/json") === true;
        return { status: response.status, body: json ? JSON.parse(text) : { text } };
    }

    /** The work of the queue takes a few milliseconds. */
    async function eventually(
        act: () => Promise<{ status: number; body: unknown }>,
    ): Promise<{ status: number; body: unknown }> {
        for (let tries = 0; tries < 200; tries += 1) {
            const answer = await act();
            if (answer.status !== 404) {
                return answer;
            }
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return act();
    }

    function expected(body: unknown): unknown {
        return JSON.parse(fill(JSON.stringify(body), names));
    }

    /** The answer with each value that stands for something varying replaced by its name, if it has the right form. */
    function settle(actual: unknown, wanted: unknown): unknown {
        if (typeof actual === "string" && typeof wanted === "string") {
            const name = /\{\{([^}]+)\}\}/g;
            const parts = fill(wanted, names).split(name);
            if (parts.length === 1) {
                return actual;
            }
            const pattern = parts.map((part, at) => (at % 2 === 0 ? literal(part) : "(.+)")).join("");
            const found = new RegExp(`^${pattern}$`, "s").exec(actual);
            const fits = parts.every((part, at) => at % 2 === 0 || varying[part]?.test(found?.[(at + 1) / 2] ?? ""));
            return found !== null && fits ? fill(wanted, names) : actual;
        }
        if (Array.isArray(actual) && Array.isArray(wanted)) {
            return actual.map((item, at) => settle(item, wanted[at]));
        }
        if (isObject(actual) && isObject(wanted)) {
            return Object.fromEntries(Object.entries(actual).map(([key, item]) => [key, settle(item, wanted[key])]));
        }
        return actual;
    }
});

function fill(text: string, names: Record<string, string>): string {
    return text.replace(/\{\{([^}]+)\}\}/g, (whole, name: string) => names[name] ?? whole);
}

function literal(text: string): string {
    return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
