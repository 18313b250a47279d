import type { PulumiFn } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { core } from "../sandbox/client";
import { balancesOf, done, holds, ledgersOf, onSandbox, refused, written } from "./stage";

describe("adopting under the real engine", () => {
    const stage = onSandbox();
    const config = () => ({
        "blnk:instanceId": stage.sandbox.instance,
        "blnk:cloudUrl": stage.sandbox.url,
        "blnk:owner": "own",
    });
    const make = async (path: string, body: object) => (await core(stage.sandbox, "POST", path, body)).body;
    /** A ledger, a balance and one more for a set, made past the provider. */
    const existing = async () => {
        const ledger: string = (await make("/ledgers", { name: "Theirs" })).ledger_id;
        const balance = async (currency: string): Promise<string> =>
            (await make("/balances", { ledger_id: ledger, currency })).balance_id;
        const there = { ledger, balance: await balance("USD"), member: await balance("EUR") };
        stage.sandbox.clearRequests();
        return there;
    };
    type Existing = Awaited<ReturnType<typeof existing>>;
    const adopting =
        ({ ledger, balance, member }: Existing, claim?: { claim: false }): PulumiFn =>
        async () => {
            const adopted = new blnk.Ledger("customers", { adopt: ledger, ...claim });
            new blnk.Balance("alice", { adopt: balance, ...claim });
            new blnk.BalanceSet("wallets", { ledger: adopted, balances: { carol: { adopt: member, ...claim } } });
        };
    const declaring: PulumiFn = async () => {
        const ledger = new blnk.Ledger("customers", { name: "Theirs" });
        new blnk.Balance("alice", { ledger, currency: "USD" });
        new blnk.BalanceSet("wallets", { ledger, balances: { carol: { currency: "EUR" } } });
    };
    const marks = () => [...ledgersOf(stage.sandbox), ...balancesOf(stage.sandbox)].map(({ mark }) => mark);

    it("claims; without adopt in the program a lost state finds all of it, and another stack is refused", async () => {
        const { sandbox } = stage;
        const there = await existing();
        const stack = await stage.open(adopting(there), { config: config() });
        const preview = done(await stack.preview());
        holds(preview.text, `adopts ${there.ledger} "Theirs"; changes: none; claims it`);
        holds(preview.text, `adopts ${there.balance} "USD in ${there.ledger}"; changes: none; claims it`);
        holds(preview.text, `carol: adopts ${there.member} "EUR in ${there.ledger}"; changes: none; claims it`);
        expect(marks()).to.deep.equal([undefined, undefined, undefined]);
        done(await stack.up());
        expect(written(sandbox)).to.have.length(3);
        const claimed = marks();
        for (const mark of claimed) expect(mark).to.match(/^shop\/dev\/.*@own#/);
        expect(done(await stack.up({ refresh: true })).changes).to.deep.equal({ same: 5 });

        const second = await stage.open(
            async () => void new blnk.Ledger("mine", { adopt: there.ledger, name: "Mine" }),
            {
                project: "store",
                config: { ...config(), "blnk:owner": "two" },
            },
        );
        refused(await second.preview(), `${there.ledger} belongs to another stack: it carries the mark ${claimed[0]}.`);
        refused(await second.up(), `${there.ledger} belongs to another stack: it carries the mark ${claimed[0]}.`);

        expect(done(await stack.program(declaring).up()).changes).to.deep.equal({ same: 5 });
        stack.loseState();
        done(await stack.up());
        expect(ledgersOf(sandbox).map(({ id }) => id)).to.deep.equal([there.ledger]);
        expect(balancesOf(sandbox).map(({ id }) => id)).to.deep.equal([there.balance, there.member]);
        expect(marks()).to.deep.equal(claimed);
        expect(done(await stack.up({ refresh: true })).changes).to.deep.equal({ same: 5 });
    });

    it("before things were claimed, as 0.1.0 did, is made good by one update; then nothing changes", async () => {
        const there = await existing();
        const stack = await stage.open(adopting(there, { claim: false }), { config: config() });
        done(await stack.up());
        expect(marks()).to.deep.equal([undefined, undefined, undefined]);
        // Nothing but the adopted id tells such a state from others: 0.1.0 left the same.
        for (const [label, { inputs, outputs }] of stack.state()) {
            if (label.startsWith("Instance") || label.startsWith("BalanceSet")) continue;
            for (const bag of [inputs, outputs]) expect(bag).not.to.have.any.keys("mark", "claim");
        }
        stack.program(adopting(there));
        const preview = done(await stack.preview());
        expect(preview.changes, preview.text).to.deep.equal({ same: 2, update: 3 });
        holds(preview.text, `claims it (${there.ledger})`, `claims it (${there.balance})`, "claims carol");
        const { changes, text } = done(await stack.up());
        expect(changes, text).to.deep.equal({ same: 2, update: 3 });
        for (const mark of marks()) expect(mark).to.match(/^shop\/dev\/.*@own#/);
        expect(done(await stack.up({ refresh: true })).changes).to.deep.equal({ same: 5 });
    });
});
