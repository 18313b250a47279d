import { expect } from "chai";
import { balances, createBalance, setBalanceIdentity } from "../../provider/blnk/balances";
import { createLedger } from "../../provider/blnk/ledgers";
import { findRecord } from "../../provider/blnk/records";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { asked, connect, coreTo, errorOf, MODES, post } from "./connections";

for (const mode of MODES) {
    describe(`balances over ${mode}`, () => {
        let sandbox: Sandbox;
        let ledger_id: string;
        let identity_id: string;
        beforeEach(async () => {
            sandbox = await startSandbox();
            const core = coreTo(sandbox);
            ({ ledger_id } = await createLedger(core, { name: "l", meta_data: {} }));
            ({ identity_id } = (await post(core, "/identities", { first_name: "A" })) as {
                identity_id: string;
            });
            sandbox.clearRequests();
        });
        afterEach(() => sandbox.stop());

        const proxied = (path: string) => (mode === "cloud" ? `/proxy${path}?instance_id=${sandbox.instance}` : path);

        it("a plain create sends ledger, currency and metadata, and nothing more", async () => {
            const balance = { ledger_id, currency: "USD", meta_data: { a: [1, { b: null }] } };
            const record = await createBalance(connect(mode, sandbox), balance);
            expect(asked(sandbox)).to.deep.equal([["POST", proxied("/balances"), balance]]);
            const [row] = sandbox.balances();
            expect(row).to.deep.include({ ...balance, balance_id: record.balance_id, allocation_strategy: "FIFO" });
        });

        it("a create with identity, lineage and strategy sends each of them", async () => {
            const balance = {
                ledger_id,
                currency: "USD",
                identity_id,
                track_fund_lineage: true,
                allocation_strategy: "PROPORTIONAL",
                meta_data: {},
            };
            const record = await createBalance(connect(mode, sandbox), balance);
            expect(asked(sandbox)).to.deep.equal([["POST", proxied("/balances"), balance]]);
            expect(sandbox.balances()[0]).to.deep.include({ ...balance, balance_id: record.balance_id });
        });

        it("another identity is one PUT", async () => {
            const { balance_id } = await createBalance(connect(mode, sandbox), {
                ledger_id,
                currency: "USD",
                meta_data: {},
            });
            sandbox.clearRequests();
            await setBalanceIdentity(connect(mode, sandbox), balance_id, identity_id);
            expect(asked(sandbox)).to.deep.equal([
                ["PUT", proxied(`/balances/${balance_id}/identity`), { identity_id }],
            ]);
            expect(sandbox.balances()[0]?.identity_id).to.equal(identity_id);
        });

        it("a read ignores the field balance, and keeps amounts that a double cannot hold", async () => {
            const { balance_id } = await createBalance(connect(mode, sandbox), {
                ledger_id,
                currency: "USD",
                meta_data: {},
            });
            const row = { ...sandbox.balances()[0], balance: "HUGE", credit_balance: "HUGE" };
            const body = JSON.stringify(row, (_key, value) => (typeof value === "bigint" ? Number(value) : value));
            sandbox.trouble({ do: { kind: "answer", status: 200, body: body.replaceAll('"HUGE"', "9".repeat(60)) } });
            expect(await findRecord(connect(mode, sandbox), balances, balance_id)).to.deep.equal({
                balance_id,
                ledger_id,
                identity_id: "",
                currency: "USD",
                created_at: row.created_at,
                meta_data: {},
                credit_balance: 10n ** 60n - 1n,
                debit_balance: 0n,
                inflight_credit_balance: 0n,
                inflight_debit_balance: 0n,
                track_fund_lineage: false,
                allocation_strategy: "FIFO",
            });
        });

        it("a missing ledger or identity is refused with Blnk's own message, and nothing is created", async () => {
            const balance = { ledger_id: "ldg_none", currency: "USD", meta_data: {} };
            const error = await errorOf(createBalance(connect(mode, sandbox), balance));
            expect(error.message).to.equal(
                "Blnk refused the request (400): Invalid ledger ID. Check that its ledger exists.",
            );
            const ofNobody = { ...balance, ledger_id, identity_id: "idt_none" };
            expect((await errorOf(createBalance(connect(mode, sandbox), ofNobody))).message).to.equal(
                "Blnk refused the request (400): Invalid ledger ID. " +
                    "Check that its ledger and its identity exist: Blnk gives the same error for both.",
            );
            expect(error).to.include({ fault: "refused", mayHaveActed: false, blnkCode: "GEN_BAD_REQUEST" });
            expect(sandbox.balances()).to.deep.equal([]);
        });
    });
}
