import { expect } from "chai";
import { balances } from "../../provider/blnk/balances";
import { createLedger, ledgers } from "../../provider/blnk/ledgers";
import { allRecords, filterRecords, findRecord } from "../../provider/blnk/records";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { asked, cloudTo, connect, errorOf, MODES } from "./connections";

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

        it("another thing's row in the filter's answer is not taken for it", async () => {
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
            ["a list that is no list", { data: {}, total: 0 }],
        ] as const) {
            it(`${what} from the filter is no witness that a thing is gone`, async () => {
                sandbox.trouble({ match: { path: "/filter$" }, do: { kind: "answer", status: 200, body } });
                expect(await errorOf(find("ldg_none"))).to.include({ fault: "unreadable" });
            });
        }

        for (const status of [401, 403, 404, 429, 500]) {
            it(`a ${status} from the filter is no witness that a thing is gone`, async () => {
                sandbox.trouble({ match: { path: "/filter$" }, do: { kind: "answer", status } });
                expect(await errorOf(find("ldg_none"))).to.include({ status });
            });
        }

        for (const status of [401, 403, 429, 500, 503]) {
            it(`a ${status} for the thing itself is told at once`, async () => {
                sandbox.trouble({ do: { kind: "answer", status } });
                expect(await errorOf(find("ldg_none"))).to.include({ status });
                expect(sandbox.requests()).to.have.length(1);
            });
        }

        it("a filter tells the rows of its page and the number of all", async () => {
            const marked = [await make("shop/dev/a"), await make("shop/dev/b"), await make("shop/prod/a")];
            sandbox.clearRequests();
            const filters = [{ field: "meta_data.pulumi", operator: "like" as const, value: "shop/dev/%" }];
            const page = await filterRecords(connect(mode, sandbox), ledgers, filters);
            expect(page.rows.map((row) => row.ledger_id)).to.have.members(marked.slice(0, 2).map((it) => it.ledger_id));
            expect(page.total).to.equal(2);
            expect(asked(sandbox)).to.deep.equal([filterRequest(filters)]);
        });

        it("a later page is asked for by its number, and an empty one has no rows", async () => {
            const filters = [{ field: "name", operator: "eq" as const, value: "none" }];
            expect(await filterRecords(connect(mode, sandbox), ledgers, filters, 3)).to.deep.equal({
                rows: [],
                total: 0,
            });
            expect(asked(sandbox)).to.deep.equal([filterRequest(filters, 3)]);
        });

        it("all rows of many pages are read whole, the pages after the first at once", async () => {
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

        it("rows that no page shows are missed, and told", async () => {
            await Promise.all(Array.from({ length: 150 }, (_, index) => make(`shop/dev/${index}`)));
            const filters = [{ field: "meta_data.pulumi", operator: "like" as const, value: "shop/dev/%" }];
            const all = () => allRecords(connect(mode, sandbox), ledgers, filters);
            sandbox.trouble({ match: { nth: 2 }, do: { kind: "halfOfRows" } });
            expect((await errorOf(all())).message).to.equal("Blnk answered only 125 of 150 ledgers. Run again.");
            expect(await all()).to.have.length(150);
        });

        it("an empty page of balances, which Core spells null, has no rows", async () => {
            const filters = [{ field: "currency", operator: "eq" as const, value: "none" }];
            expect(await filterRecords(connect(mode, sandbox), balances, filters)).to.deep.equal({
                rows: [],
                total: 0,
            });
        });

        it("a row of another shape is an error that names the property, not a row", async () => {
            const body = { data: [{ ledger_id: "ldg_1", created_at: "t" }], total: 1 };
            sandbox.trouble({ do: { kind: "answer", status: 200, body } });
            const error = await errorOf(filterRecords(connect(mode, sandbox), ledgers, []));
            expect(error.message).to.match(
                /^Blnk's answer is not a ledger as this version knows it \(name is missing\)\. Check the address,/,
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
