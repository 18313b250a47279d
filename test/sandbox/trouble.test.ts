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

    it("a restart refuses connections for a while, and goes on with the same content and address", async () => {
        await create();
        const { url } = sandbox;
        const restarting = sandbox.restart(20);
        expect(await create()).to.equal("cut");
        await restarting;
        expect([await create(), made(), sandbox.url]).to.deep.equal([201, 2, url]);
    });

    it("large: sends as many bytes as were asked for", async () => {
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

    it("acts as often as it was told, the first rule first, until cleared", async () => {
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

    it("read lag hides young rows and changes from reads, while writes see the truth", async () => {
        const id = (await cloud(sandbox, "POST", "/proxy/ledgers", { name: "old" })).body.ledger_id as string;
        sandbox.readLag(60_000);
        const read = await cloud(sandbox, "GET", `/proxy/ledgers/${id}`);
        const list = await cloud(sandbox, "GET", "/data/ledgers");
        const balance = await cloud(sandbox, "POST", "/proxy/balances", { ledger_id: id, currency: "USD" });
        expect([read.status, list.body.total, balance.status]).to.deep.equal([404, 1, 201]);
        sandbox.readLag(0);
        expect((await cloud(sandbox, "GET", `/proxy/ledgers/${id}`)).body.name).to.equal("old");
    });

    it("rows change and vanish behind everyone's back", async () => {
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
