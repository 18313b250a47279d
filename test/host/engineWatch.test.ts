import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { EngineWatch } from "../../provider/host/engineWatch";
import { errorOf } from "../blnk/connections";
import { sandboxServer } from "../kinds/servers";
import { type Declared, Stack } from "../kinds/stack";

/** An engine for the watch: a server that accepts connections. */
async function listening(port = 0): Promise<{ server: Server; port: number; sockets: Set<Socket> }> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
        sockets.add(socket);
        socket.on("error", () => undefined);
        socket.once("close", () => sockets.delete(socket));
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return { server, port: (server.address() as { port: number }).port, sockets };
}

describe("the watch on Pulumi's engine", () => {
    it("an engine that goes away is noticed, and reported once", async () => {
        const { server, port, sockets } = await listening();
        let reports = 0;
        const gone = new Promise<void>((resolve) => {
            watch = new EngineWatch(`127.0.0.1:${port}`, () => {
                reports++;
                resolve();
            });
        });
        await once(server, "connection");
        expect(watch.isThere).to.equal(true);
        server.close();
        for (const socket of sockets) socket.destroy();
        await gone;
        expect(watch.isThere).to.equal(false);
        expect(reports).to.equal(1);
    });
    let watch: EngineWatch;

    for (const how of ["destroy", "end", "resetAndDestroy"] as const) {
        it(`an engine that only closes the connection (${how}) is still there, and watched on`, async () => {
            const { server, port, sockets } = await listening();
            const quick = new EngineWatch(`127.0.0.1:${port}`);
            for (let round = 0; round < 3; round++) {
                const [socket] = (await once(server, "connection")) as [Socket];
                expect(quick.isThere).to.equal(true);
                socket[how]();
            }
            await once(server, "connection");
            expect(quick.isThere).to.equal(true);
            server.close();
            for (const socket of sockets) socket.destroy();
        });
    }

    it("an engine that was never reached does not count as gone", async () => {
        const { server, port } = await listening();
        server.close();
        await once(server, "close");
        const blind = new EngineWatch(`127.0.0.1:${port}`, () => {
            throw new Error("reported as gone");
        });
        for (const address of [undefined, "", "--flag", "/a/path"]) {
            expect(new EngineWatch(address).isThere).to.equal(true);
        }
        const probe = await listening();
        probe.server.close();
        await once(probe.server, "close");
        expect(blind.isThere).to.equal(true);
    });
});

describe("a host whose engine is gone", () => {
    it("creates, changes and removes nothing more, whatever the kind", async () => {
        const server = await sandboxServer("cloud");
        const stack = new Stack(server, "shop", "dev", "inst_sandbox/k3f9ab");
        const ledger: Declared = { kind: "Ledger", name: "l", inputs: { name: "l" } };
        await stack.up([ledger]);
        const id = stack.kept.get(stack.urn(ledger))?.id;
        const tag: Declared = { kind: "MetadataTag", name: "t", inputs: { target: id, key: "k", value: 1 } };
        await stack.up([ledger, tag]);
        server.requests?.();
        stack.engine = { isThere: false };
        const attempts: readonly (readonly Declared[])[] = [
            [ledger, tag, { ...ledger, name: "other" }],
            [ledger, tag, { kind: "Balance", name: "b", inputs: { ledger: id, currency: "USD" } }],
            [ledger, tag, { kind: "MetadataTag", name: "u", inputs: { target: id, key: "other", value: 1 } }],
            [{ ...ledger, inputs: { name: "renamed" } }],
            [ledger, { ...tag, inputs: { ...tag.inputs, value: 2 } }],
            [ledger],
        ];
        for (const program of attempts) {
            const error = await errorOf(stack.up(program));
            expect(error.message).to.match(/: Pulumi's engine has stopped, so nothing more is sent to Blnk\.$/);
        }
        expect(server.sandbox.writes()).to.deep.equal([]);
        await server.stop();
    });
});
