import { expect } from "chai";
import { Connection } from "../../provider/blnk/connection";
import type { Policy } from "../../provider/blnk/policy";
import { balance } from "../../provider/lifecycles/balance";
import { ledger } from "../../provider/lifecycles/ledger";
import { markOf } from "../../provider/lifecycles/mark";
import { type Sandbox, startSandbox, type Trouble } from "../../sandbox/sandbox";
import { cloudSettings, coreTo, errorOf, post } from "../blnk/connections";
import { PATIENT } from "../blnk/policies";
import { runOn } from "./runs";

const urn = (kind: string, name: string) => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/blnk:${kind}::${name}`;
const instance = "inst_sandbox/k3f9ab";

describe("making a thing once", () => {
    let sandbox: Sandbox;
    let connection: Connection;
    beforeEach(async () => {
        sandbox = await startSandbox();
        connection = connectionOf();
    });
    afterEach(() => sandbox.stop());

    const connectionOf = (change: Partial<Policy> = {}, timeoutMs = 5000) =>
        new Connection({ ...cloudSettings(sandbox), timeoutMs }, { ...PATIENT, ...change });
    const inputs = (name = "l") => ({ instance, name, mark: markOf("k3f9ab", urn("Ledger", name), {}) });
    const posts = () => sandbox.writes().filter(({ path }) => /\/(ledgers|balances)$/.test(path));
    const made = () => sandbox.ledgers().slice(1);
    /** Makes things past the provider. */
    const given = async (path: string, body: object) => (await post(coreTo(sandbox), path, body)) as Ids;

    it("what is there already is taken back, brought up to date, and said", async () => {
        const there = await ledger.create(runOn(connection), { ...inputs(), metadata: { a: 1, b: 1 } });
        sandbox.editLedger(there.id, { name: "renamed meanwhile" });
        sandbox.clearRequests();
        const run = runOn(connection);
        const again = await ledger.create(run, { ...inputs(), metadata: { a: 2, b: 1 } });
        // A create's answer and later reads tell the time of making apart by a hair.
        const { createdAt: _made, ...state } = there.state;
        expect(again.id).to.equal(there.id);
        expect(again.state).to.deep.include({ ...state, metadata: { a: 2, b: 1 } });
        expect(run.told).to.deep.equal([`takes back ${there.id}, which carries the mark of this ledger`]);
        expect(made().map(({ name, meta_data }) => [name, meta_data])).to.deep.equal([
            ["l", { a: 2, b: 1, pulumi: inputs().mark }],
        ]);
        expect(sandbox.writes().map(({ method, body }) => [method, body])).to.deep.equal([
            ["PUT", { name: "l" }],
            ["POST", { meta_data: { a: 2 } }],
        ]);
    });

    it("an owner that was drawn in this run can have nothing yet: nothing is looked for", async () => {
        const run = runOn(connection);
        run.marks.drew("k3f9ab");
        await ledger.create(run, inputs());
        expect(sandbox.requests()[0]?.path).to.equal("/proxy/ledgers");
    });

    it("a question without an answer makes nothing", async () => {
        sandbox.trouble({ match: { path: "/ledger/filter$" }, do: { kind: "answer", status: 400 } });
        await errorOf(ledger.create(runOn(connection), inputs()));
        expect(sandbox.writes()).to.deep.equal([]);
    });

    const outcomes: readonly [title: string, act: Trouble["do"], isMade: boolean][] = [
        ["500 after acting", { kind: "answerAfter", status: 500 }, true],
        ["504 after acting", { kind: "answerAfter", status: 504 }, true],
        ["an unreadable answer", { kind: "answerAfter", status: 201, body: "<html>" }, true],
        ["an answer of another shape", { kind: "answerAfter", status: 201, body: { id: 1 } }, true],
        ["a connection cut after acting", { kind: "dropAfter" }, true],
        ["a connection cut in mid-answer", { kind: "dropMiddle" }, true],
        ["an answer after the time limit", { kind: "delayAnswer", ms: 60_000 }, true],
        ["500 without acting", { kind: "answer", status: 500 }, false],
        ["a connection cut before acting", { kind: "dropBefore" }, false],
        ["a connection that hangs", { kind: "hang" }, false],
        ["a gateway's page", { kind: "html" }, false],
    ];
    for (const [title, act, isMade] of outcomes) {
        it(`${title}: one POST, and what it made is ${isMade ? "found" : "looked for in vain, and that is said"}`, async () => {
            sandbox.trouble({ match: { path: "/proxy/ledgers$" }, do: act });
            const attempt = ledger.create(runOn(connectionOf({}, 200)), inputs());
            if (isMade) expect((await attempt).id).to.equal(made()[0]?.ledger_id);
            else {
                expect((await errorOf(attempt)).message).to.match(
                    / It was looked for since, and not found; it may still come to be\. Run again: what has been made is found by its mark, nothing is lost and nothing is made twice\.$/,
                );
            }
            expect(posts()).to.have.length(1);
            expect(made()).to.have.length(isMade ? 1 : 0);
        });
    }

    it("what is under another resource of the program is not taken, neither before the POST nor after it", async () => {
        const { id } = await ledger.create(runOn(connection), inputs());
        for (const act of [undefined, { kind: "dropAfter" }] as const) {
            const run = runOn(connection, { urn: urn("Ledger", "l") });
            run.alive.declare(id, urn("Ledger", "renamed by alias"));
            if (act !== undefined) sandbox.trouble({ match: { path: "/proxy/ledgers$" }, do: act });
            // Each round leaves a twin: the first is out of the way of the second.
            const other = await ledger.create(run, inputs());
            expect(other.id).not.to.equal(id);
            sandbox.forget(other.id);
        }
    });

    describe("of twins", () => {
        let first: string;
        let second: string;
        let ledgerId: string;
        let balanceInputs: Parameters<typeof balance.create>[1];
        beforeEach(async () => {
            ({ ledger_id: ledgerId } = await given("/ledgers", { name: "customers" }));
            const mark = markOf("k3f9ab", urn("Balance", "alice"), { ledger: ledgerId, currency: "USD" });
            balanceInputs = { instance, ledger: ledgerId, currency: "USD", mark };
            const body = { ledger_id: ledgerId, currency: "USD", meta_data: { pulumi: mark } };
            first = (await given("/balances", body)).balance_id;
            second = (await given("/balances", body)).balance_id;
            sandbox.clearRequests();
        });
        const pay = (destination: string, amount: number) =>
            given("/transactions", {
                amount,
                precision: 100,
                reference: `pay-${destination}`,
                description: "d",
                currency: "USD",
                source: "@world",
                destination,
                allow_overdraft: true,
                skip_queue: true,
            });

        it("the oldest is taken where no money has moved", async () => {
            const run = runOn(connection);
            expect((await balance.create(run, balanceInputs)).id).to.equal(first);
            expect(run.told[0]).to.equal(
                `${first} and ${second} carry one mark: ${first} is taken, as it is the oldest, and money has moved on none`,
            );
        });

        it("the one that money has moved on is taken, however old", async () => {
            await pay(second, 1);
            const run = runOn(connection);
            expect((await balance.create(run, balanceInputs)).id).to.equal(second);
            expect(run.told[0]).to.contain(`${second} is taken, as money has moved on it`);
        });

        it("none is taken where money has moved on both: the refusal names both", async () => {
            await pay(first, 1);
            await pay(second, 2);
            sandbox.clearRequests();
            expect((await errorOf(balance.create(runOn(connection), balanceInputs))).message).to.equal(
                `${first} and ${second} carry one mark, and money has moved on ${first} and ${second}. Settle it in Blnk: move the ` +
                    'money of one to the other, and set the key "pulumi" in the metadata of the emptied one to null. Then run again.',
            );
            expect(sandbox.writes()).to.deep.equal([]);
        });

        it("a ledger is the one whose balances money has moved on", async () => {
            const body = { name: "l", meta_data: { pulumi: inputs().mark } };
            await given("/ledgers", body);
            const { ledger_id } = await given("/ledgers", body);
            await pay((await given("/balances", { ledger_id, currency: "USD" })).balance_id, 3);
            expect((await ledger.create(runOn(connection), inputs())).id).to.equal(ledger_id);
        });
    });

    describe("on a server whose reads lag", () => {
        const blind = () =>
            `${sandbox.url} does not show what it has just made, so that nothing more is made: after a run that was cut off, things would ` +
            "be made twice. Its reads lag behind its writes; run again when they have caught up.";

        it("exactly one thing is made, whoever else waits", async () => {
            sandbox.readLag(60_000);
            const run = runOn(connection);
            run.marks.drew("k3f9ab");
            const names = ["a", "b", "c", "d", "e"];
            const outcomes = await Promise.allSettled(names.map((name) => ledger.create(run, inputs(name))));
            const failures = outcomes.flatMap((it) => (it.status === "rejected" ? [String(it.reason.message)] : []));
            expect(failures).to.deep.equal([blind(), blind(), blind(), blind()]);
            expect((await errorOf(ledger.create(run, inputs("f")))).message).to.equal(blind());
            expect(posts()).to.have.length(1);
            expect(made()).to.have.length(1);
        });

        it("that show it after all, the others are made", async () => {
            // The second look is the first that is answered.
            const hidden = { data: [], total: 0 };
            sandbox.trouble({ match: { path: "/filter$" }, do: { kind: "answer", status: 200, body: hidden } });
            const run = runOn(connection);
            run.marks.drew("k3f9ab");
            await Promise.all(["a", "b", "c"].map((name) => ledger.create(run, inputs(name))));
            expect(posts()).to.have.length(3);
        });
    });

    it("where the first of a run fails, the next one is looked for in its place", async () => {
        sandbox.trouble({ match: { path: "/proxy/ledgers$" }, do: { kind: "answer", status: 400 } });
        const run = runOn(connection);
        run.marks.drew("k3f9ab");
        const outcomes = await Promise.allSettled(["a", "b", "c"].map((name) => ledger.create(run, inputs(name))));
        expect(outcomes.map(({ status }) => status)).to.deep.equal(["rejected", "fulfilled", "fulfilled"]);
        expect(sandbox.requests().map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
            "POST /proxy/ledgers",
            "POST /proxy/ledgers",
            "POST /ledger/filter",
            "POST /proxy/ledgers",
        ]);
    });
});

interface Ids {
    readonly ledger_id: string;
    readonly balance_id: string;
}
