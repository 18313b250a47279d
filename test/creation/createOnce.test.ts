import { expect } from "chai";
import * as v from "valibot";
import { type BalanceRecord, balances, createBalance } from "../../provider/blnk/balances";
import { Connection } from "../../provider/blnk/connection";
import { identities } from "../../provider/blnk/identities";
import { ledgers as ledgersTable } from "../../provider/blnk/ledgers";
import type { Policy } from "../../provider/blnk/policy";
import { metadataSchema, parseRecord, type Table } from "../../provider/blnk/records";
import type { CreationContext } from "../../provider/creation/context";
import type { Creatable } from "../../provider/creation/creatable";
import { createOnce } from "../../provider/creation/createOnce";
import { byMark, byNaturalKey } from "../../provider/creation/locator";
import { Declarations } from "../../provider/host/declarations";
import { balance } from "../../provider/kinds/balance";
import { ledger } from "../../provider/kinds/ledger";
import { markOf } from "../../provider/marks/mark";
import { type Sandbox, startSandbox, type Trouble } from "../../sandbox/sandbox";
import { cloudSettings, coreTo, errorOf, post } from "../blnk/connections";
import { PATIENT } from "../blnk/policies";
import { contextOn } from "../kinds/contexts";

const urn = (kind: string, name: string) => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/blnk:${kind}::${name}`;

/** A ledger that somebody else has made. */
const strange = { ledger_id: "ldg_strange", name: "l", created_at: "2026-08-22T10:15:30Z", meta_data: { pulumi: "x" } };
const refused = { error: "no", error_detail: { code: "GEN_BAD_REQUEST", message: "no" } };

describe("creating a thing once", () => {
    let sandbox: Sandbox;
    let connection: Connection;
    beforeEach(async () => {
        sandbox = await startSandbox();
        connection = connectionOf();
    });
    afterEach(() => sandbox.stop());

    const connectionOf = (change: Partial<Policy> = {}, timeoutMs = 5000) =>
        new Connection({ ...cloudSettings(sandbox), timeoutMs }, { ...PATIENT, ...change });
    const inputs = (name = "l") => ({ name, mark: markOf("k3f9ab", urn("Ledger", name), {}) });
    const posts = () => sandbox.writes().filter(({ path }) => /\/(ledgers|balances)$/.test(path));
    const made = () => sandbox.ledgers().slice(1);
    /** Makes things past the provider. */
    const given = async (path: string, body: object) => (await post(coreTo(sandbox), path, body)) as Ids;

    it("an existing thing is taken back and updated, and a message says so", async () => {
        const there = await ledger.create(contextOn(connection), { ...inputs(), metadata: { a: 1, b: 1 } });
        sandbox.editLedger(there.id, { name: "renamed meanwhile" });
        sandbox.clearRequests();
        const context = contextOn(connection);
        const again = await ledger.create(context, { ...inputs(), metadata: { a: 2, b: 1 } });
        // A create's answer and later reads tell the time of making apart by a hair.
        const { createdAt: _made, ...state } = there.state;
        expect(again.id).to.equal(there.id);
        expect(again.state).to.deep.include({ ...state, metadata: { a: 2, b: 1 } });
        expect(context.messages).to.deep.equal([
            `takes back ${there.id}, which carries the mark of this ledger; changes: name, metadata.a`,
        ]);
        expect(made().map(({ name, meta_data }) => [name, meta_data])).to.deep.equal([
            ["l", { a: 2, b: 1, pulumi: inputs().mark }],
        ]);
        expect(sandbox.writes().map(({ method, body }) => [method, body])).to.deep.equal([
            ["POST", { meta_data: { a: 2 } }],
            ["PUT", { name: "l" }],
        ]);
    });

    it("an owner drawn in this run has nothing yet, so there is no search", async () => {
        const context = contextOn(connection);
        context.markIndex.drew("k3f9ab");
        await ledger.create(context, inputs());
        expect(sandbox.requests()[0]?.path).to.equal("/proxy/ledgers");
    });

    it("a failed search creates nothing", async () => {
        sandbox.trouble({ match: { path: "/ledger/filter$" }, do: { kind: "answer", status: 400 } });
        await errorOf(ledger.create(contextOn(connection), inputs()));
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
        ...[300, 302, 400, 404, 408, 409, 413, 423, 425, 429, 500, 502, 503, 504].map(
            (status): [string, Trouble["do"], boolean] => [
                `a gateway's ${status} after acting`,
                { kind: "answerAfter", status, body: "<html>", headers: { "content-type": "text/html" } },
                true,
            ],
        ),
        ...[408, 409, 423, 425, 429, 500, 503].map((status): [string, Trouble["do"], boolean] => [
            `a coded ${status} after acting`,
            { kind: "answerAfter", status, body: refused },
            true,
        ]),
        ...[401, 403].map((status): [string, Trouble["do"], boolean] => [
            `${status} without Blnk's code after acting`,
            { kind: "answerAfter", status, body: { error: "no" } },
            true,
        ]),
        ["201 without an id", { kind: "answerAfter", status: 201, body: { ...strange, ledger_id: "" } }, true],
        ["201 with another thing", { kind: "answerAfter", status: 201, body: strange }, true],
        ["503 without acting", { kind: "answer", status: 503 }, false],
        ["500 without acting", { kind: "answer", status: 500 }, false],
        ["a connection cut before acting", { kind: "dropBefore" }, false],
        ["a connection that hangs", { kind: "hang" }, false],
        ["a gateway's page", { kind: "html" }, false],
    ];
    for (const [title, act, isMade] of outcomes) {
        it(`${title}: one POST, and what it created is ${isMade ? "found" : "not found, and the error says so"}`, async () => {
            sandbox.trouble({ match: { path: "/proxy/ledgers$" }, do: act });
            const attempt = ledger.create(contextOn(connectionOf({}, 200)), inputs());
            if (isMade) expect((await attempt).id).to.equal(made()[0]?.ledger_id);
            else {
                expect((await errorOf(attempt)).message).to.match(
                    / It was not found afterwards; the request may still complete\. Run again: anything that was created is found by its mark, so nothing is lost or created twice\.$/,
                );
            }
            expect(posts()).to.have.length(1);
            expect(made()).to.have.length(isMade ? 1 : 0);
        });
    }

    it("a refused token has its own error, after one search", async () => {
        for (const status of [401, 403]) {
            sandbox.clearRequests();
            sandbox.trouble({ match: { path: "/proxy/ledgers$" }, do: { kind: "answer", status } });
            const { message } = await errorOf(ledger.create(contextOn(connection), inputs(`l${status}`)));
            expect(message).to.match(status === 401 ? /^Blnk refused the access token \(401\)/ : /lacks the scope/);
            expect(sandbox.requests().map(({ path }) => path)).to.deep.equal([
                "/ledger/filter",
                "/proxy/ledgers",
                "/ledger/filter",
            ]);
        }
    });

    describe("a busy server that has shown what it created", () => {
        /** A run whose first thing is made and has shown. */
        const seenToShow = async (change: Partial<Policy> = {}) => {
            const context = contextOn(connectionOf(change));
            await ledger.create(context, inputs("first"));
            while (context.markIndex.lagMs === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
            sandbox.clearRequests();
            return context;
        };
        const isBusy = (act: Trouble["do"], times: number | "always" = 1) =>
            sandbox.trouble({ match: { path: "/proxy/ledgers$" }, times, do: act });

        for (const status of [423, 429, 503]) {
            it(`${status} without acting: sent again after a search found nothing`, async () => {
                const context = await seenToShow({ landingMs: 300, firstWaitMs: 10 });
                isBusy({ kind: "answer", status }, 2);
                await ledger.create(context, inputs());
                expect(posts()).to.have.length(3);
                expect(made()).to.have.length(2);
                const [first, second] = posts();
                expect((second?.started ?? 0) - (first?.ended ?? 0)).to.be.at.least(295);
                // Asked once more when it went well: the first one may have landed.
                expect(sandbox.requests().at(-1)?.path).to.equal("/ledger/filter");
            });
        }

        it("not before Retry-After, and not before three times the lag of the server", async () => {
            const context = await seenToShow({ firstWaitMs: 10 });
            isBusy({ kind: "answer", status: 503, headers: { "retry-after": "0.4" } });
            await ledger.create(context, inputs());
            const [first, second] = posts();
            expect((second?.started ?? 0) - (first?.ended ?? 0)).to.be.at.least(395);
            expect(made()).to.have.length(2);
        });

        it("things created before a 503 are found, for every tenth create of 50: 50 things", async () => {
            const context = await seenToShow();
            for (let n = 1; n <= 50; n += 10) {
                sandbox.trouble({
                    match: { path: "/proxy/ledgers$", nth: n },
                    do: { kind: "answerAfter", status: 503, body: "busy", headers: { "content-type": "text/plain" } },
                });
            }
            const names = Array.from({ length: 50 }, (_, n) => `n${n}`);
            await Promise.all(names.map((name) => ledger.create(context, inputs(name))));
            expect(made()).to.have.length(51);
            expect(posts()).to.have.length(50);
        });

        it("many are searched for together", async () => {
            const context = await seenToShow();
            const names = Array.from({ length: 40 }, (_, n) => `n${n}`);
            await Promise.all(names.map((name) => context.markIndex.there(ledgersTable, inputs(name).mark)));
            sandbox.clearRequests();
            isBusy({ kind: "answerAfter", status: 503 }, 40);
            await Promise.all(names.map((name) => ledger.create(context, inputs(name))));
            const questions = sandbox.requests().filter(({ path }) => path === "/ledger/filter");
            // Before its POST and after it, each thing was asked about.
            expect(questions.length).to.be.below(30);
            expect(made()).to.have.length(41);
        });

        it("if two carry the mark after a second POST, the oldest is taken and both are named", async () => {
            const context = await seenToShow({ firstWaitMs: 50 });
            isBusy({ kind: "answerAfter", status: 503 });
            // The first one shows only after the second POST.
            const unseen = { kind: "answer", status: 200, body: { data: [], total: 0 } } as const;
            sandbox.trouble({ match: { path: "/ledger/filter$", body: '"in"' }, times: 2, do: unseen });
            const { id } = await ledger.create(context, inputs());
            const [, first, second] = made();
            expect(id).to.equal(first?.ledger_id);
            expect(context.messages).to.deep.equal([
                `${first?.ledger_id} and ${second?.ledger_id} carry the same mark. This stack uses ${id}, because it is the oldest and ` +
                    "no money has moved on any of them",
            ]);
        });

        it("ends within the budget, whatever Retry-After says", async () => {
            const context = await seenToShow({ budgetMs: 500, firstWaitMs: 5, longestWaitMs: 50 });
            isBusy({ kind: "answer", status: 503 }, "always");
            const began = performance.now();
            await errorOf(ledger.create(context, inputs()));
            expect(performance.now() - began).to.be.below(4000);
            sandbox.clearTrouble();
            sandbox.clearRequests();
            isBusy({ kind: "answer", status: 429, headers: { "retry-after": "31536000" } }, "always");
            await errorOf(ledger.create(context, inputs("other")));
            expect(posts()).to.have.length(1);
        });
    });

    it("the first create of a run is not sent again when busy: the server has not shown yet what it creates", async () => {
        sandbox.trouble({ match: { path: "/proxy/ledgers$" }, do: { kind: "answer", status: 429 } });
        await errorOf(ledger.create(contextOn(connection), inputs()));
        expect(posts()).to.have.length(1);
    });

    it("a thing of another resource of the program is not taken, neither before the POST nor after it", async () => {
        const { id } = await ledger.create(contextOn(connection), inputs());
        for (const act of [undefined, { kind: "dropAfter" }] as const) {
            const declarations = new Declarations();
            declarations.declare(id, urn("Ledger", "renamed by alias"));
            const context = contextOn(connection, { urn: urn("Ledger", "l"), declarations });
            if (act !== undefined) sandbox.trouble({ match: { path: "/proxy/ledgers$" }, do: act });
            // Each round leaves a twin. Remove it before the second round.
            const other = await ledger.create(context, inputs());
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
            balanceInputs = { ledger: ledgerId, currency: "USD", mark };
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

        it("the oldest is taken if no money has moved", async () => {
            const context = contextOn(connection);
            expect((await balance.create(context, balanceInputs)).id).to.equal(first);
            expect(context.messages[0]).to.equal(
                `${first} and ${second} carry the same mark. This stack uses ${first}, because it is the oldest and no money has moved on any of them`,
            );
        });

        const settle = (oldest: string, moved: string) =>
            `${first} and ${second} carry the same mark. ${oldest} is the oldest, but money has moved on ${moved}. Find out which ` +
            "one belongs to this stack. If the others hold money of it, move that money there. Set the key " +
            '"pulumi" in the metadata of the others to null. Then run again.';

        it("the oldest is taken if money has moved on it only", async () => {
            await pay(first, 1);
            const context = contextOn(connection);
            expect((await balance.create(context, balanceInputs)).id).to.equal(first);
            expect(context.messages[0]).to.contain(
                `This stack uses ${first}, because it is the oldest and no money has moved on the others`,
            );
        });

        it("none is taken if money has moved on a younger one, which may be the original of a copied mark", async () => {
            await pay(second, 1);
            sandbox.clearRequests();
            const { message } = await errorOf(balance.create(contextOn(connection), balanceInputs));
            expect(message).to.equal(settle(first, second));
            expect(sandbox.writes()).to.deep.equal([]);
        });

        it("none is taken if money has moved on both, and the error names both", async () => {
            await pay(first, 1);
            await pay(second, 2);
            sandbox.clearRequests();
            const { message } = await errorOf(balance.create(contextOn(connection), balanceInputs));
            expect(message).to.equal(settle(first, `${first} and ${second}`));
            expect(sandbox.writes()).to.deep.equal([]);
        });

        it("a ledger counts as used when money has moved on one of its balances", async () => {
            const body = { name: "l", meta_data: { pulumi: inputs().mark } };
            const { ledger_id: older } = await given("/ledgers", body);
            const { ledger_id } = await given("/ledgers", body);
            await pay((await given("/balances", { ledger_id, currency: "USD" })).balance_id, 3);
            const { message } = await errorOf(ledger.create(contextOn(connection), inputs()));
            expect(message).to.contain(`${older} is the oldest, but money has moved on ${ledger_id}.`);
        });
    });

    describe("a thing with the mark and other immutable values", () => {
        interface Inputs {
            readonly ledger_id: string;
            readonly currency: string;
            readonly mark: string;
        }
        const kind: Creatable<CreationContext, BalanceRecord, Inputs, { currency: string }> = {
            table: balances,
            locate: (context, _inputs, mark) => byMark(context, balances, mark),
            post: ({ blnk }, { ledger_id, currency, mark }) =>
                createBalance(blnk, { ledger_id, currency, meta_data: { pulumi: mark } }),
            stateOf: ({ currency }) => ({ currency }),
            matches: async (_run, record, { ledger_id, currency }) =>
                record.ledger_id === ledger_id && record.currency === currency,
            changes: () => [],
            update: async (_run, _id, state) => state,
        };
        const left = (id: string) =>
            `the mark of this balance is on ${id}, but values there that Blnk cannot change differ from the declared ones: the ` +
            'metadata was probably copied. Nothing was changed there. Set the key "pulumi" in that metadata to null';
        let declared: Inputs;
        let copy: string;
        beforeEach(async () => {
            const { ledger_id } = await given("/ledgers", { name: "customers" });
            const mark = markOf("k3f9ab", urn("Balance", "alice"), { ledger: ledger_id, currency: "USD" });
            declared = { ledger_id, currency: "USD", mark };
            const elsewhere = (await given("/ledgers", { name: "elsewhere" })).ledger_id;
            const body = { ledger_id: elsewhere, currency: "EUR", meta_data: { pulumi: mark } };
            copy = (await given("/balances", body)).balance_id;
            sandbox.clearRequests();
        });

        it("is left alone and named, and the right one is created beside it, once", async () => {
            const context = contextOn(connection);
            const { id, state } = await createOnce(context, kind, declared);
            expect(id).not.to.equal(copy);
            expect(state).to.deep.equal({ currency: "USD" });
            expect(context.messages).to.deep.equal([left(copy)]);
            const again = contextOn(connection);
            expect((await createOnce(again, kind, declared)).id).to.equal(id);
            expect(again.messages[0]).to.equal(left(copy));
            expect(posts()).to.have.length(1);
            // The older copy does not mean that another run is active.
            while (context.markIndex.lagMs === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
        });

        it("is not taken as the result of a lost answer", async () => {
            sandbox.trouble({ match: { path: "/proxy/balances$" }, do: { kind: "dropBefore" } });
            const context = contextOn(connection);
            expect((await errorOf(createOnce(context, kind, declared))).message).to.contain("not found");
            sandbox.trouble({ match: { path: "/proxy/balances$" }, do: { kind: "dropAfter" } });
            expect((await createOnce(context, kind, declared)).id).not.to.equal(copy);
            expect(posts()).to.have.length(2);
        });
    });

    describe("on a server whose reads lag", () => {
        const blind = () =>
            `${sandbox.url} does not return the record it just created; stopping to avoid duplicates. Its reads lag behind its writes, so ` +
            "after an interrupted run things would be created twice. Run again when the reads have caught up.";

        it("exactly one thing is created, while others wait", async () => {
            sandbox.readLag(60_000);
            const context = contextOn(connection);
            context.markIndex.drew("k3f9ab");
            const names = ["a", "b", "c", "d", "e"];
            const outcomes = await Promise.allSettled(names.map((name) => ledger.create(context, inputs(name))));
            const failures = outcomes.flatMap((it) => (it.status === "rejected" ? [String(it.reason.message)] : []));
            expect(failures).to.deep.equal([blind(), blind(), blind(), blind()]);
            expect((await errorOf(ledger.create(context, inputs("f")))).message).to.equal(blind());
            expect(posts()).to.have.length(1);
            expect(made()).to.have.length(1);
        });

        it("and show the first thing later, the others are created", async () => {
            // The second look is the first that is answered.
            const hidden = { data: [], total: 0 };
            sandbox.trouble({ match: { path: "/filter$" }, do: { kind: "answer", status: 200, body: hidden } });
            const context = contextOn(connection);
            context.markIndex.drew("k3f9ab");
            await Promise.all(["a", "b", "c"].map((name) => ledger.create(context, inputs(name))));
            expect(posts()).to.have.length(3);
        });
    });

    it("if the first create of a run fails, the next one is verified instead", async () => {
        sandbox.trouble({ match: { path: "/proxy/ledgers$" }, do: { kind: "answer", status: 400, body: refused } });
        const context = contextOn(connection);
        context.markIndex.drew("k3f9ab");
        const outcomes = await Promise.allSettled(["a", "b", "c"].map((name) => ledger.create(context, inputs(name))));
        expect(outcomes.map(({ status }) => status)).to.deep.equal(["rejected", "fulfilled", "fulfilled"]);
        expect(sandbox.requests().map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
            "POST /proxy/ledgers",
            "POST /proxy/ledgers",
            "POST /ledger/filter",
            "POST /ledger/filter",
            "POST /balances/filter",
            "POST /proxy/ledgers",
        ]);
    });
});

