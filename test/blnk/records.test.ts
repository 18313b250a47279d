import { expect } from "chai";
import { balances } from "../../provider/blnk/balances";
import { createLedger, ledgers } from "../../provider/blnk/ledgers";
import type { Policy } from "../../provider/blnk/policy";
import { allRecords, filterRecords, findRecord } from "../../provider/blnk/records";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { asked, cloudTo, connect, errorOf, MODES } from "./connections";
import { HASTY } from "./policies";

for (const mode of MODES) {
    describe(`records over ${mode}`, () => {
        let sandbox: Sandbox;
        beforeEach(async () => {
            sandbox = await startSandbox();
        });
        afterEach(() => sandbox.stop());

        const make = (name: string) => createLedger(connect(mode, sandbox), { name, meta_data: { pulumi: name } });
        const find = (id: string) => findRecord(connect(mode, sandbox), ledgers, id);
        const byId = (id: string) => [{ field: "ledger_id", operator: "eq", value: id }];
        const detail = (id: string) =>
            mode === "cloud" ? `/data/ledgers/${id}?instance_id=${sandbox.instance}` : `/ledgers/${id}`;
        const filterRequest = (filters: unknown, page = 1) =>
            mode === "cloud"
                ? ["POST", `/ledger/filter?page=${page}&pageSize=100&instance_id=${sandbox.instance}`, { filters }]
                : [
                      "POST",
                      "/ledgers/filter",
                      {
                          filters,
                          limit: 100,
                          offset: (page - 1) * 100,
                          sort_by: "created_at",
                          sort_order: "asc",
                          include_count: true,
                      },
                  ];

        it("a thing is gone when a 404 and an empty filter agree", async () => {
            expect(await find("ldg_none")).to.equal(undefined);
            expect(asked(sandbox)).to.deep.equal([["GET", detail("ldg_none")], filterRequest(byId("ldg_none"))]);
        });

        it("a thing that the filter still shows is not gone", async () => {
            const { ledger_id } = await make("there");
            sandbox.trouble({ match: { method: "GET" }, do: { kind: "answer", status: 404 } });
            expect((await find(ledger_id))?.name).to.equal("there");
        });

        it("a row of another thing in the filter's answer is not accepted", async () => {
            const { ledger_id } = await make("other");
            const row = sandbox.ledgers().find((it) => it.ledger_id === ledger_id);
            const rows = { data: [row], total: 1, total_count: 1 };
            sandbox.trouble({ match: { path: "/filter$" }, do: { kind: "answer", status: 200, body: rows } });
            const outcome = await find("ldg_none").catch(() => undefined);
            expect(outcome).to.equal(undefined);
        });

        for (const [what, body] of [
            ["an empty object", {}],
            ["an empty list", []],
            ["null", "null"],
            ["a list that is an object", { data: {}, total: 0 }],
        ] as const) {
            it(`${what} from the filter does not prove that a thing is gone`, async () => {
                sandbox.trouble({ match: { path: "/filter$" }, do: { kind: "answer", status: 200, body } });
                expect(await errorOf(find("ldg_none"))).to.include({ fault: "unreadable" });
            });
        }

        for (const status of [401, 403, 404, 429, 500]) {
            it(`a ${status} from the filter does not prove that a thing is gone`, async () => {
                sandbox.trouble({ match: { path: "/filter$" }, do: { kind: "answer", status } });
                expect(await errorOf(find("ldg_none"))).to.include({ status });
            });
        }

        for (const status of [401, 403, 429, 500, 503]) {
            it(`a ${status} for the thing itself fails at once`, async () => {
                sandbox.trouble({ do: { kind: "answer", status } });
                expect(await errorOf(find("ldg_none"))).to.include({ status });
                expect(sandbox.requests()).to.have.length(1);
            });
        }

        it("a filter returns the rows of one page and the total", async () => {
            const marked = [await make("shop/dev/a"), await make("shop/dev/b"), await make("shop/prod/a")];
            sandbox.clearRequests();
            const filters = [{ field: "meta_data.pulumi", operator: "like" as const, value: "shop/dev/%" }];
            const page = await filterRecords(connect(mode, sandbox), ledgers, filters);
            expect(page.rows.map((row) => row.ledger_id)).to.have.members(marked.slice(0, 2).map((it) => it.ledger_id));
            expect(page.total).to.equal(2);
            expect(asked(sandbox)).to.deep.equal([filterRequest(filters)]);
        });

        it("a later page is requested by its number, and an empty one has no rows", async () => {
            const filters = [{ field: "name", operator: "eq" as const, value: "none" }];
            expect(await filterRecords(connect(mode, sandbox), ledgers, filters, 3)).to.deep.equal({
                rows: [],
                total: 0,
            });
            expect(asked(sandbox)).to.deep.equal([filterRequest(filters, 3)]);
        });

        it("all rows of many pages are read, the pages after the first at the same time", async () => {
            const made = await Promise.all(Array.from({ length: 250 }, (_, index) => make(`shop/dev/${index}`)));
            sandbox.clearRequests();
            sandbox.trouble({ match: { nth: 2 }, do: { kind: "delayAnswer", ms: 100 } });
            const filters = [{ field: "meta_data.pulumi", operator: "like" as const, value: "shop/dev/%" }];
            const rows = await allRecords(connect(mode, sandbox), ledgers, filters);
            expect(rows.map((row) => row.ledger_id)).to.have.members(made.map((it) => it.ledger_id));
            expect(asked(sandbox)).to.have.deep.members([1, 2, 3].map((page) => filterRequest(filters, page)));
            const [first, second, third] = sandbox.requests();
            expect(first?.ended).to.be.lessThan(second?.started ?? 0);
            expect(third?.started).to.be.lessThan(second?.ended ?? 0);
        });

        it("rows missing from all pages are reported", async () => {
            await Promise.all(Array.from({ length: 150 }, (_, index) => make(`shop/dev/${index}`)));
            const filters = [{ field: "meta_data.pulumi", operator: "like" as const, value: "shop/dev/%" }];
            const all = () => allRecords(connect(mode, sandbox), ledgers, filters);
            sandbox.trouble({ match: { nth: 2 }, do: { kind: "halfOfRows" } });
            expect((await errorOf(all())).message).to.equal(
                "Blnk's list of ledgers cannot be used: it contains only 125 of 150 rows. Run again. If it fails again, check any gateway in between.",
            );
            expect(await all()).to.have.length(150);
        });

        describe("a list that contradicts itself", () => {
            const filters = [{ field: "meta_data.pulumi", operator: "like" as const, value: "shop/dev/%" }];
            const all = (policy: Policy = HASTY) => allRecords(connect(mode, sandbox, {}, policy), ledgers, filters);
            const making = (count: number) =>
                Promise.all(Array.from({ length: count }, (_, index) => make(`shop/dev/${index}`)));
            const unusable = (detail: string) =>
                `Blnk's list of ledgers cannot be used: it ${detail}. Run again. If it fails again, check any gateway in between.`;

            it("repeats the first page: reading ends at the first page that adds nothing", async () => {
                await making(130);
                sandbox.clearRequests();
                sandbox.trouble({ times: "always", do: { kind: "firstPage" } });
                expect((await errorOf(all())).message).to.equal(unusable("contains only 100 of 130 rows"));
                expect(sandbox.requests().length).to.be.at.most(1 + HASTY.concurrency);
            });

            it("has an impossible total: nothing is allocated for it, and no other page is requested", async () => {
                await making(1);
                for (const total of [60_000_000, Number.MAX_SAFE_INTEGER]) {
                    sandbox.clearRequests();
                    sandbox.trouble({ do: { kind: "total", total } });
                    const before = process.memoryUsage().heapUsed;
                    expect((await errorOf(all())).message).to.equal(
                        unusable(`has ${total} rows, but at most 500000 can be read`),
                    );
                    expect(process.memoryUsage().heapUsed - before).to.be.below(50_000_000);
                    expect(sandbox.requests()).to.have.length(1);
                }
            });

            for (const total of ["many", -1, 1.5, 1e300, "5", {}]) {
                it(`has an invalid count: ${JSON.stringify(total)}`, async () => {
                    const body = { data: [], total, total_count: total };
                    sandbox.trouble({ do: { kind: "answer", status: 200, body } });
                    expect((await errorOf(all())).message).to.match(/ \(total(_count)? is not a count\)\./);
                });
            }

            it("adds one row a page: reading ends at the time limit for a list", async () => {
                const page = (n: number) => ({
                    data: [{ ledger_id: `ldg_${n}`, name: "n", created_at: "t", meta_data: {} }],
                    total: 100_000,
                    total_count: 100_000,
                });
                for (let n = 0; n < 40; n++) {
                    sandbox.trouble({ do: { kind: "answer", status: 200, body: page(n) } });
                }
                sandbox.latency(20);
                const error = await errorOf(all({ ...HASTY, concurrency: 1, listingMs: 200 }));
                expect(error.message).to.match(/: it returned only \d+ of 100000 rows in 0\.2 s\./);
            });

            it("has more rows than a page can hold", async () => {
                const row = (n: number) => ({ ledger_id: `ldg_${n}`, name: "n", created_at: "t", meta_data: {} });
                const body = { data: Array.from({ length: 101 }, (_, n) => row(n)), total: 101, total_count: 101 };
                sandbox.trouble({ do: { kind: "answer", status: 200, body } });
                expect((await errorOf(all())).message).to.equal(unusable("returned 101 rows for a page of 100"));
            });
        });

        describe("a row that does not match the question is refused", () => {
            const row = { ledger_id: "ldg_2", name: "n", created_at: "t", meta_data: { pulumi: "b" } };
            const notAsked = "Blnk answered with the wrong ledger. Check the address and any gateway in between.";
            const page = { data: [row], total: 1, total_count: 1 };

            it("by its id", async () => {
                for (const body of [row, { data: row }]) {
                    if (mode === "core" && "data" in body) continue;
                    sandbox.trouble({ do: { kind: "answer", status: 200, body } });
                    expect((await errorOf(find("ldg_1"))).message).to.equal(notAsked);
                }
                sandbox.trouble({ match: { path: "/filter$" }, do: { kind: "answer", status: 200, body: page } });
                expect((await errorOf(find("ldg_1"))).message).to.equal(notAsked);
            });

            for (const condition of [
                { field: "ledger_id", operator: "in", values: ["ldg_1", "ldg_3"] },
                { field: "ledger_id", operator: "eq", value: "ldg_1" },
                { field: "meta_data.pulumi", operator: "in", values: ["a", "c"] },
                { field: "meta_data.constructor", operator: "in", values: ["a"] },
            ] as const) {
                it(`by ${condition.field} ${condition.operator}`, async () => {
                    sandbox.trouble({ do: { kind: "answer", status: 200, body: page } });
                    const error = await errorOf(filterRecords(connect(mode, sandbox), ledgers, [condition]));
                    expect(error.message).to.equal(notAsked);
                    expect(error).to.include({ fault: "unreadable" });
                });
            }
        });

        it("an answer that is nested too deep is an error like any other", async () => {
            const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
            const text = `{"ledger_id":"ldg_1","name":"n","created_at":"t","meta_data":${deep}}`;
            const headers = { "content-type": "application/json" };
            sandbox.trouble({ do: { kind: "answerAfter", status: 201, body: text, headers } });
            expect(await errorOf(make("a"))).to.include({ name: "BlnkError", fault: "unreadable", mayHaveActed: true });
        });

        it("an empty page of balances, which Core sends as null, has no rows", async () => {
            const filters = [{ field: "currency", operator: "eq" as const, value: "none" }];
            expect(await filterRecords(connect(mode, sandbox), balances, filters)).to.deep.equal({
                rows: [],
                total: 0,
            });
        });

        it("a row of another shape is an error that names the property", async () => {
            const body = { data: [{ ledger_id: "ldg_1", created_at: "t" }], total: 1 };
            sandbox.trouble({ do: { kind: "answer", status: 200, body } });
            const error = await errorOf(filterRecords(connect(mode, sandbox), ledgers, []));
            expect(error.message).to.match(
                /^Blnk's answer is not a valid ledger \(name is missing\)\. Check the address,/,
            );
            expect(error).to.include({ fault: "unreadable", mayHaveActed: false });
        });
    });
}

describe("records of Blnk Cloud, whose detail answers are not documented", () => {
    it("are read bare and under data", async () => {
        const sandbox = await startSandbox();
        const row = { ledger_id: "ldg_1", name: "n", created_at: "t", meta_data: {} };
        for (const body of [row, { data: row }]) {
            sandbox.trouble({ do: { kind: "answer", status: 200, body } });
            expect(await findRecord(cloudTo(sandbox), ledgers, "ldg_1")).to.deep.equal(row);
        }
        await sandbox.stop();
    });
});
