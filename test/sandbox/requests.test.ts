import { expect } from "chai";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { ask, cloud, core } from "./client";

describe("the list of requests and the controls", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    const control = (method: string, path: string, body?: unknown) =>
        ask(new URL(`/_sandbox${path}`, sandbox.url), method, {}, body);

    it("lists each outside request once, in order, and says which would change something", async () => {
        await cloud(sandbox, "POST", "/proxy/ledgers", { name: "l" });
        await cloud(sandbox, "POST", "/ledger/filter", { filters: [] });
        await core(sandbox, "POST", "/ledgers/filter", {});
        await core(sandbox, "GET", "/nonsense");
        const seen = sandbox
            .requests()
            .map(({ face, method, path, status, write }) => ({ face, method, path, status, write }));
        expect(seen).to.deep.equal([
            { face: "cloud", method: "POST", path: "/proxy/ledgers", status: 201, write: true },
            { face: "cloud", method: "POST", path: "/ledger/filter", status: 200, write: false },
            { face: "core", method: "POST", path: "/ledgers/filter", status: 200, write: false },
            { face: "core", method: "GET", path: "/nonsense", status: 404, write: false },
        ]);
        expect(sandbox.writes()).to.have.length(1);
        expect(sandbox.requests()[0]?.query).to.deep.equal({ instance_id: sandbox.instance });
        expect(sandbox.requests()[0]?.body).to.deep.equal({ name: "l" });
    });

    it("shows no token and no key, in any part of a request", async () => {
        sandbox.addToken("blnk_second/secret", ["*"]);
        sandbox.addCoreKey("third_secret", ["*:*"]);
        const secrets = [sandbox.token, sandbox.coreKey, "blnk_second/secret", "third_secret", "unknown_secret"];
        for (const secret of secrets) {
            const body = { name: secret, meta_data: { [secret]: [`Bearer ${secret}`] } };
            const path = `/proxy/ledgers?key=${encodeURIComponent(secret)}`;
            await cloud(sandbox, "POST", path, body, secret);
            await core(sandbox, "GET", `/ledgers/${encodeURIComponent(secret)}`, undefined, secret);
        }
        const { body } = await control("GET", "/requests");
        expect(body).to.have.length(10);
        for (const secret of secrets) {
            expect(JSON.stringify(body)).not.to.contain(secret).and.not.to.contain(encodeURIComponent(secret));
        }
    });

    it("shows which requests overlapped", async () => {
        sandbox.latency(20);
        await Promise.all([1, 2].map(() => cloud(sandbox, "GET", "/proxy/ledgers")));
        const [first, second] = sandbox.requests();
        expect(second?.started).to.be.lessThan(first?.ended ?? 0);
    });

    it("are served over HTTP without a token and are not logged", async () => {
        const { ledger_id } = (await cloud(sandbox, "POST", "/proxy/ledgers", { name: "l" })).body;
        expect((await control("GET", "/requests")).body).to.have.length(1);
        expect((await control("DELETE", "/requests")).status).to.equal(200);
        const contents = (await control("GET", "/contents")).body;
        expect(Object.keys(contents)).to.deep.equal(["ledgers", "balances", "identities", "transactions"]);
        expect(contents.ledgers).to.have.length(2);
        await control("POST", "/forget", { id: ledger_id });
        expect(sandbox.ledgers()).to.have.length(1);
        await control("POST", "/tokens", { token: "blnk_reader", scopes: ["data:read"] });
        expect((await cloud(sandbox, "GET", "/data/ledgers", undefined, "blnk_reader")).status).to.equal(200);
        await control("POST", "/instances", { id: "inst_two" });
        expect(sandbox.ledgers("inst_two")).to.have.length(1);
        await cloud(sandbox, "POST", "/proxy/ledgers", { name: "young" });
        await control("POST", "/settings", { readLag: 60_000 });
        expect((await core(sandbox, "GET", "/ledgers")).body).to.have.length(1);
        await control("POST", "/trouble", { match: { path: "^/health$" }, do: { kind: "answer", status: 418 } });
        expect((await core(sandbox, "GET", "/health")).status).to.equal(418);
        await control("POST", "/trouble", { times: "always", do: { kind: "html" } });
        await control("DELETE", "/trouble");
        expect((await core(sandbox, "GET", "/health")).body).to.deep.equal({ status: "UP" });
    });

    it("refuse invalid input", async () => {
        const refused = [
            await control("POST", "/trouble", { do: { kind: "explode" } }),
            await control("POST", "/trouble", { match: { path: "(" }, do: { kind: "html" } }),
            await control("POST", "/forget", { id: "ldg_none" }),
            await control("POST", "/settings", { speed: 1 }),
            await control("POST", "/tokens", "no json"),
        ];
        expect(refused.map(({ status }) => status)).to.deep.equal([400, 400, 400, 400, 400]);
        expect((await control("GET", "/nothing")).status).to.equal(404);
    });
});
