import { expect } from "chai";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { ask, cloud, core } from "./client";

describe("the Cloud face", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    const ledger = async (name: string, meta_data?: object) =>
        (await cloud(sandbox, "POST", "/proxy/ledgers", { name, meta_data })).body.ledger_id as string;

    it("refuses a missing, an unknown and an expired token with 401, each marked as invented", async () => {
        sandbox.addToken("blnk_old", ["*"], { expired: true });
        const url = new URL(`/data/ledgers?instance_id=${sandbox.instance}`, sandbox.url);
        const answers = [
            await ask(url, "GET", {}),
            await cloud(sandbox, "GET", "/data/ledgers", undefined, "nobody"),
            await cloud(sandbox, "GET", "/data/ledgers", undefined, "blnk_old"),
        ];
        expect(answers.map(({ status, body }) => [status, body.invented])).to.deep.equal([
            [401, true],
            [401, true],
            [401, true],
        ]);
    });

    const scopes: [method: string, path: string, scope: string][] = [
        ["GET", "/proxy/ledgers", "proxy:read"],
        ["POST", "/proxy/ledgers", "proxy:write"],
        ["POST", "/proxy/ledgers/filter", "proxy:write"],
        ["GET", "/data/ledgers", "data:read"],
        ["POST", "/ledger/filter", "data:read"],
    ];
    for (const [method, path, scope] of scopes) {
        it(`${method} ${path} needs ${scope}`, async () => {
            const all = ["proxy:read", "proxy:write", "data:read"];
            sandbox.addToken("token_with", [scope]);
            sandbox.addToken(
                "token_without",
                all.filter((other) => other !== scope),
            );
            const body = method === "GET" ? undefined : { name: "x", filters: [] };
            const granted = await cloud(sandbox, method, path, body, "token_with");
            const refused = await cloud(sandbox, method, path, body, "token_without");
            expect([granted.status < 300, refused.status, refused.body.invented]).to.deep.equal([true, 403, true]);
        });
    }

    it("requires a known instance_id, and a token for that instance", async () => {
        sandbox.addToken("token_bound", ["*"], { instances: ["inst_other"] });
        const headers = { Authorization: `Bearer ${sandbox.token}` };
        const absent = await ask(new URL("/data/ledgers", sandbox.url), "GET", headers);
        const unknown = await ask(new URL("/data/ledgers?instance_id=inst_none", sandbox.url), "GET", headers);
        const foreign = await cloud(sandbox, "GET", "/data/ledgers", undefined, "token_bound");
        expect([absent.status, unknown.status, foreign.status]).to.deep.equal([400, 404, 403]);
    });

    it("keeps instances apart", async () => {
        sandbox.addInstance("inst_two");
        await ledger("here");
        const url = new URL("/proxy/ledgers?instance_id=inst_two", sandbox.url);
        await ask(url, "POST", { Authorization: `Bearer ${sandbox.token}` }, { name: "there" });
        expect(sandbox.ledgers().map((row) => row.name)).to.deep.equal(["General Ledger", "here"]);
        expect(sandbox.ledgers("inst_two").map((row) => row.name)).to.deep.equal(["General Ledger", "there"]);
    });

    it("forwards Core's status and body unchanged", async () => {
        const direct = await core(sandbox, "GET", "/ledgers/ldg_none");
        expect(await cloud(sandbox, "GET", "/proxy/ledgers/ldg_none")).to.deep.equal(direct);
        const nowhere = await cloud(sandbox, "GET", "/proxy/nonsense");
        expect(nowhere).to.deep.equal({ status: 404, body: "404 page not found" });
    });

    it("fills in precision 100 and a reference, which Core by itself does not", async () => {
        const body = {
            ...{ amount: 1.5, currency: "USD", source: "@a", destination: "@b", description: "d" },
            ...{ allow_overdraft: true, skip_queue: true },
        };
        const filled = await cloud(sandbox, "POST", "/proxy/transactions", body);
        expect([filled.status, filled.body.precise_amount]).to.deep.equal([201, 150]);
        expect(filled.body.reference).to.match(/^ref_/);
        const bare = await core(sandbox, "POST", "/transactions", body);
        expect(bare.body.errors).to.equal("reference: cannot be blank.");
    });

    it("keeps money exact beyond 2^53", async () => {
        const body = `{"precise_amount":90071992547409931234,"precision":100,"currency":"USD","reference":"big","source":"@a",
            "destination":"@b","description":"d","allow_overdraft":true,"skip_queue":true}`;
        expect((await cloud(sandbox, "POST", "/proxy/transactions", body)).status).to.equal(201);
        expect(sandbox.balances().map((row) => row.balance)).to.have.members([
            -90071992547409931234n,
            90071992547409931234n,
        ]);
        expect(sandbox.writes()[0]?.body).to.have.property("precise_amount", 90071992547409931234n);
    });

    it("lists data newest first with its total, by pages and under filters, nested ones too", async () => {
        for (const channel of ["web", "app", "web"]) {
            await ledger(`via ${channel}`, { shop: { channel } });
        }
        const page = await cloud(sandbox, "GET", "/data/ledgers?page=2&pageSize=3");
        expect(page.body.total).to.equal(4);
        expect(page.body.data.map((row: { name: string }) => row.name)).to.deep.equal(["General Ledger"]);
        const nested = await cloud(sandbox, "GET", "/data/ledgers?meta_data.shop.channel_eq=web");
        expect(nested.body.total).to.equal(2);
    });

    it("filters at the root, with nested paths and exists", async () => {
        const id = await ledger("tagged", { shop: { channel: "web" } });
        await ledger("plain");
        const filter = (...filters: object[]) => cloud(sandbox, "POST", "/ledger/filter", { filters });
        const nested = await filter({ field: "meta_data.shop.channel", operator: "eq", value: "web" });
        expect(nested.body.data.map((row: { ledger_id: string }) => row.ledger_id)).to.deep.equal([id]);
        expect((await filter({ field: "meta_data.shop", operator: "exists" })).body.total).to.equal(1);
        expect((await filter({ field: "meta_data.shop", operator: "notexists" })).body.total).to.equal(2);
        expect((await filter({ field: "colour", operator: "eq", value: 1 })).body.invented).to.equal(true);
    });

    it("shows a balance complete by id and incomplete in lists", async () => {
        const ledger_id = await ledger("l");
        const made = await cloud(sandbox, "POST", "/proxy/balances", { ledger_id, currency: "USD" });
        const detail = await cloud(sandbox, "GET", `/data/balances/${made.body.balance_id}`);
        const list = await cloud(sandbox, "GET", "/data/balances");
        expect([detail.body.version, detail.body.allocation_strategy]).to.deep.equal([1, "FIFO"]);
        expect([list.body.data[0].version, list.body.data[0].allocation_strategy]).to.deep.equal([0, undefined]);
        const none = await cloud(sandbox, "GET", "/data/balances/bln_none");
        expect([none.status, none.body.invented]).to.deep.equal([404, true]);
    });

    it("does not forward a route that was switched off", async () => {
        const id = await ledger("l");
        sandbox.unforwarded("PUT /ledgers/:id");
        const renamed = await cloud(sandbox, "PUT", `/proxy/ledgers/${id}`, { name: "m" });
        const read = await cloud(sandbox, "GET", `/proxy/ledgers/${id}`);
        expect([renamed.status, renamed.body.invented, read.body.name]).to.deep.equal([404, true, "l"]);
    });

    it("works in front of another Core too", async () => {
        const front = await startSandbox({ core: { url: sandbox.coreUrl, key: sandbox.coreKey } });
        try {
            const made = await cloud(front, "POST", "/proxy/ledgers", { name: "far", meta_data: { app: "x" } });
            const list = await cloud(front, "GET", "/data/ledgers?page=1&pageSize=1");
            const beyond = await cloud(front, "GET", "/data/ledgers?page=9");
            const filters = [{ field: "meta_data.app", operator: "eq", value: "x" }];
            const found = await cloud(front, "POST", "/ledger/filter", { filters });
            const detail = await cloud(front, "GET", `/data/ledgers/${made.body.ledger_id}`);
            const contents = await fetch(`${front.url}/_sandbox/contents`);
            expect([list.body.data[0].name, list.body.total]).to.deep.equal(["far", 2]);
            expect(beyond.body).to.deep.equal({ data: [], total: 2 });
            expect([found.body.total, detail.body.name, contents.status]).to.deep.equal([1, "far", 501]);
            expect(sandbox.ledgers().map((row) => row.name)).to.include("far");
        } finally {
            await front.stop();
        }
    });
});
