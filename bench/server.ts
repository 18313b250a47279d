import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { RequestSeen } from "../sandbox/sandbox";

const CLI = join(__dirname, "..", "dist", "cli", "main.js");

/** A server that people use has been asked before: its code is compiled when the first variant comes. */
const WARMING_REQUESTS = 400;
const WARMING_INSTANCE = "inst_warming";

/** The requests that a sandbox saw, by kind. */
export interface RequestCounts {
    readonly reads: number;
    readonly writes: number;
}

/** A sandbox in a process of its own, so that its work is not the program's. */
export class Server {
    private constructor(
        private readonly child: ChildProcess,
        readonly url: string,
        readonly token: string,
        readonly instance: string,
    ) {}

    /** Starts one that is warm and empty, and that takes so many milliseconds longer over each request. */
    static async start(latency: number): Promise<Server> {
        const child = spawn(process.execPath, [CLI, "sandbox", "--port", "0", "--core-port", "0"], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        const greeting = await printed(child, "Stop with Ctrl+C");
        const said = (variable: string) => new RegExp(`${variable}=(\\S+)`).exec(greeting)?.[1] ?? "";
        const server = new Server(child, said("BLNK_CLOUD_URL"), said("BLNK_ACCESS_TOKEN"), said("BLNK_INSTANCE_ID"));
        await server.warm();
        await server.control("POST", "settings", { latency });
        return server;
    }

    /** Makes balances in an instance that nobody looks at. */
    private async warm(): Promise<void> {
        await this.control("POST", "instances", { id: WARMING_INSTANCE });
        const post = async (path: string, body: object): Promise<{ ledger_id?: string }> => {
            const made = await fetch(`${this.url}${path}?instance_id=${WARMING_INSTANCE}`, {
                method: "POST",
                headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
                body: JSON.stringify(body),
            });
            if (!made.ok) throw new Error(`the sandbox answered ${made.status} while it was warmed`);
            return (await made.json()) as { ledger_id?: string };
        };
        const { ledger_id } = await post("/proxy/ledgers", { name: "Warm" });
        const meta_data = { customer: "c", plan: "basic", pulumi: "bench/dev/customer@warm#0000000000000000" };
        for (let request = 0; request < WARMING_REQUESTS; request++) {
            await post("/proxy/balances", { ledger_id, currency: "USD", meta_data });
        }
        await this.control("DELETE", "requests");
    }

    /** What was asked since the last time. */
    async takeRequests(): Promise<RequestCounts> {
        const seen = (await (await this.control("GET", "requests")).json()) as RequestSeen[];
        await this.control("DELETE", "requests");
        const writes = seen.filter(({ write }) => write).length;
        return { reads: seen.length - writes, writes };
    }

    async stop(): Promise<void> {
        const ended = once(this.child, "exit");
        if (this.child.kill()) await ended;
    }

    private async control(method: string, control: string, body?: object): Promise<Response> {
        const response = await fetch(`${this.url}/_sandbox/${control}`, {
            method,
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${method} ${control}`);
        return response;
    }
}

async function printed(child: ChildProcess, last: string): Promise<string> {
    let text = "";
    for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
        text += String(chunk);
        if (text.includes(last)) return text;
    }
    throw new Error("the sandbox ended before it served");
}
