import { expect } from "chai";
import { type Sandbox, startSandbox, type Trouble } from "../../sandbox/sandbox";
import { type Answer, cloud, core } from "./client";

/** When an answer carries a count: Core leaves it out of a page without rows. */
type Counts = "always" | "with rows" | "never";
type Ask = (sandbox: Sandbox, kind: string, offset: number) => Promise<Answer>;

/** The ways to ask for rows from an offset on, two a page. */
const ways: [name: string, counts: Counts, ask: Ask][] = [
    ["Cloud's filter", "always", (it, kind, at) => cloud(it, "POST", `${root(kind)}?${paged(at)}`, { filters: [] })],
    ["Cloud's list", "always", (it, kind, at) => cloud(it, "GET", `/data/${kind}?${paged(at)}`)],
    ["Core's filter with a count", "with rows", (it, kind, at) => core(it, "POST", `/${kind}/filter`, counted(at))],
    ["Core's filter", "never", (it, kind, at) => core(it, "POST", `/${kind}/filter`, question(at))],
    ["Core's list", "never", (it, kind, at) => core(it, "GET", `/${kind}?limit=2&offset=${at}`)],
    [
        "Core's filter through the proxy",
        "with rows",
        (it, kind, at) => cloud(it, "POST", `/proxy/${kind}/filter`, counted(at)),
    ],
];

function root(kind: string): string {
    return kind === "ledgers" ? "/ledger/filter" : `/${kind}/filter`;
}

function paged(offset: number): string {
    return `page=${offset / 2 + 1}&pageSize=2`;
}

function question(offset: number): object {
    const filters = [{ field: "created_at", operator: "gte", value: "1970-01-01T00:00:00Z" }];
    return { filters, limit: 2, offset };
}

function counted(offset: number): object {
    return { ...question(offset), include_count: true };
}

describe("wrong lists", () => {
    let sandbox: Sandbox;
    const made: Record<string, string[]> = { ledgers: [], balances: [] };
    before(async () => {
        sandbox = await startSandbox();
        const ledgers = ["general_ledger_id"];
        for (const name of ["b", "c", "d", "e"]) {
            ledgers.push((await core(sandbox, "POST", "/ledgers", { name })).body.ledger_id);
        }
        const balances: string[] = [];
        for (const currency of ["A", "B", "C", "D", "E"]) {
            const body = { ledger_id: ledgers[1], currency };
            balances.push((await core(sandbox, "POST", "/balances", body)).body.balance_id);
        }
        made.ledgers = ledgers.reverse();
        made.balances = balances.reverse();
    });
    afterEach(() => sandbox.clearTrouble());
    after(() => sandbox.stop());

    for (const [name, counts, ask] of ways) {
        for (const kind of ["ledgers", "balances"]) {
            /** The rows of a page by their place in the true list, and the count. */
            const page = async (offset: number) => {
                const { body } = await ask(sandbox, kind, offset);
                const rows: { ledger_id: string; balance_id?: string }[] =
                    (Array.isArray(body) ? body : body?.data) ?? [];
                const places = rows.map(({ ledger_id, balance_id }) => made[kind]?.indexOf(balance_id ?? ledger_id));
                return [places, body?.total ?? body?.total_count];
            };
            const count = (many: number, isEmpty = false) =>
                counts === "always" || (counts === "with rows" && !isEmpty) ? many : undefined;
            const told = async (act: Trouble["do"], offset: number) => {
                sandbox.trouble({ do: act });
                const answer = await page(offset);
                expect(await page(0), "the next request is untouched").to.deep.equal([[0, 1], count(5)]);
                return answer;
            };

            it(`shortList: ${name} of ${kind} ends after the first rows, and counts only those`, async () => {
                const short = { kind: "shortList", rows: 3 } as const;
                expect(await told(short, 0)).to.deep.equal([[0, 1], count(3)]);
                expect(await told(short, 2)).to.deep.equal([[2], count(3)]);
                expect(await told(short, 4)).to.deep.equal([[], count(3, true)]);
                expect(await told({ kind: "shortList", rows: 0 }, 0)).to.deep.equal([[], count(0, true)]);
                expect(await told({ kind: "shortList", rows: 9 }, 4)).to.deep.equal([[4], count(5)]);
            });

            it(`firstPage: ${name} of ${kind} always returns the first page, and counts all`, async () => {
                expect(await told({ kind: "firstPage" }, 2)).to.deep.equal([[0, 1], count(5)]);
                expect(await told({ kind: "firstPage" }, 200)).to.deep.equal([[0, 1], count(5)]);
                expect(await told({ kind: "firstPage", rows: 1 }, 2)).to.deep.equal([[0], count(5)]);
            });

            it(`total: ${name} of ${kind} has its own rows and another count`, async () => {
                expect(await told({ kind: "total", total: 60_000_000 }, 2)).to.deep.equal([[2, 3], count(60_000_000)]);
            });

            it(`halfOfRows and rowsTwice: ${name} of ${kind} keeps its count`, async () => {
                expect(await told({ kind: "halfOfRows" }, 0)).to.deep.equal([[0], count(5)]);
                expect(await told({ kind: "rowsTwice" }, 4)).to.deep.equal([[4, 4], count(5)]);
            });
        }
    }

    it("do not change other answers", async () => {
        const id = made.ledgers?.[0];
        for (const kind of ["firstPage", "halfOfRows", "rowsTwice"] as const) sandbox.trouble({ do: { kind } });
        sandbox.trouble({ do: { kind: "shortList", rows: 0 } });
        sandbox.trouble({ do: { kind: "total", total: 7 } });
        for (let count = 0; count < 5; count += 1) {
            expect((await cloud(sandbox, "GET", `/data/ledgers/${id}`)).body.ledger_id).to.equal(id);
        }
    });
});
