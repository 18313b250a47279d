import { expect } from "chai";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { ask, cloud, core } from "./client";

describe("rows and metadata of an earlier time", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    const ledger = async (name: string, meta_data?: object) =>
        (await core(sandbox, "POST", "/ledgers", { name, meta_data })).body.ledger_id as string;
    const balance = (ledger_id: string, rest: object = {}) =>
        core(sandbox, "POST", "/balances", { ledger_id, currency: "USD", ...rest });
    const names = async () => {
        const { body } = await cloud(sandbox, "POST", "/ledger/filter", { filters: [] });
        return [body.total, ...body.data.map((row: { name: string }) => row.name)];
    };

    it("a hidden row is absent for reads, filters, writes, metadata and foreign keys, on both faces", async () => {
        const id = await ledger("lost", { n: 1 });
        sandbox.hide(id);
        const statuses = [
            await core(sandbox, "GET", `/ledgers/${id}`),
            await cloud(sandbox, "GET", `/proxy/ledgers/${id}`),
            await cloud(sandbox, "GET", `/data/ledgers/${id}`),
            await core(sandbox, "PUT", `/ledgers/${id}`, { name: "x" }),
            await core(sandbox, "POST", `/${id}/metadata`, { meta_data: { n: 2 } }),
            await balance(id),
        ].map(({ status }) => status);
        expect(statuses).to.deep.equal([404, 404, 404, 404, 404, 400]);
        expect(await names()).to.deep.equal([1, "General Ledger"]);
        expect((await core(sandbox, "GET", "/ledgers")).body).to.have.length(1);
        expect(sandbox.ledgers()).to.have.length(1);
        expect(() => sandbox.editMetadata(id, { n: 3 })).to.throw(id);
        expect(() => sandbox.hide(id)).to.throw(id);
    });

    it("a row that is shown again is unchanged and at its place", async () => {
        const ids = [await ledger("a"), await ledger("b", { n: 1 }), await ledger("c")];
        sandbox.hide(ids[1] ?? "");
        await ledger("d");
        sandbox.show(ids[1] ?? "");
        expect(await names()).to.deep.equal([5, "d", "c", "b", "a", "General Ledger"]);
        expect((await core(sandbox, "GET", `/ledgers/${ids[1]}`)).body.meta_data).to.deep.equal({ n: 1 });
        expect((await core(sandbox, "POST", `/${ids[1]}/metadata`, { meta_data: { n: 2 } })).status).to.equal(200);
        expect(() => sandbox.show(ids[1] ?? "")).to.throw("no hidden row");
    });

    it("a balance with money, an identity and a transaction can be hidden and shown too", async () => {
        const idt = (await core(sandbox, "POST", "/identities", {})).body.identity_id as string;
        const id = (await balance(await ledger("l"), { identity_id: idt })).body.balance_id as string;
        const pay = (reference: string) =>
            core(sandbox, "POST", "/transactions", {
                ...{ amount: 1, precision: 100, currency: "USD", reference, description: "d" },
                ...{ source: "@world", destination: id, allow_overdraft: true, skip_queue: true },
            });
        const txn = (await pay("one")).body.transaction_id as string;
        const all = [idt, id, txn];
        for (const one of all) sandbox.hide(one);
        expect((await pay("one")).status).to.equal(404);
        expect((await core(sandbox, "GET", "/transactions/reference/one")).status).to.equal(404);
        expect((await balance(await ledger("l"), { identity_id: idt })).status).to.equal(400);
        for (const one of all) sandbox.show(one);
        expect((await core(sandbox, "GET", `/balances/${id}`)).body.balance).to.equal(100);
        expect((await pay("one")).status).to.equal(409);
    });

    it("a row whose unique name was taken meanwhile cannot be shown", async () => {
        const pay = () =>
            core(sandbox, "POST", "/transactions", {
                ...{ amount: 1, precision: 100, currency: "USD", reference: "r", description: "d" },
                ...{ source: "@world", destination: "@fees", allow_overdraft: true, skip_queue: true },
            });
        const txn = (await pay()).body.transaction_id as string;
        sandbox.hide(txn);
        expect((await pay()).status).to.equal(201);
        expect(() => sandbox.show(txn)).to.throw("taken its reference");
        expect((await core(sandbox, "GET", `/transactions/${txn}`)).status).to.equal(404);
    });

    it("a hidden row can be deleted, and is not shown again", async () => {
        const id = await ledger("l");
        sandbox.hide(id);
        sandbox.forget(id);
        expect(() => sandbox.show(id)).to.throw("no hidden row");
    });

    it("metadata lags in reads and filters; rows, names and writes do not", async () => {
        const id = await ledger("l", { n: 1 });
        sandbox.metadataLag(60_000);
        const written = await core(sandbox, "POST", `/${id}/metadata`, { meta_data: { m: 1 } });
        await core(sandbox, "PUT", `/ledgers/${id}`, { name: "renamed" });
        const young = await ledger("young", { k: 1 });
        expect(written.body.meta_data).to.deep.equal({ m: 1, n: 1 });
        const read = (one: string) => cloud(sandbox, "GET", `/proxy/ledgers/${one}`);
        const { name, meta_data } = (await read(id)).body;
        expect([name, meta_data, (await read(young)).body.meta_data]).to.deep.equal(["renamed", { n: 1 }, { k: 1 }]);
        const filters = [{ field: "meta_data.m", operator: "eq", value: 1 }];
        const found = async () => (await cloud(sandbox, "POST", "/ledger/filter", { filters })).body.total;
        expect(await found()).to.equal(0);
        // The next write merges with what is there, not with what is shown.
        await core(sandbox, "POST", `/${id}/metadata`, { meta_data: { p: 1 } });
        sandbox.metadataLag(0);
        expect((await read(id)).body.meta_data).to.deep.equal({ m: 1, n: 1, p: 1 });
        expect(await found()).to.equal(1);
    });

    it("metadata shows once the lag is over", async () => {
        const id = await ledger("l");
        sandbox.metadataLag(40);
        await core(sandbox, "POST", `/${id}/metadata`, { meta_data: { m: 1 } });
        const read = async () => (await core(sandbox, "GET", `/ledgers/${id}`)).body.meta_data;
        expect(await read()).to.equal(null);
        await new Promise((resolve) => setTimeout(resolve, 60));
        expect(await read()).to.deep.equal({ m: 1 });
    });

    it("the controls do the same", async () => {
        const control = (path: string, body: unknown) =>
            ask(new URL(`/_sandbox${path}`, sandbox.url), "POST", {}, body);
        const id = await ledger("l", { n: 1 });
        expect((await control("/hide", { id })).status).to.equal(200);
        expect(sandbox.ledgers()).to.have.length(1);
        expect((await control("/hide", { id })).status).to.equal(400);
        expect((await control("/show", { id })).status).to.equal(200);
        expect((await control("/show", { id })).status).to.equal(400);
        await control("/settings", { metadataLag: 60_000 });
        await core(sandbox, "POST", `/${id}/metadata`, { meta_data: { n: 2 } });
        expect((await core(sandbox, "GET", `/ledgers/${id}`)).body.meta_data).to.deep.equal({ n: 1 });
        const rules = [
            { match: { body: '"name":"b"' }, do: { kind: "shortList", rows: 2 } },
            { do: { kind: "answerAfter", status: 503, headers: { "content-type": "text/html" }, body: "<p>" } },
            { do: { kind: "firstPage" } },
            { do: { kind: "total", total: 60_000_000 } },
            { do: { kind: "echo", status: 400 } },
        ];
        for (const rule of rules) expect((await control("/trouble", rule)).status).to.equal(200);
        const wrong = [
            { match: { body: "(" }, do: { kind: "firstPage" } },
            { do: { kind: "shortList", rows: -1 } },
            { do: { kind: "shortList" } },
            { do: { kind: "total", total: 1.5 } },
            { do: { kind: "echo" } },
        ];
        for (const rule of wrong) expect((await control("/trouble", rule)).status).to.equal(400);
    });
});
