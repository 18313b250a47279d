import { expect } from "chai";
import { createLedger, ledgers, renameLedger } from "../../provider/blnk/ledgers";
import { findRecord } from "../../provider/blnk/records";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { asked, connect, errorOf, MODES } from "./connections";

for (const mode of MODES) {
    describe(`ledgers over ${mode}`, () => {
        let sandbox: Sandbox;
        beforeEach(async () => {
            sandbox = await startSandbox();
        });
        afterEach(() => sandbox.stop());

        const proxied = (path: string) => (mode === "cloud" ? `/proxy${path}?instance_id=${sandbox.instance}` : path);
        const make = () => createLedger(connect(mode, sandbox), { name: "Wallets", meta_data: { team: "pay" } });
        const made = () => sandbox.ledgers().filter(({ ledger_id }) => ledger_id !== "general_ledger_id");

        it("a create is one POST with name and metadata, and returns what is stored", async () => {
            const record = await make();
            expect(asked(sandbox)).to.deep.equal([
                ["POST", proxied("/ledgers"), { name: "Wallets", meta_data: { team: "pay" } }],
            ]);
            expect(made().map(({ ledger_id, name, meta_data }) => ({ ledger_id, name, meta_data }))).to.deep.equal([
                { ledger_id: record.ledger_id, name: "Wallets", meta_data: { team: "pay" } },
            ]);
        });

        it("a rename is one PUT with the name alone", async () => {
            const { ledger_id } = await make();
            sandbox.clearRequests();
            expect((await renameLedger(connect(mode, sandbox), ledger_id, "Purses")).name).to.equal("Purses");
            expect(asked(sandbox)).to.deep.equal([["PUT", proxied(`/ledgers/${ledger_id}`), { name: "Purses" }]]);
            expect(made().map(({ name, meta_data }) => ({ name, meta_data }))).to.deep.equal([
                { name: "Purses", meta_data: { team: "pay" } },
            ]);
        });

        it("a read is one GET of the route that shows the whole ledger", async () => {
            const { ledger_id } = await make();
            sandbox.clearRequests();
            const record = await findRecord(connect(mode, sandbox), ledgers, ledger_id);
            expect(record).to.deep.equal(made()[0]);
            const path =
                mode === "cloud" ? `/data/ledgers/${ledger_id}?instance_id=inst_sandbox` : `/ledgers/${ledger_id}`;
            expect(asked(sandbox)).to.deep.equal([["GET", path]]);
        });

        it("an id is escaped in a path", async () => {
            await findRecord(connect(mode, sandbox), ledgers, "ldg_a/b?c").catch(() => undefined);
            expect(sandbox.requests()[0]?.path).to.equal(`${mode === "cloud" ? "/data" : ""}/ledgers/ldg_a%2Fb%3Fc`);
        });

        it("a create whose answer has another shape may have acted", async () => {
            sandbox.trouble({ do: { kind: "answerAfter", status: 201, body: { id: "ldg_1" } } });
            const error = await errorOf(make());
            expect(error.message).to.match(
                /^Blnk's answer is not a valid ledger \(ledger_id is missing\)\. Check the address,/,
            );
            expect(error).to.include({ fault: "unreadable", mayHaveActed: true });
            expect(made()).to.have.length(1);
        });

        it("a rename whose answer has another shape may have acted", async () => {
            const { ledger_id } = await make();
            sandbox.trouble({ do: { kind: "answerAfter", status: 200, body: { done: true } } });
            const error = await errorOf(renameLedger(connect(mode, sandbox), ledger_id, "Purses"));
            expect(made()[0]?.name).to.equal("Purses");
            expect(error).to.include({ fault: "unreadable", mayHaveActed: true });
        });

        it("metadata that Blnk holds as null reads as none", async () => {
            sandbox.trouble({
                do: {
                    kind: "answer",
                    status: 200,
                    body: { ledger_id: "ldg_1", name: "n", created_at: "t", meta_data: null },
                },
            });
            const record = await findRecord(connect(mode, sandbox), ledgers, "ldg_1");
            expect(record?.meta_data).to.deep.equal({});
        });
    });
}
