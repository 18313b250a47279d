import { type IncomingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import fc from "fast-check";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";

interface Seen {
    status: number;
    headers: IncomingHttpHeaders;
    body: string;
}

/** Sends what a browser, and no fetch of Node's, can be made to send. */
function send(url: string, method: string, headers: Record<string, string>, body = ""): Promise<Seen> {
    return new Promise((resolve, reject) => {
        const sending = request(url, { method, headers, setHost: !("Host" in headers) }, (answer) => {
            text(answer).then(
                (read) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: read }),
                reject,
            );
        });
        sending.on("error", reject);
        sending.end(body);
    });
}

describe("the sandbox and web pages of other sites", () => {
    let real: Sandbox;
    let front: Sandbox;
    beforeEach(async () => {
        real = await startSandbox();
        front = await startSandbox({ core: { url: real.coreUrl, key: real.coreKey } });
    });
    afterEach(async () => {
        await front.stop();
        await real.stop();
    });

    const port = (url: string) => new URL(url).port;
    const create = (headers: Record<string, string>, token = front.token) => {
        const url = `${front.url}/proxy/ledgers?instance_id=${front.instance}`;
        return send(url, "POST", { Authorization: `Bearer ${token}`, ...headers }, '{"name":"l"}');
    };

    it("a page with DNS rebinding to this machine is refused, and nothing reaches the real Core", async () => {
        const { status, body } = await create({ Host: `attacker.test:${port(front.url)}` });
        expect(status).to.equal(403);
        expect(body).to.contain("attacker.test").and.to.contain("localhost");
        expect(real.requests()).to.deep.equal([]);
        expect(front.requests()).to.deep.equal([]);
    });

    it("hosts that only resemble this machine are refused", async () => {
        const hosts = [
            ...["attacker.test", "localhost.attacker.test", "127.0.0.1.attacker.test", "127.0.0.1@attacker.test"],
            ...["127.0.0.256", "128.0.0.1", "1127.0.0.1", "127.0.0.1.2", "127.1", "0.0.0.0", "10.0.0.1", "[::2]"],
            ...["[::ffff:7f00:1]", "xlocalhost", "localhostx", "localhost..", "local", "a.localhost:80"],
        ];
        for (const host of hosts) {
            const { status } = await create({ Host: host });
            expect(status, host).to.be.oneOf([400, 403]);
        }
        expect(real.requests()).to.deep.equal([]);
    });

    it("every name of this machine is accepted, with any port", async () => {
        const hosts = [
            "localhost",
            "LocalHost:1",
            "localhost.:4747",
            "127.0.0.1",
            "127.255.3.9:65535",
            "[::1]",
            "[::1]:80",
        ];
        for (const host of hosts) {
            expect((await create({ Host: host })).status, host).to.equal(201);
        }
    });

    it("no other name is accepted", async () => {
        const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
        const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
        await fc.assert(
            fc.asyncProperty(name, async (host) => {
                fc.pre(host !== "localhost" && !/^127\.\d+\.\d+\.\d+$/.test(host));
                expect((await create({ Host: host })).status).to.be.oneOf([400, 403]);
            }),
            { numRuns: 60 },
        );
        expect(real.requests()).to.deep.equal([]);
    });

    for (const origin of ["https://attacker.test", "null", "http://localhost.attacker.test", "file://", ""]) {
        it(`a page of origin ${JSON.stringify(origin)} is refused`, async () => {
            const { status, body } = await create({ Origin: origin });
            expect([status, real.requests().length]).to.deep.equal([403, 0]);
            expect(body).to.contain("web pages");
        });
    }

    it("a page of this machine is accepted, and no answer allows CORS", async () => {
        const cors = { Origin: "http://localhost:3000", "Access-Control-Request-Method": "POST" };
        const asked = { kind: "answer", status: 200, headers: { "Access-Control-Allow-Origin": "*" } } as const;
        const answers = [
            await create(cors),
            await send(`${front.url}/proxy/ledgers`, "OPTIONS", cors),
            await send(`${front.url}/_sandbox/requests`, "GET", cors),
            await create({ Origin: "https://attacker.test" }),
        ];
        front.trouble({ do: asked });
        answers.push(await create(cors));
        expect(answers[0]?.status).to.equal(201);
        const names = answers.flatMap(({ headers }) => Object.keys(headers));
        expect(names.filter((name) => name.startsWith("access-control-"))).to.deep.equal([]);
    });

    it("refused controls do nothing, on both faces", async () => {
        for (const url of [real.url, real.coreUrl]) {
            for (const headers of [{ Host: "attacker.test" }, { Origin: "https://attacker.test" }]) {
                const token = '{"token":"blnk_mine","scopes":["*"]}';
                expect((await send(`${url}/_sandbox/tokens`, "POST", headers, token)).status).to.equal(403);
                const rule = '{"do":{"kind":"hang"}}';
                expect((await send(`${url}/_sandbox/trouble`, "POST", headers, rule)).status).to.equal(403);
                expect((await send(`${url}/_sandbox/requests`, "GET", headers)).status).to.equal(403);
            }
        }
        const read = `${real.url}/data/ledgers?instance_id=${real.instance}`;
        expect((await send(read, "GET", { Authorization: "Bearer blnk_mine" })).status).to.equal(401);
    });

    it("Core's face is guarded too", async () => {
        const headers = { "X-Blnk-Key": real.coreKey, Host: "attacker.test" };
        expect((await send(`${real.coreUrl}/ledgers`, "POST", headers, '{"name":"l"}')).status).to.equal(403);
        expect(real.ledgers()).to.have.length(1);
    });

    it("in front of a real Core the token is new at each start, unless one is given", async () => {
        const core = { url: real.coreUrl, key: real.coreKey };
        const others = [await startSandbox({ core }), await startSandbox({ core, token: "blnk_mine" })];
        try {
            expect((await create({}, real.token)).status).to.equal(401);
            expect(real.requests()).to.deep.equal([]);
            expect(new Set([real.token, front.token, ...others.map(({ token }) => token)]).size).to.equal(4);
            expect(front.token).to.match(/^blnk_sandbox_[0-9a-f]{32}$/);
            expect(others[1]?.token).to.equal("blnk_mine");
        } finally {
            await Promise.all(others.map((it) => it.stop()));
        }
    });
});
