import type { Server } from "node:http";
import { createAdaptorServer, type Http2Bindings, type HttpBindings } from "@hono/node-server";

/** A running server. */
export interface Listening {
    url: string;
    /** Closes the server and every connection at once. */
    close(): Promise<void>;
    /** Listens again on the same port, after a close. */
    reopen(): Promise<void>;
}

/** Serves on the loopback address only, because the sandbox accepts well-known secrets. */
export function listen(
    port: number,
    fetch: (request: Request, env: HttpBindings | Http2Bindings) => Promise<Response>,
): Promise<Listening> {
    const server = createAdaptorServer({ fetch, overrideGlobalObjects: false }) as Server;
    return open(server, port).then((bound) => ({
        url: `http://127.0.0.1:${bound}`,
        close: () => close(server),
        reopen: async () => void (await open(server, bound)),
    }));
}

/** Starts listening; resolves to the port. */
function open(server: Server, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => {
            server.off("error", reject);
            const address = server.address();
            resolve(typeof address === "object" && address !== null ? address.port : port);
        });
    });
}

function close(server: Server): Promise<void> {
    return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
    });
}
