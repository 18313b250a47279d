import type * as proxyAgents from "https-proxy-agent";
import { isLoopback } from "../settings/loopback";

/** The variables that name the proxy for https. The first one that is set counts. `NO_PROXY` is honoured as well. */
const VARIABLES = ["https_proxy", "HTTPS_PROXY"] as const;

/** Replaces the name of the system call when a connection through the proxy fails. */
export const THROUGH_PROXY = "proxy";

/** A proxy named in the environment. */
export interface Proxy {
    /** The variable that names it. */
    readonly variable: string;
    readonly url: URL;
}

/** A failed connection through a proxy. `code` is the system's error code or the status of the proxy's answer. */
class ProxyFailure extends Error {
    readonly syscall = THROUGH_PROXY;
    constructor(
        readonly code: string,
        options?: { cause?: unknown },
    ) {
        super(code, options);
    }
}

/**
 * The proxy for an address, from the environment. Loopback addresses have none: for the proxy they would mean the proxy's own
 * machine. Plain http has none, because it is allowed for loopback addresses only.
 */
export async function proxyFor(url: URL): Promise<Proxy | undefined> {
    if (url.protocol !== "https:" || isLoopback(url.hostname)) return undefined;
    const variable = VARIABLES.find((name) => process.env[name]);
    if (variable === undefined) return undefined;
    const { getProxyForUrl } = await import("proxy-from-env");
    // Empty when NO_PROXY names the address.
    if (getProxyForUrl(url.href) === "") return undefined;
    const value = process.env[variable]?.trim() ?? "";
    // A proxy without a scheme uses plain http, as with curl.
    const text = value.includes("://") ? value : `http://${value}`;
    if (!URL.canParse(text)) throw new ProxyFailure("not an address");
    const parsed = new URL(text);
    if (parsed.protocol !== "http:" && parsed.protocol !== "https:") throw new ProxyFailure("not an http proxy");
    if (!isDecodable(parsed.username + parsed.password)) throw new ProxyFailure("not an address");
    return { variable, url: parsed };
}

/** The variable that names the proxy for https, for error messages. */
export function proxyVariable(): string {
    return VARIABLES.find((name) => process.env[name]) ?? "HTTPS_PROXY";
}

type Agent = proxyAgents.HttpsProxyAgent<string>;

const agents = new Map<string, Promise<Agent>>();

/** The agent that connects through a proxy. There is one for each proxy. */
export function agentThrough({ url }: Proxy): Promise<Agent> {
    const known = agents.get(url.href);
    if (known !== undefined) return known;
    const created = import("https-proxy-agent").then(({ HttpsProxyAgent }) => checkingAgent(HttpsProxyAgent, url));
    agents.set(url.href, created);
    return created;
}

/** The agent reports a proxy's refusal as a failed connection. The library alone returns it as an answer of the server. */
function checkingAgent(Base: typeof proxyAgents.HttpsProxyAgent, { href, username, password }: URL): Agent {
    class CheckingAgent extends Base<string> {
        override async connect(...[request, options]: Parameters<proxyAgents.HttpsProxyAgent<string>["connect"]>) {
            let status = 0;
            request.once("proxyConnect", (answer: { statusCode: number }) => {
                status = answer.statusCode;
            });
            const socket = await super.connect(request, options).catch((cause: unknown) => {
                const { code } = cause as { code?: string };
                throw new ProxyFailure(code ?? "no answer", { cause });
            });
            if (status === 200) return socket;
            socket.destroy();
            throw new ProxyFailure(String(status));
        }
    }
    const plain = new URL(href);
    plain.username = "";
    plain.password = "";
    // Not in the address, because the library's debug output prints it.
    const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
    const headers: Record<string, string> =
        username === "" && password === "" ? {} : { "Proxy-Authorization": `Basic ${login}` };
    return new CheckingAgent(plain.href, { keepAlive: true, headers });
}

function isDecodable(text: string): boolean {
    try {
        decodeURIComponent(text);
        return true;
    } catch {
        return false;
    }
}
