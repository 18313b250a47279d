import { expect } from "chai";
import { readMetadata, targetTable, writeMetadata } from "../../provider/blnk/metadata";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { asked, connect, coreTo, errorOf, MODES, post } from "./connections";

type Ids = { ledger_id: string; balance_id: string; identity_id: string; transaction_id: string };

for (const mode of MODES) {
    describe(`metadata over ${mode}`, () => {
        let sandbox: Sandbox;
        let ids: Ids;
        beforeEach(async () => {
            sandbox = await startSandbox();
            const make = async (path: string, body: unknown) => (await post(coreTo(sandbox), path, body)) as Ids;
            const { ledger_id } = await make("/ledgers", { name: "l", meta_data: { kind: "ledger" } });
            const { balance_id } = await make("/balances", {
                ledger_id,
                currency: "USD",
                meta_data: { kind: "balance" },
            });
            const { identity_id } = await make("/identities", { first_name: "A", meta_data: { kind: "identity" } });
            const { transaction_id } = await make("/transactions", {
                amount: 1,
                precision: 100,
                reference: "r1",
                description: "d",
                currency: "USD",
                source: "@world",
                destination: balance_id,
                allow_overdraft: true,
                skip_queue: true,
                meta_data: { kind: "transaction" },
            });
            ids = { ledger_id, balance_id, identity_id, transaction_id };
            sandbox.clearRequests();
        });
        afterEach(() => sandbox.stop());

        const targets: [kind: string, idOf: (of: Ids) => string, route: string][] = [
            ["ledger", (of) => of.ledger_id, "/ledgers"],
            ["balance", (of) => of.balance_id, "/balances"],
            ["identity", (of) => of.identity_id, "/identities"],
            ["transaction", (of) => of.transaction_id, "/transactions"],
        ];
        for (const [kind, idOf, route] of targets) {
            it(`of a ${kind} is read by one GET and written by one POST`, async () => {
                const id = idOf(ids);
                const connection = connect(mode, sandbox);
                expect((await readMetadata(connection, id))?.kind).to.equal(kind);
                await writeMetadata(connection, id, { plan: { seats: 3 } });
                expect(await readMetadata(connection, id)).to.deep.include({ kind, plan: { seats: 3 } });
                const query = mode === "cloud" ? `?instance_id=${sandbox.instance}` : "";
                const read = ["GET", `${mode === "cloud" ? "/data" : ""}${route}/${id}${query}`];
                const write = ["POST", `${mode === "cloud" ? "/proxy" : ""}/${id}/metadata${query}`];
                expect(asked(sandbox)).to.deep.equal([read, [...write, { meta_data: { plan: { seats: 3 } } }], read]);
            });
        }

        it("keys that are not sent stay, and null is stored as null", async () => {
            await writeMetadata(connect(mode, sandbox), ids.ledger_id, { a: 1, b: null });
            const stored = sandbox.ledgers().find(({ ledger_id }) => ledger_id === ids.ledger_id);
            expect(stored?.meta_data).to.deep.equal({ a: 1, b: null, kind: "ledger" });
        });

        it("integers beyond a double are read as the number that Blnk stores", async () => {
            const row = { meta_data: "META", ledger_id: ids.ledger_id, name: "n", created_at: "t" };
            const body = JSON.stringify(row).replace('"META"', '{"n":[9007199254740993]}');
            sandbox.trouble({ do: { kind: "answer", status: 200, body } });
            const held = await readMetadata(connect(mode, sandbox), ids.ledger_id);
            expect(held).to.deep.equal({ n: [9007199254740992] });
        });

        it("of a missing thing is undefined, after two routes agree", async () => {
            expect(await readMetadata(connect(mode, sandbox), "bln_none")).to.equal(undefined);
            expect(sandbox.requests().map(({ method }) => method)).to.deep.equal(["GET", "POST"]);
            expect(sandbox.writes()).to.deep.equal([]);
        });

        it("cannot be written to a missing thing", async () => {
            const error = await errorOf(writeMetadata(connect(mode, sandbox), "ldg_none", { a: 1 }));
            expect(error.message).to.equal("Blnk answered 404: entity not found.");
            expect(error).to.include({ fault: "not found", mayHaveActed: false });
        });
    });
}

describe("the kinds of thing that carry metadata", () => {
    for (const [id, noun] of [
        ["ldg_1", "ledger"],
        ["bln_1", "balance"],
        ["idt_1", "identity"],
        ["txn_1", "transaction"],
        ["acc_1", undefined],
        ["general_ledger_id", undefined],
        ["", undefined],
        ["LDG_1", undefined],
        ["toString", undefined],
    ] as const) {
        it(`"${id}" is ${noun ?? "none of them"}`, () => {
            expect(targetTable(id)?.noun).to.equal(noun);
        });
    }
});
