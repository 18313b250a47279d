import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { Connection } from "../../provider/blnk/connection";
import { createLedger } from "../../provider/blnk/ledgers";
import type { CoreSettings } from "../../provider/settings/connectionSettings";
import { isLoopback } from "../../provider/settings/loopback";
import { errorOf } from "./connections";
import { HASTY } from "./policies";

const NAMES = ["https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"];
const LOGIN = "user:p%40ss-4711";

describe("a proxy that the environment names", () => {
    let folder: string;
    /** An https server with a name that only the proxy knows, and a self-signed certificate. */
    let blnk: Server;
    let proxy: Server;
    let requests: string[];
    /** What the proxy was asked to connect to, and with which credentials. */
    let asked: unknown[][];
    let status: number;
    const sockets = new Set<Socket>();
    const environment = new Map(NAMES.map((name) => [name, process.env[name]]));

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "blnk-proxy-"));
        const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
        const names = ["-subj", "/CN=blnk.test", "-addext", "subjectAltName=DNS:blnk.test"];
        const how = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
        execFileSync("openssl", [...how, ...files, ...names], { stdio: "ignore" });
    });
    after(() => rmSync(folder, { recursive: true }));

    beforeEach(async () => {
        for (const name of NAMES) delete process.env[name];
        [requests, asked, status] = [[], [], 200];
        const [key, cert] = ["key.pem", "cert.pem"].map((name) => readFileSync(join(folder, name)));
        blnk = createHttpsServer({ key, cert }, (request, response) => {
            requests.push(`${request.method} ${request.url}`);
            const ledger = { ledger_id: "ldg_1", name: "n", created_at: "t", meta_data: {} };
            response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify(ledger));
        });
        proxy = createHttpServer();
        proxy.on("connect", (request, socket: Socket) => {
            asked.push([request.url, request.headers["proxy-authorization"]]);
            if (status !== 200) {
                // Text that must not be treated as an answer of Blnk.
                socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 2\r\n\r\nno`);
                return;
            }
            const onward = connect(portOf(blnk), "127.0.0.1", () => {
                socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
                socket.pipe(onward).pipe(socket);
            });
            for (const end of [socket, onward]) end.on("error", () => undefined);
        });
        for (const server of [blnk, proxy]) {
            server.on("connection", (socket) => sockets.add(socket));
            await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        }
    });
    afterEach(() => {
        for (const [name, value] of environment) {
            if (value === undefined) delete process.env[name];
            else process.env[name] = value;
        }
        for (const socket of sockets) socket.destroy();
        blnk.close();
        proxy.close();
    });

    const portOf = (server: Server) => (server.address() as AddressInfo).port;
    const address = (login = LOGIN) => `http://${login}@127.0.0.1:${portOf(proxy)}`;
    const settings: CoreSettings = {
        mode: "core",
        url: "https://blnk.test:8443",
        credential: "core-key",
        credentialFrom: "blnk:coreKey",
        urlFrom: "blnk:coreUrl",
        timeoutMs: 5000,
    };
    const create = (url = settings.url) =>
        errorOf(createLedger(new Connection({ ...settings, url }, HASTY), { name: "n", meta_data: {} }));

    /** The same in another process, which trusts the certificate. */
    const createTrusting = async (variables: Readonly<Record<string, string>>) => {
        const script = `
            const { Connection } = require("./provider/blnk/connection");
            const { createLedger } = require("./provider/blnk/ledgers");
            const connection = new Connection(${JSON.stringify(settings)});
            createLedger(connection, { name: "n", meta_data: {} })
                .then(({ ledger_id }) => console.log(ledger_id), (error) => console.log(error.message))
                .finally(() => process.exit());`;
        const others = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NAMES.includes(name)));
        const env = { ...others, NODE_EXTRA_CA_CERTS: join(folder, "cert.pem"), ...variables };
        const cwd = join(__dirname, "../..");
        return (
            await promisify(execFile)(process.execPath, ["--import", "tsx", "-e", script], { cwd, env })
        ).stdout.trim();
    };

    it("reaches a server that cannot be reached directly; the server never sees the proxy's credentials", async () => {
        expect(await createTrusting({ HTTPS_PROXY: address() })).to.equal("ldg_1");
        expect(asked).to.deep.equal([["blnk.test:8443", `Basic ${Buffer.from("user:p@ss-4711").toString("base64")}`]]);
        expect(requests).to.deep.equal(["POST /ledgers"]);
    });

    it("uses plain http if it is named without a scheme, and the lowercase variable wins", async () => {
        const plain = `127.0.0.1:${portOf(proxy)}`;
        expect(await createTrusting({ https_proxy: plain, HTTPS_PROXY: "http://127.0.0.1:1" })).to.equal("ldg_1");
        expect(asked).to.deep.equal([["blnk.test:8443", undefined]]);
    });

    it("does not help if the server's certificate is refused: nothing was sent", async () => {
        process.env.HTTPS_PROXY = address();
        const error = await create();
        expect(error.message).to.equal(
            "https://blnk.test:8443 cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT). Check blnk:coreUrl and the network.",
        );
        expect(error).to.include({ fault: "unreachable", mayHaveActed: false });
        expect(asked).to.have.length(1);
        expect(requests).to.deep.equal([]);
    });

    const closed = (variable: string, detail: string) =>
        `https://blnk.test:8443 cannot be reached through the proxy that ${variable} names (${detail}). ` +
        "Check that variable, or add the address to NO_PROXY.";

    for (const refused of [301, 401, 403, 404, 407, 429, 502, 503]) {
        it(`that answers ${refused} is named by its variable, without its credentials, and nothing was sent`, async () => {
            status = refused;
            process.env.https_proxy = address();
            const error = await create();
            expect(error.message).to.equal(closed("https_proxy", String(refused)));
            expect(error).to.include({ fault: "unreachable", mayHaveActed: false });
            expect(`${error.stack}${JSON.stringify(error)}`).not.to.contain("4711");
            expect(requests).to.deep.equal([]);
        });
    }

    it("that cannot be reached or is not valid is named by its variable, and nothing was sent", async () => {
        for (const [value, detail] of [
            [`http://${LOGIN}@127.0.0.1:1`, "ECONNREFUSED"],
            [`http://${LOGIN}@proxy.invalid:3128`, "ENOTFOUND"],
            [`socks5://${LOGIN}@127.0.0.1:1080`, "not an http proxy"],
            ["http://%zz:x@127.0.0.1:1", "not an address"],
            ["http://", "not an address"],
        ] as const) {
            process.env.HTTPS_PROXY = value;
            const error = await create();
            expect(error.message.replace("EAI_AGAIN", "ENOTFOUND")).to.equal(closed("HTTPS_PROXY", detail));
            expect(error).to.include({ mayHaveActed: false });
        }
    });

    it("that closes the connection is reported too", async () => {
        proxy.removeAllListeners("connect");
        proxy.on("connect", (_request, socket: Socket) => socket.destroy());
        process.env.HTTPS_PROXY = address();
        expect((await create()).message).to.match(
            /through the proxy that HTTPS_PROXY names \((no answer|ECONNRESET)\)/,
        );
    });

    it("is not used for a loopback address or an address in NO_PROXY", async () => {
        process.env.HTTPS_PROXY = address();
        process.env.NO_PROXY = "example.com,blnk.test";
        expect((await create()).message).to.match(/^https:\/\/blnk\.test:8443 cannot be reached \(E/);
        for (const url of ["https://localhost:1", "https://127.0.0.1:1", "https://[::1]:1", "http://127.0.0.1:1"]) {
            expect((await create(url)).message).to.match(/ cannot be reached \(E/);
        }
        expect(asked).to.deep.equal([]);
    });
});

describe("a loopback address", () => {
    it("is an address of this machine", () => {
        expect(["localhost", "127.0.0.1", "127.8.9.10", "[::1]"].filter((host) => !isLoopback(host))).to.deep.equal([]);
        expect(["example.com", "127.0.0.1.example.com", "10.0.0.1", "[::2]"].filter(isLoopback)).to.deep.equal([]);
    });
});
