import { expect } from "chai";
import { identifyServer, tryWriting } from "../../provider/blnk/server";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { asked, cloudTo, connect, coreTo, errorOf, MODES, post } from "./connections";

describe("the identity of a server", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    it("is the instance id on Blnk Cloud, after one read that needs data:read only", async () => {
        sandbox.addToken("reader_token", ["data:read"]);
        expect(await identifyServer(cloudTo(sandbox, { credential: "reader_token" }))).to.equal(sandbox.instance);
        const filters = [{ field: "ledger_id", operator: "eq", value: "general_ledger_id" }];
        const target = `/ledger/filter?page=1&pageSize=1&instance_id=${sandbox.instance}`;
        expect(asked(sandbox)).to.deep.equal([["POST", target, { filters }]]);
    });

    it("needs no ledger on Blnk Cloud: the rows of the page do not matter", async () => {
        sandbox.forget("general_ledger_id");
        expect(await identifyServer(cloudTo(sandbox))).to.equal(sandbox.instance);
        const row = { ledger_id: "ldg_1", name: "n", created_at: "2026-08-22T10:15:30Z", meta_data: null };
        for (const data of [null, [row], [row, { ...row, ledger_id: "ldg_2" }]]) {
            sandbox.trouble({ do: { kind: "answer", status: 200, body: { data, total: 2 } } });
            expect(await identifyServer(cloudTo(sandbox))).to.equal(sandbox.instance);
        }
    });

    const others: [what: string, change: () => Parameters<typeof cloudTo>[1], told: string][] = [
        ["a wrong token", () => ({ credential: "wrong_token" }), "Blnk refused the access token (401)"],
        ["an instance that is not there", () => ({ instanceId: "inst_none" }), 'the instance "inst_none" are correct'],
        ["a Core's address", () => ({ url: sandbox.coreUrl }), "is a Blnk Core that asks for its key (401)"],
        ["an address without a server", () => ({ url: "http://127.0.0.1:1" }), "cannot be reached (ECONNREFUSED)"],
    ];
    for (const [what, change, told] of others) {
        it(`is refused on Blnk Cloud with ${what}`, async () => {
            expect((await errorOf(identifyServer(cloudTo(sandbox, change())))).message).to.contain(told);
        });
    }

    for (const body of [{}, { data: "x" }, [], 7, { data: [{ id: 1 }] }]) {
        it(`is refused on Blnk Cloud after ${JSON.stringify(body)}, which is not a page of ledgers`, async () => {
            sandbox.trouble({ do: { kind: "answer", status: 200, body } });
            const error = await errorOf(identifyServer(cloudTo(sandbox)));
            expect(error.message).to.contain("not a valid ledger");
        });
    }

    it("is refused for a Blnk Cloud whose address is set as a Core's", async () => {
        const error = await errorOf(identifyServer(coreTo(sandbox, { url: sandbox.url })));
        expect(error.message).to.match(/Check blnk:coreUrl/);
    });

    it("is a fingerprint of a Core's General Ledger, after one read", async () => {
        expect(await identifyServer(coreTo(sandbox))).to.match(/^core_[0-9a-f]{12}$/);
        expect(asked(sandbox)).to.deep.equal([["GET", "/ledgers/general_ledger_id"]]);
    });

    it("stays the same at another address, and differs for another database", async () => {
        const other = await startSandbox();
        const here = await identifyServer(coreTo(sandbox));
        const byName = coreTo(sandbox, { url: sandbox.coreUrl.replace("127.0.0.1", "localhost") });
        expect(await identifyServer(byName)).to.equal(here);
        expect(await identifyServer(coreTo(other))).not.to.equal(here);
        await other.stop();
    });

    it("stays the same after renames, tags and creates", async () => {
        const here = await identifyServer(coreTo(sandbox));
        await post(coreTo(sandbox), "/ledgers", { name: "n" });
        sandbox.editLedger("general_ledger_id", { name: "Other" });
        expect(await identifyServer(coreTo(sandbox))).to.equal(here);
    });

    it("does not depend on the spelling of the creation time", async () => {
        const row = { ledger_id: "general_ledger_id", name: "General Ledger", meta_data: null };
        const times = ["2026-08-22T10:15:30.0705Z", "2026-08-22T10:15:30.070500Z", "2026-08-22T12:15:30.070500+02:00"];
        const identities = new Set<string>();
        for (const created_at of times) {
            sandbox.trouble({ do: { kind: "answer", status: 200, body: { ...row, created_at } } });
            identities.add(await identifyServer(coreTo(sandbox)));
        }
        expect(identities.size).to.equal(1);
    });

    it("a Core without a General Ledger is refused", async () => {
        sandbox.forget("general_ledger_id");
        const error = await errorOf(identifyServer(coreTo(sandbox)));
        expect(error.message).to.equal(
            `${sandbox.coreUrl} has no General Ledger, which every Blnk database has. Check blnk:coreUrl.`,
        );
    });
});

for (const mode of MODES) {
    describe(`trying whether writing is allowed over ${mode}`, () => {
        let sandbox: Sandbox;
        beforeEach(async () => {
            sandbox = await startSandbox();
        });
        afterEach(() => sandbox.stop());

        it("is one metadata write on a ledger that cannot exist, and leaves nothing behind", async () => {
            const before = [sandbox.ledgers(), sandbox.balances()];
            await tryWriting(connect(mode, sandbox));
            const path = "/ldg_00000000-0000-0000-0000-000000000000/metadata";
            const sent = mode === "cloud" ? `/proxy${path}?instance_id=${sandbox.instance}` : path;
            expect(asked(sandbox)).to.deep.equal([["POST", sent, { meta_data: {} }]]);
            expect([sandbox.ledgers(), sandbox.balances()]).to.deep.equal(before);
        });

        for (const status of [401, 403, 429, 500, 503]) {
            it(`a ${status} is reported`, async () => {
                sandbox.trouble({ do: { kind: "answer", status } });
                expect(await errorOf(tryWriting(connect(mode, sandbox)))).to.include({ status });
            });
        }
    });
}

describe("trying whether writing is allowed", () => {
    it("a read-only token does not have proxy:write", async () => {
        const sandbox = await startSandbox();
        sandbox.addToken("reader_token", ["data:read"]);
        const error = await errorOf(tryWriting(cloudTo(sandbox, { credential: "reader_token" })));
        expect(error.message).to.contain("lacks the scope proxy:write (403)");
        await sandbox.stop();
    });

    it("a scoped Core key is refused before it creates anything", async () => {
        const sandbox = await startSandbox();
        sandbox.addCoreKey("scoped_key", ["*:*"]);
        const error = await errorOf(tryWriting(coreTo(sandbox, { credential: "scoped_key" })));
        expect(error.message).to.contain("Use the master key of the instance. Check blnk:coreKey");
        await sandbox.stop();
    });
});
