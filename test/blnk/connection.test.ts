import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { Connection } from "../../provider/blnk/connection";
import { failureOf } from "../../provider/blnk/http";
import { createLedger, ledgers } from "../../provider/blnk/ledgers";
import { writeMetadata } from "../../provider/blnk/metadata";
import { filterRecords } from "../../provider/blnk/records";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { asked, cloudTo, coreSettings, coreTo, errorOf, get } from "./connections";
import { HASTY } from "./policies";

describe("a connection to Blnk Cloud", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    const lacking = (scope: string) =>
        `the access token lacks the scope ${scope} (403). Add the scope or use another token. Check blnk:accessToken.`;

    it("a 403 names the missing scope", async () => {
        sandbox.addToken("reader_token", ["data:read"]);
        sandbox.addToken("writer_token", ["proxy:write"]);
        const reader = cloudTo(sandbox, { credential: "reader_token" });
        const writer = cloudTo(sandbox, { credential: "writer_token" });
        const refused = [
            await errorOf(createLedger(reader, { name: "n", meta_data: {} })),
            await errorOf(filterRecords(writer, ledgers, [])),
            await errorOf(get(reader, "/balances/bln_1/lineage")),
        ];
        expect(refused.map(({ message }) => message)).to.deep.equal(
            ["proxy:write", "data:read", "proxy:read"].map(lacking),
        );
        for (const error of refused) expect(error).to.include({ fault: "forbidden", status: 403 });
        expect(sandbox.ledgers()).to.have.length(1);
    });

    it("the error for an unknown instance names the instance and the address", async () => {
        const connection = cloudTo(sandbox, { instanceId: "inst_other" });
        for (const attempt of [
            () => createLedger(connection, { name: "n", meta_data: {} }),
            () => filterRecords(connection, ledgers, []),
        ]) {
            const error = await errorOf(attempt());
            expect(error.message).to.equal(
                `${sandbox.url} does not serve this request (404). Check that blnk:cloudUrl and the ` +
                    `instance "inst_other" are correct, and that this Blnk Cloud forwards the route.`,
            );
            expect(error).to.include({ fault: "not found" });
        }
    });

    it("the error for a route that the proxy does not forward says so", async () => {
        sandbox.unforwarded("POST /ledgers");
        const error = await errorOf(createLedger(cloudTo(sandbox), { name: "n", meta_data: {} }));
        expect(error.message).to.match(/\(404\)\. .* forwards the route\.$/);
    });
});

describe("a connection to a Core", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    it("a 403 for a scoped key asks for the master key", async () => {
        sandbox.addCoreKey("scoped_key", ["*:*"]);
        const connection = coreTo(sandbox, { credential: "scoped_key" });
        const error = await errorOf(writeMetadata(connection, "ldg_1", {}));
        expect(error.message).to.equal(
            "the key is not allowed to do this (403): Unknown resource type. Use the master key of the instance. Check blnk:coreKey.",
        );
        expect(error).to.include({ fault: "forbidden", mayHaveActed: false });
    });

    it("without a key the header is not sent", async () => {
        const { credential: _none, ...settings } = coreSettings(sandbox);
        const error = await errorOf(get(new Connection(settings, HASTY), "/ledgers"));
        expect(error.message).to.equal("Blnk refused the key (401). Check blnk:coreKey.");
        expect(asked(sandbox)).to.deep.equal([["GET", "/ledgers"]]);
    });

    it("a 404 without Blnk's code is a wrong address", async () => {
        const error = await errorOf(get(coreTo(sandbox), "/nonsense"));
        expect(error.message).to.equal(`${sandbox.coreUrl} does not serve this request (404). Check blnk:coreUrl.`);
    });
});

describe("proof that a request was not sent", () => {
    const code = fc.constantFrom(
        ..."ECONNREFUSED EHOSTUNREACH ENETUNREACH ETIMEDOUT ECONNRESET EPIPE ENOTFOUND EAI_AGAIN EADDRNOTAVAIL".split(
            " ",
        ),
        ..."EPROTO ERR_SSL_WRONG_VERSION_NUMBER ERR_TLS_HANDSHAKE_TIMEOUT HPE_INVALID_CONSTANT".split(" "),
    );
    const syscall = fc.constantFrom("connect", "getaddrinfo", "read", "write", undefined);

    it("is only a failure to connect: a host that became unreachable later proves nothing", () => {
        fc.assert(
            fc.property(code, syscall, (code, erroredSysCall) => {
                const { neverSent } = failureOf({ name: "FetchError", type: "system", code, erroredSysCall });
                // When all addresses of a name fail there is no system call.
                const isRefused = code === "ECONNREFUSED" && erroredSysCall === undefined;
                expect(neverSent).to.equal(["connect", "getaddrinfo"].includes(erroredSysCall ?? "") || isRefused);
            }),
        );
    });

    it("is a refused certificate", () => {
        for (const code of [
            "DEPTH_ZERO_SELF_SIGNED_CERT",
            "SELF_SIGNED_CERT_IN_CHAIN",
            "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
            "CERT_HAS_EXPIRED",
            "ERR_TLS_CERT_ALTNAME_INVALID",
        ]) {
            expect(failureOf({ code })).to.include({ reason: "unreachable", neverSent: true });
        }
    });
});

describe("an answer that does not end", () => {
    const endless: readonly [title: string, serve: (response: ServerResponse) => void, fault: string][] = [
        [
            "in its body",
            (response) => {
                response.writeHead(200, { "content-type": "application/json" });
                trickle(response);
            },
            "timeout",
        ],
        ["in redirects", (response) => void response.writeHead(302, { location: "/again" }).end(), "unreadable"],
        [
            "when it is unpacked",
            (response) => {
                response.writeHead(200, { "content-encoding": "gzip", "content-type": "application/json" });
                response.end(packed);
            },
            "unreadable",
        ],
    ];
    const packed = gzipSync(Buffer.alloc(5_000_000, " "));
    const trickle = (response: ServerResponse) => {
        const timer = setInterval(() => response.write(" "), 10);
        response.on("close", () => clearInterval(timer));
    };

    for (const [title, serve, fault] of endless) {
        it(`${title} ends with an error`, async () => {
            let count = 0;
            const server = createHttpServer((_request, response) => {
                count++;
                serve(response);
            });
            await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
            const { port } = server.address() as { port: number };
            const url = `http://127.0.0.1:${port}`;
            const settings = { mode: "core", url, credentialFrom: "c", urlFrom: "u", timeoutMs: 300 } as const;
            const began = performance.now();
            expect(await errorOf(get(new Connection(settings, HASTY), "/ledgers"))).to.include({ fault });
            expect(performance.now() - began).to.be.below(2_000);
            expect(count).to.equal(1);
            server.closeAllConnections();
            server.close();
        });
    }
});

describe("a server that accepts connections and never answers", () => {
    it("ends with an error at the time limit", async () => {
        const silent = createServer(() => undefined);
        await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
        const { port } = silent.address() as { port: number };
        const sandbox = await startSandbox();
        const error = await errorOf(
            get(coreTo(sandbox, { url: `http://127.0.0.1:${port}`, timeoutMs: 100 }), "/ledgers"),
        );
        expect(error).to.include({ fault: "timeout", mayHaveActed: false });
        silent.close();
        await sandbox.stop();
    });
});
