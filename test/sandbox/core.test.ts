import { expect } from "chai";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { core } from "./client";

describe("the Core stand-in", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    const ledger = async (name: string, meta_data?: object) =>
        (await core(sandbox, "POST", "/ledgers", { name, meta_data })).body.ledger_id as string;
    const filter = async (field: string, operator: string, value: unknown, rest: object = {}) => {
        const filters = [{ field, operator, ...(operator === "in" ? { values: value } : { value }) }];
        return core(sandbox, "POST", "/ledgers/filter", { filters, sort_order: "asc", ...rest });
    };
    const names = (answer: { body: { name: string }[] }) => answer.body.map((row) => row.name);

    describe("metadata", () => {
        const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
        const write = (id: string, key: string) =>
            core(sandbox, "POST", `/${id}/metadata`, { meta_data: { [key]: 1 } });

        it("loses keys when ten writers write at once, and reports success to each of them", async () => {
            sandbox.metadataRace(20);
            const id = await ledger("l");
            const answers = await Promise.all(keys.map((key) => write(id, key)));
            expect(answers.map(({ status }) => status)).to.deep.equal(keys.map(() => 200));
            expect(answers.every(({ body }, index) => body.meta_data[`k${index}`] === 1)).to.equal(true);
            expect(Object.keys(sandbox.ledgers()[1]?.meta_data ?? {})).to.have.lengthOf.below(10);
        });

        for (const race of [0, 2]) {
            it(`loses none when they write one after another, race ${race} ms`, async () => {
                sandbox.metadataRace(race);
                const id = await ledger("l");
                for (const key of keys) {
                    await write(id, key);
                }
                expect(Object.keys(sandbox.ledgers()[1]?.meta_data ?? {})).to.deep.equal(keys);
            });
        }

        it("rounds integers as doubles and sorts keys", async () => {
            const id = await ledger("l");
            const body = '{"meta_data":{"z":9007199254740993,"a":1.0}}';
            await core(sandbox, "POST", `/${id}/metadata`, body);
            const text = await (
                await fetch(`${sandbox.coreUrl}/ledgers/${id}`, { headers: { "X-Blnk-Key": sandbox.coreKey } })
            ).text();
            expect(text).to.contain('"meta_data":{"a":1,"z":9007199254740992}');
        });
    });

    describe("sizes", () => {
        const big = (length: number) => ({ k: "x".repeat(length) });

        it("refuses a new ledger at 7,830 bytes of one string, but not its update", async () => {
            expect((await core(sandbox, "POST", "/ledgers", { name: "l", meta_data: big(7829) })).status).to.equal(201);
            const refused = await core(sandbox, "POST", "/ledgers", { name: "l", meta_data: big(7830) });
            expect([refused.status, refused.body.error]).to.deep.equal([500, "Database error occurred"]);
            const id = await ledger("l");
            const update = await core(sandbox, "POST", `/${id}/metadata`, { meta_data: big(9000) });
            expect(update.status).to.equal(200);
        });

        it("accepts metadata until no money can move on a balance", async () => {
            const made = await core(sandbox, "POST", "/balances", { ledger_id: await ledger("l"), currency: "USD" });
            const id = made.body.balance_id as string;
            const tag = (meta_data: object) => core(sandbox, "POST", `/${id}/metadata`, { meta_data });
            expect((await tag({ a: "x".repeat(3700) })).status).to.equal(200);
            expect((await tag({ b: "x".repeat(3800) })).status).to.equal(200);
            expect((await tag({ c: "x".repeat(200) })).status).to.equal(500);
            const paid = await core(sandbox, "POST", "/transactions", {
                ...{ amount: 1, precision: 100, currency: "USD", reference: "r", description: "d" },
                ...{ source: "@world", destination: id, allow_overdraft: true, skip_queue: true },
            });
            expect([paid.status, paid.body.error]).to.deep.equal([500, "payload string too long"]);
            expect(sandbox.transactions()).to.deep.equal([]);
        });

        it("refuses bodies above 5 MB with 400", async () => {
            const answer = await core(sandbox, "POST", "/ledgers", { name: "x".repeat(5 * 1024 * 1024) });
            expect([answer.status, answer.body.errors]).to.deep.equal([400, "http: request body too large"]);
        });

        it("resets a filter's limit above 100 to 20, and sends no count with an empty page", async () => {
            for (let count = 0; count < 24; count += 1) {
                await ledger(`l${count}`);
            }
            const page = (limit: number) => filter("name", "like", "l%", { limit });
            const lengths = [await page(100), await page(101), await page(0)].map(({ body }) => body.length);
            expect(lengths).to.deep.equal([24, 20, 20]);
            const past = await filter("name", "like", "l%", { offset: 30, include_count: true });
            expect(past.body).to.deep.equal({ data: [] });
            expect((await core(sandbox, "GET", "/ledgers?limit=200")).body).to.have.length(20);
            expect((await core(sandbox, "GET", "/ledgers")).body).to.have.length(10);
        });
    });

    describe("filters", () => {
        const cases: [field: string, operator: string, value: unknown, found: string[]][] = [
            ["name", "like", "a_b", ["a_b", "axb"]],
            ["name", "like", "a\\_b", ["a_b"]],
            ["name", "ilike", "A%", ["a_b", "axb"]],
            ["name", "in", ["axb", "c"], ["axb", "c"]],
            ["name", "ne", "c", ["General Ledger", "a_b", "axb"]],
            ["meta_data.n", "eq", 1, ["a_b"]],
            ["meta_data.n", "eq", "1", ["axb"]],
            ["meta_data.n", "in", ["1"], ["a_b", "axb"]],
            ["meta_data.n", "ne", "2", ["a_b", "axb"]],
            ["meta_data.n", "gte", 1, ["a_b", "axb"]],
            ["meta_data.n", "isnull", undefined, ["General Ledger", "c"]],
            ["meta_data.app", "eq", { stack: "dev" }, ["c"]],
            ["meta_data.app", "like", '%"stack": "dev"%', ["c"]],
        ];
        for (const [field, operator, value, found] of cases) {
            it(`${field} ${operator} ${JSON.stringify(value)}`, async () => {
                await ledger("a_b", { n: 1 });
                await ledger("axb", { n: "1" });
                await ledger("c", { app: { stack: "dev", more: [1] } });
                expect(names(await filter(field, operator, value))).to.deep.equal(found);
            });
        }

        it("a comparison of metadata that is not a number fails as a whole", async () => {
            await ledger("a", { n: "many" });
            expect((await filter("meta_data.n", "gt", 1)).status).to.equal(500);
        });

        it("created_at gte the stored time of a row finds that row and later ones", async () => {
            await ledger("before");
            const id = await ledger("this");
            await ledger("after");
            const { created_at } = (await core(sandbox, "GET", `/ledgers/${id}`)).body;
            expect(names(await filter("created_at", "gte", created_at))).to.deep.equal(["this", "after"]);
        });
    });

    describe("money", () => {
        const pay = (reference: string, rest: object) =>
            core(sandbox, "POST", "/transactions", {
                ...{ amount: 10, precision: 100, currency: "USD", reference, description: "d" },
                ...{ source: "@a", destination: "@b", allow_overdraft: true, ...rest },
            });

        it("rounds half away from zero, with a precision of 1 when none is given", async () => {
            const cent = await pay("a", { amount: 1.005, skip_queue: true });
            const whole = await pay("b", { amount: 100.5, precision: 0, skip_queue: true });
            expect([cent.body.precise_amount, whole.body.precise_amount]).to.deep.equal([101, 101]);
        });

        for (const literal of ["100.0", "1e2", '"100"']) {
            it(`refuses precise_amount ${literal}`, async () => {
                const rest = '"currency":"USD","reference":"r","description":"d","source":"@a","destination":"@b"';
                const answer = await core(sandbox, "POST", "/transactions", `{"precise_amount":${literal},${rest}}`);
                expect([answer.status, answer.body.error]).to.deep.equal([400, "Invalid input"]);
            });
        }

        it("a queued repeat of a reference is answered 201 and never exists", async () => {
            await pay("r", {});
            const again = await pay("r", {});
            await sandboxSettles(() => sandbox.transactions().length === 2);
            expect(again.status).to.equal(201);
            expect((await core(sandbox, "GET", `/transactions/${again.body.transaction_id}`)).status).to.equal(404);
            expect(sandbox.transactions().map((row) => [row.reference, row.status])).to.deep.equal([
                ["r", "QUEUED"],
                ["r_q", "APPLIED"],
            ]);
        });

        it("holds, commits in part, and frees the rest", async () => {
            const { body } = await pay("h", { inflight: true, skip_queue: true });
            const update = (change: object) =>
                core(sandbox, "PUT", `/transactions/inflight/${body.transaction_id}`, { skip_queue: true, ...change });
            expect((await update({ status: "commit", amount: 4 })).body.status).to.equal("APPLIED");
            expect((await update({ status: "commit", amount: 7 })).status).to.equal(400);
            expect((await update({ status: "void" })).body.status).to.equal("VOID");
            expect((await update({ status: "commit" })).body.error_detail.code).to.equal("TXN_ALREADY_VOIDED");
            const b = sandbox.balances().find((row) => row.indicator === "@b");
            expect([b?.balance, b?.inflight_balance]).to.deep.equal([400n, 0n]);
        });

        it("creates indicator balances on demand in the General Ledger", async () => {
            await pay("i", { skip_queue: true });
            const row = await core(sandbox, "GET", "/balances/indicator/@a/currency/USD");
            expect([row.body.ledger_id, row.body.balance, row.body.meta_data]).to.deep.equal([
                "general_ledger_id",
                -1000,
                null,
            ]);
        });
    });

    it("a scoped key writes rows but never metadata, adds its own key and rounds integers", async () => {
        sandbox.addCoreKey("scoped_key", ["ledgers:write"]);
        const made = await core(
            sandbox,
            "POST",
            "/ledgers",
            '{"name":"l","meta_data":{"n":9007199254740993}}',
            "scoped_key",
        );
        expect(made.body.meta_data.BLNK_GENERATED_BY).to.match(/^api_key_/);
        const tagged = await core(sandbox, "POST", `/${made.body.ledger_id}/metadata`, { meta_data: {} }, "scoped_key");
        const read = await core(sandbox, "GET", "/ledgers", undefined, "scoped_key");
        expect([tagged.body.error_detail.code, read.body.error_detail.code]).to.deep.equal([
            "AUTH_UNKNOWN_RESOURCE",
            "AUTH_INSUFFICIENT_PERMISSIONS",
        ]);
    });

    it("an identity in use cannot be deleted", async () => {
        const { identity_id } = (await core(sandbox, "POST", "/identities", {})).body;
        await core(sandbox, "POST", "/balances", { ledger_id: await ledger("l"), currency: "USD", identity_id });
        expect((await core(sandbox, "DELETE", `/identities/${identity_id}`)).status).to.equal(500);
    });

    async function sandboxSettles(done: () => boolean): Promise<void> {
        for (let tries = 0; tries < 200 && !done(); tries += 1) {
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
    }
});
