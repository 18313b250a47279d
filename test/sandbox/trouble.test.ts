import { expect } from "chai";
import { type Sandbox, startSandbox, type Trouble } from "../../sandbox/sandbox";
import { cloud, core } from "./client";

describe("trouble on demand", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    const create = async (name = "l") => {
        try {
            return (await cloud(sandbox, "POST", "/proxy/ledgers", { name })).status;
        } catch {
            return "cut";
        }
    };
    const made = () => sandbox.ledgers().length - 1;

    const kinds: [act: Trouble["do"], outcome: number | string, rows: number][] = [
        [{ kind: "answer", status: 503, body: { error: "busy" } }, 503, 0],
        [{ kind: "answerAfter", status: 500 }, 500, 1],
        [{ kind: "delay", ms: 5 }, 201, 1],
        [{ kind: "delayAnswer", ms: 5 }, 201, 1],
        [{ kind: "dropBefore" }, "cut", 0],
        [{ kind: "dropAfter" }, "cut", 1],
        [{ kind: "dropMiddle" }, "cut", 1],
        [{ kind: "html" }, 200, 0],
        [{ kind: "redirect", to: "http://127.0.0.1:9/" }, 302, 0],
        [{ kind: "large", bytes: 200_000 }, 200, 0],
        [{ kind: "echo", status: 400 }, 400, 0],
    ];
    for (const [act, outcome, rows] of kinds) {
        it(`${act.kind}: the caller sees ${outcome}, Core gains ${rows}, and the next request is untouched`, async () => {
            sandbox.trouble({ do: act });
            expect(await create()).to.equal(outcome);
            expect(made()).to.equal(rows);
            expect(sandbox.requests()[0]?.status).to.equal(outcome === "cut" ? undefined : outcome);
            expect(await create()).to.equal(201);
        });
    }

    it("hang: neither acts nor answers, until the sandbox stops", async () => {
        sandbox.trouble({ do: { kind: "hang" } });
        const pending = create();
        while (sandbox.requests().length === 0) {
            await new Promise((resolve) => setTimeout(resolve, 1));
        }
        await sandbox.stop();
        expect([await pending, made()]).to.deep.equal(["cut", 0]);
    });

    it("halfOfRows and rowsTwice: a list shows half of its rows, or each twice, and counts all", async () => {
        for (const name of ["a", "b", "c"]) await create(name);
        const list = async () => {
            const { body } = await cloud(sandbox, "GET", "/data/ledgers");
            const { data, total } = body as { data: unknown[]; total: number };
            return [data.length, total];
        };
        sandbox.trouble({ do: { kind: "halfOfRows" } });
        sandbox.trouble({ do: { kind: "rowsTwice" } });
        expect([await list(), await list(), await list()]).to.deep.equal([
            [2, 4],
            [8, 4],
            [4, 4],
        ]);
    });

    it("a restart refuses connections for a while, then serves the same content at the same address", async () => {
        await create();
        const { url } = sandbox;
        const restarting = sandbox.restart(20);
        expect(await create()).to.equal("cut");
        await restarting;
        expect([await create(), made(), sandbox.url]).to.deep.equal([201, 2, url]);
    });

    it("large: sends the requested number of bytes", async () => {
        sandbox.trouble({ do: { kind: "large", bytes: 1_000_000 } });
        expect(JSON.stringify((await cloud(sandbox, "GET", "/data/ledgers")).body)).to.have.length(1_000_000);
    });

    it("matches by face, method and path, and acts on the nth match only", async () => {
        const match = { face: "cloud", method: "post", path: "^/proxy/ledgers$", nth: 2 } as const;
        sandbox.trouble({ match, do: { kind: "answer", status: 503 } });
        await core(sandbox, "POST", "/ledgers", { name: "x" });
        await cloud(sandbox, "GET", "/proxy/ledgers");
        expect([await create(), await create(), await create()]).to.deep.equal([201, 503, 201]);
    });

    it("acts the given number of times, the first rule first, until cleared", async () => {
        sandbox.trouble({ times: 2, do: { kind: "answer", status: 500 } });
        sandbox.trouble({ times: "always", do: { kind: "answer", status: 503 } });
        expect([await create(), await create(), await create()]).to.deep.equal([500, 500, 503]);
        sandbox.clearTrouble();
        expect(await create()).to.equal(201);
    });

    it("a seeded probability acts on the same requests each time", async () => {
        const round = async () => {
            sandbox.clearTrouble();
            sandbox.trouble({ times: "always", probability: 0.5, seed: 7, do: { kind: "answer", status: 503 } });
            const statuses = [];
            for (let count = 0; count < 12; count += 1) {
                statuses.push(await create());
            }
            return statuses;
        };
        const first = await round();
        expect(new Set(first)).to.deep.equal(new Set([201, 503]));
        expect(await round()).to.deep.equal(first);
    });

    it("answerAfter: a gateway's page is sent unchanged, with its own content type", async () => {
        const page = "<html>gateway</html>";
        const headers = { "Content-Type": "text/html", "x-gateway": "edge" };
        sandbox.trouble({ do: { kind: "answerAfter", status: 503, body: page, headers } });
        const url = `${sandbox.coreUrl}/ledgers`;
        const init = { method: "POST", headers: { "X-Blnk-Key": sandbox.coreKey }, body: '{"name":"l"}' };
        const answer = await fetch(url, init);
        const seen = [answer.status, answer.headers.get("content-type"), answer.headers.get("x-gateway")];
        expect([...seen, await answer.text()]).to.deep.equal([503, "text/html", "edge", page]);
        expect(made()).to.equal(1);
    });

    it("matches the request's body, also with an expression that remembers its position", async () => {
        sandbox.trouble({ match: { body: /"name":"b\d"/g }, times: 2, do: { kind: "answer", status: 503 } });
        const outcomes = [await create("a"), await create("b1"), await create("b2"), await create("b3")];
        expect(outcomes).to.deep.equal([201, 503, 503, 201]);
    });

    it("echo: a coded refusal on both faces contains the request; the log contains no secrets", async () => {
        sandbox.trouble({ times: 2, do: { kind: "echo", status: 422 } });
        const body = { name: "\u001b[31mred", meta_data: { pin: 'PIN "4711"', token: sandbox.token } };
        const answers = [
            await cloud(sandbox, "POST", "/proxy/ledgers", body),
            await core(sandbox, "POST", "/ledgers", body),
        ];
        for (const { status, body: refused } of answers) {
            expect([status, refused.error_detail.code]).to.deep.equal([422, "GEN_BAD_REQUEST"]);
            expect(refused.error).to.equal(refused.error_detail.message);
            for (const text of [JSON.stringify(body), "\u001b[31mred", 'PIN "4711"', sandbox.token]) {
                expect(refused.error).to.contain(text);
            }
        }
        expect(JSON.stringify(sandbox.requests())).not.to.contain(sandbox.token);
        expect(made()).to.equal(0);
    });

    it("read lag hides young rows and changes from reads, and not from writes", async () => {
        const id = (await cloud(sandbox, "POST", "/proxy/ledgers", { name: "old" })).body.ledger_id as string;
        sandbox.readLag(60_000);
        const read = await cloud(sandbox, "GET", `/proxy/ledgers/${id}`);
        const list = await cloud(sandbox, "GET", "/data/ledgers");
        const balance = await cloud(sandbox, "POST", "/proxy/balances", { ledger_id: id, currency: "USD" });
        expect([read.status, list.body.total, balance.status]).to.deep.equal([404, 1, 201]);
        sandbox.readLag(0);
        expect((await cloud(sandbox, "GET", `/proxy/ledgers/${id}`)).body.name).to.equal("old");
    });

    it("rows can change and be deleted without requests", async () => {
        const id = (await cloud(sandbox, "POST", "/proxy/ledgers", { name: "l", meta_data: { a: 1, b: 2 } })).body
            .ledger_id as string;
        sandbox.editLedger(id, { name: "m" });
        sandbox.editMetadata(id, { a: { c: 3 }, b: undefined });
        const { name, meta_data } = (await cloud(sandbox, "GET", `/proxy/ledgers/${id}`)).body;
        expect([name, meta_data]).to.deep.equal(["m", { a: { c: 3 } }]);
        sandbox.forget(id);
        expect((await cloud(sandbox, "GET", `/proxy/ledgers/${id}`)).status).to.equal(404);
        expect(sandbox.writes()).to.have.length(1);
    });
});