interface Ids {
    readonly ledger_id: string;
    readonly balance_id: string;
}

describe("creating a thing that has a natural key", () => {
    interface Inputs {
        readonly name: string;
        readonly mark: string;
    }
    let sandbox: Sandbox;
    let id: string;
    beforeEach(async () => {
        sandbox = await startSandbox();
        id = "idt_0d9e2c1a-5b7f-4c3d-8e6a-1f2b3c4d5e6f";
    });
    afterEach(() => sandbox.stop());

    const mark = markOf("k3f9ab", urn("Identity", "alice"), {});
    const schema = v.object({ identity_id: v.string(), created_at: v.string(), meta_data: metadataSchema });
    /** Identities, of which Blnk takes the id that a create names. */
    const table: Table<v.InferOutput<typeof schema>> = { ...identities, schema };
    const kind: Creatable<CreationContext, v.InferOutput<typeof schema>, Inputs, { name: string }> = {
        table,
        locate: (context, _inputs, own) => byNaturalKey(context, table, id, own),
        async post({ blnk }, { name, mark: pulumi }) {
            const body = { identity_id: id, identity_type: "individual", first_name: name, meta_data: { pulumi } };
            const made = await blnk.core({ method: "POST", path: "/identities", body, effect: "creates" });
            return parseRecord(table, made, true);
        },
        stateOf: (_record, { name }) => ({ name }),
        changes: () => [],
        update: async (_context, _id, state) => state,
    };
    const create = () => createOnce(contextOn(coreTo(sandbox, {}, PATIENT)), kind, { name: "Alice", mark });
    const posts = () => sandbox.writes().filter(({ path }) => path === "/identities");
    const held = () => sandbox.identities().map(({ identity_id }) => identity_id);

    it("looks for it, sends one POST, and takes it back by its key and mark the next time", async () => {
        expect((await create()).id).to.equal(id);
        expect((await create()).id).to.equal(id);
        expect(posts()).to.have.length(1);
        expect(held()).to.deep.equal([id]);
    });

    it("finds what a POST has created that was not answered", async () => {
        sandbox.trouble({ match: { path: "^/identities$" }, do: { kind: "dropAfter" } });
        expect((await create()).id).to.equal(id);
        expect(posts()).to.have.length(1);
    });

    it("sends it again to a busy server: it would meet itself", async () => {
        sandbox.trouble({ times: 1, match: { path: "^/identities$" }, do: { kind: "answer", status: 503 } });
        expect((await create()).id).to.equal(id);
        expect(held()).to.deep.equal([id]);
    });

    it("does not take what somebody else has created under the key", async () => {
        const body = { identity_id: id, identity_type: "individual", first_name: "Bob" };
        await post(coreTo(sandbox), "/identities", body);
        const { message } = await errorOf(create());
        expect(message).to.equal(
            `the identity ${id} already exists, but does not carry the mark of this resource. Nothing was created. ` +
                `Choose another id, or set adopt: "${id}" to manage it.`,
        );
        expect(posts()).to.have.length(1);
    });
});
