import type * as proxyAgents from "https-proxy-agent";
import { isLoopback } from "../settings/loopback";

/** The variables that name the proxy for https, the first that is set counts. `NO_PROXY` is honoured as well. */
const VARIABLES = ["https_proxy", "HTTPS_PROXY"] as const;

/** The word in place of a system call for a proxy through which no connection came about. */
export const THROUGH_PROXY = "proxy";

/** A proxy as the environment names it. */
export interface Proxy {
    /** The variable that names it. */
    readonly variable: string;
    readonly url: URL;
}

/** The way to a proxy that is closed. The system's word for it, or the status of the proxy's answer, is the code. */
class ProxyFailure extends Error {
    readonly syscall = THROUGH_PROXY;
    constructor(
        readonly code: string,
        options?: ErrorOptions,
    ) {
        super(code, options);
    }
}

/**
 * The proxy that the environment of this process names for an address. None for a loopback address, which a proxy would
 * take for its own, nor for plain http, which is for such addresses alone.
 */
export async function proxyFor(url: URL): Promise<Proxy | undefined> {
    if (url.protocol !== "https:" || isLoopback(url.hostname)) return undefined;
    const variable = VARIABLES.find((name) => process.env[name]);
    if (variable === undefined) return undefined;
    const { getProxyForUrl } = await import("proxy-from-env");
    // Empty where NO_PROXY names the address.
    if (getProxyForUrl(url.href) === "") return undefined;
    const value = process.env[variable]?.trim() ?? "";
    // A proxy without a scheme is one that is spoken to in plain http, as for curl.
    const text = value.includes("://") ? value : `http://${value}`;
    if (!URL.canParse(text)) throw new ProxyFailure("not an address");
    const parsed = new URL(text);
    if (parsed.protocol !== "http:" && parsed.protocol !== "https:") throw new ProxyFailure("not an http proxy");
    if (!isDecodable(parsed.username + parsed.password)) throw new ProxyFailure("not an address");
    return { variable, url: parsed };
}

/** The variable that names the proxy for https, for sentences. */
export function proxyVariable(): string {
    return VARIABLES.find((name) => process.env[name]) ?? "HTTPS_PROXY";
}

type Agent = proxyAgents.HttpsProxyAgent<string>;

const agents = new Map<string, Promise<Agent>>();

/** An agent that reaches its servers through a proxy, one for each proxy of this process. */
export function agentThrough({ url }: Proxy): Promise<Agent> {
    const known = agents.get(url.href);
    if (known !== undefined) return known;
    const made = import("https-proxy-agent").then(({ HttpsProxyAgent }) => tellingAgent(HttpsProxyAgent, url));
    agents.set(url.href, made);
    return made;
}

/** The agent tells a proxy's refusal apart from an answer of the server: the library alone passes it off as one. */
function tellingAgent(Base: typeof proxyAgents.HttpsProxyAgent, { href, username, password }: URL): Agent {
    class TellingAgent extends Base<string> {
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
    // Kept out of the address, which the library would tell whoever traces it.
    const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
    const headers: Record<string, string> =
        username === "" && password === "" ? {} : { "Proxy-Authorization": `Basic ${login}` };
    return new TellingAgent(plain.href, { keepAlive: true, headers });
}

function isDecodable(text: string): boolean {
    try {
        decodeURIComponent(text);
        return true;
    } catch {
        return false;
    }
}
