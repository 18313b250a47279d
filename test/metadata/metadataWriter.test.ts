import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { type ApiRequest, Connection } from "../../provider/blnk/connection";
import type { Json } from "../../provider/wire/json";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { cloudSettings, coreTo, errorOf, post } from "../blnk/connections";
import { PATIENT } from "../blnk/policies";
import { contextOn, type RecordedContext } from "../kinds/contexts";

/** A connection on which something happens right after each write: what another writer does at that moment. */
class Interposed extends Connection {
    after: (write: number) => void = () => undefined;
    private writes = 0;

    override async core(request: ApiRequest): Promise<unknown> {
        const answer = await super.core(request);
        if (request.effect !== "none") this.after(++this.writes);
        return answer;
    }
}

describe("the only writer of a thing's metadata", () => {
    let sandbox: Sandbox;
    let connection: Interposed;
    let context: RecordedContext;
    let id: string;
    beforeEach(async () => {
        sandbox = await startSandbox();
        connection = new Interposed(cloudSettings(sandbox), PATIENT);
        context = contextOn(connection);
        id = await newLedger();
    });
    afterEach(() => sandbox.stop());

    const newLedger = async () => {
        const { ledger_id } = (await post(coreTo(sandbox), "/ledgers", { name: "l" })) as { ledger_id: string };
        sandbox.clearRequests();
        return ledger_id;
    };
    const change = (patch: Record<string, Json>, target = id) => context.metadata.change(context, target, () => patch);
    const held = (target = id) => sandbox.ledgers().find(({ ledger_id }) => ledger_id === target)?.meta_data;
    const sent = () => sandbox.writes().map(({ body }) => (body as { meta_data: unknown }).meta_data);
    const lines = () => sandbox.requests().map(({ method }) => method);

    it("ten changes at once are merged: at most four writes, no two of them in flight, and all are there", async () => {
        sandbox.latency(20);
        sandbox.metadataRace(5);
        const keys = Array.from({ length: 10 }, (_, n) => `k${n}`);
        await Promise.all(keys.map((key) => change({ [key]: key })));
        expect(held()).to.deep.equal(Object.fromEntries(keys.map((key) => [key, key])));
        const writes = sandbox.writes();
        expect(writes).to.have.length.of.at.most(4);
        for (const [index, { started }] of writes.entries()) {
            if (index > 0) expect(started).to.be.at.least(writes[index - 1]?.ended ?? Number.POSITIVE_INFINITY);
        }
    });

    it("changes that arrive during a write wait for it, and go together in the next", async () => {
        sandbox.latency(10);
        const first = change({ a: 1 });
        while (sandbox.writes().length === 0) await setTimeout(1);
        await Promise.all([first, change({ b: 1 }), change({ c: 1 }), change({ d: 1 })]);
        expect(sent()).to.deep.equal([{ a: 1 }, { b: 1, c: 1, d: 1 }]);
    });

    it("different things do not wait for each other", async () => {
        const other = await newLedger();
        sandbox.trouble({ match: { method: "POST", path: id }, do: { kind: "delayAnswer", ms: 500 } });
        const slow = change({ a: 1 });
        await change({ b: 1 }, other);
        expect(sandbox.writes().filter(({ ended }) => ended === undefined)).to.have.length(1);
        await slow;
        expect([held(), held(other)]).to.deep.equal([{ a: 1 }, { b: 1 }]);
    });

    it("a change is a read, a write and a read back; nothing is sent when nothing differs", async () => {
        sandbox.editMetadata(id, { a: { x: 1, y: [2] }, c: 1 });
        await change({ a: { y: [2], x: 1 }, gone: null });
        expect(lines()).to.deep.equal(["GET"]);
        await change({ a: { y: [2], x: 1 }, c: 2 });
        expect(sent()).to.deep.equal([{ c: 2 }]);
        expect(lines()).to.deep.equal(["GET", "GET", "POST", "GET"]);
    });

    it("only the keys that another writer undoes are written again, until they stay", async () => {
        connection.after = (write) => write <= 3 && sandbox.editMetadata(id, { a: write === 2 ? "theirs" : undefined });
        await Promise.all([change({ a: 1 }), change({ b: 2 })]);
        expect(held()).to.deep.equal({ a: 1, b: 2 });
        expect(sent()).to.deep.equal([{ a: 1, b: 2 }, { a: 1 }, { a: 1 }, { a: 1 }]);
    });

    it("another writer that never stops is reported after six writes, with the keys", async () => {
        connection.after = (write) => sandbox.editMetadata(id, { a: `theirs ${write}` });
        const [lost] = await Promise.allSettled([errorOf(change({ a: 1 })), change({ b: 2 })]);
        expect(lost).to.have.nested.property(
            "value.message",
            `another writer keeps overwriting the metadata of ${id} (a): this run wrote it 6 times. ` +
                "Run again when the other writer is less active, or store these keys elsewhere.",
        );
        expect(sent()).to.have.length(6);
        expect(held()).to.deep.equal({ a: "theirs 6", b: 2 });
    });

    describe("with reads that lag", () => {
        const waiting = () => {
            const statuses: string[] = [];
            const slow = new Interposed(cloudSettings(sandbox), { ...PATIENT, settleMs: 5, lagMs: 2000 });
            return {
                context: contextOn(slow, { status: (text) => void statuses.push(text) }),
                statuses,
                connection: slow,
            };
        };

        it("a write is waited for and not repeated", async () => {
            const { context, statuses } = waiting();
            sandbox.editMetadata(id, { theirs: 1 });
            sandbox.metadataLag(200);
            // What was there before is shown by now.
            await setTimeout(250);
            await context.metadata.change(context, id, () => ({ a: 1 }));
            expect(sent()).to.deep.equal([{ a: 1 }]);
            expect(context.messages).to.deep.equal([]);
            expect(new Set(statuses)).to.deep.equal(new Set([`waiting until Blnk shows what was written to ${id}`]));
        });

        it("a thing that this run has created is waited for; another missing thing does not exist", async () => {
            const { context } = waiting();
            sandbox.readLag(250);
            const [made, foreign] = [await newLedger(), await newLedger()];
            context.declarations.noteMade(made);
            const refusal = errorOf(
                context.metadata.change(context, foreign, (there) => {
                    if (there === undefined) throw new Error("not there");
                    return {};
                }),
            );
            await context.metadata.change(context, made, (there) => (there === undefined ? {} : { a: 1 }));
            expect(held(made)).to.deep.equal({ a: 1 });
            expect((await refusal).message).to.equal("not there");
        });

        it("several writes are waited for, one after another", async () => {
            const { context } = waiting();
            sandbox.metadataLag(100);
            for (const value of [1, 2, 3]) await context.metadata.change(context, id, () => ({ a: value }));
            expect(sent()).to.deep.equal([{ a: 1 }, { a: 2 }, { a: 3 }]);
            expect(held()).to.deep.equal({ a: 3 });
        });

        it("after the time limit the error names lag and no other writer, after at most two writes", async () => {
            sandbox.metadataLag(1000);
            const { message } = await errorOf(change({ a: 1 }));
            expect(message).to.match(
                new RegExp(
                    `^${sandbox.url} accepted the metadata of ${id} \\(a\\), but did not show it within 0 s\\. ` +
                        "Its reads lag behind its writes\\. Run again later: the stack remembers the write\\.$",
                ),
            );
            expect(sent().length).to.be.within(1, 2);
            expect(held()).to.deep.equal({ a: 1 });
        });

        it("a write that another writer reverted completely is repeated once, and stays", async () => {
            sandbox.editMetadata(id, { theirs: 1 });
            connection.after = (write) => write === 1 && sandbox.editMetadata(id, { a: undefined });
            await change({ a: 1 });
            expect(sent()).to.deep.equal([{ a: 1 }, { a: 1 }]);
            expect(held()).to.deep.equal({ theirs: 1, a: 1 });
        });

        it("a value of another writer is not lag: the key is written again at once", async () => {
            const { context, statuses, connection } = waiting();
            sandbox.editMetadata(id, { a: "old" });
            connection.after = (write) => write === 1 && sandbox.editMetadata(id, { a: "theirs" });
            await context.metadata.change(context, id, () => ({ a: 1 }));
            expect(statuses).to.deep.equal([]);
            expect(sent()).to.deep.equal([{ a: 1 }, { a: 1 }]);
        });
    });

    it("lost keys of other writers are reported; our own keys and nulls are not", async () => {
        sandbox.editMetadata(id, { theirs: 1, also: 2, nothing: null, stays: 3 });
        connection.after = (write) =>
            write === 1 &&
            sandbox.editMetadata(id, { theirs: undefined, also: undefined, nothing: undefined, a: undefined });
        await change({ a: 1 });
        expect(context.messages).to.deep.equal([
            `another writer changed the metadata of ${id} at the same time, and its keys also, theirs were lost: Blnk keeps ` +
                "only one of two simultaneous writes. The other writer must set them again",
        ]);
        expect(held()).to.deep.equal({ a: 1, stays: 3 });
    });

    it("a refused change does not fail the others", async () => {
        const outcomes = await Promise.allSettled([
            change({ a: 1 }),
            context.metadata.change(context, id, () => {
                throw new Error("taken");
            }),
            change({ b: "x".repeat(7000) }),
            change({ c: 3 }),
        ]);
        expect(outcomes.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "rejected", "fulfilled"]);
        expect(held()).to.deep.equal({ a: 1, c: 3 });
    });

    it("a failure fails all changes in the write, and the next change starts again", async () => {
        sandbox.trouble({ match: { method: "POST" }, do: { kind: "answer", status: 400 } });
        const outcomes = await Promise.allSettled([change({ a: 1 }), change({ b: 1 })]);
        expect(outcomes.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
        await change({ c: 1 });
        expect(held()).to.deep.equal({ c: 1 });
    });

    it("6 KB merged is allowed, one byte more is refused with both sizes, and making it smaller is allowed", async () => {
        const overhead = JSON.stringify({ ours: "", theirs: "" }).length;
        sandbox.editMetadata(id, { theirs: "x".repeat(5000) });
        await change({ ours: "y".repeat(6144 - 5000 - overhead) });
        sandbox.clearRequests();
        const error = await errorOf(change({ ours: "y".repeat(6145 - 5000 - overhead) }));
        expect(error.message).to.match(
            /would take 6145 bytes; the safe limit is 6144 bytes\. This change has \d+ bytes, and \d+ bytes are there already\. /,
        );
        expect(sandbox.writes()).to.deep.equal([]);
        sandbox.editMetadata(id, { theirs: "x".repeat(8000) });
        await change({ ours: null });
        expect(held()).to.include({ ours: null });
    });
});

describe("metadata with several resources and another writer", () => {
    const value = fc.oneof(fc.nat(9), fc.constant(null), fc.string({ maxLength: 3 }));
    const act = fc.record({
        who: fc.constantFrom("ours", "theirs"),
        key: fc.nat(3),
        value,
        isAwaited: fc.boolean(),
    });

    for (const race of [0, 2]) {
        it(`ends with all our keys, and with theirs unchanged ${race === 0 ? "always" : "unless the writes overlapped"}`, async () => {
            const sandbox = await startSandbox();
            await fc.assert(
                fc.asyncProperty(fc.array(act, { maxLength: 14 }), async (acts) => {
                    sandbox.metadataRace(race);
                    const policy = { ...PATIENT, settleMs: race * 4 };
                    const context = contextOn(new Connection(cloudSettings(sandbox), policy));
                    const stranger = coreTo(sandbox);
                    const made = (await post(stranger, "/ledgers", { name: "l" })) as { ledger_id: string };
                    const id = made.ledger_id;
                    const model = new Map<string, Json>();
                    const underWay: Promise<unknown>[] = [];
                    for (const { who, key, value, isAwaited } of acts) {
                        const name = `${who}${key}`;
                        if (race === 0 || who === "ours") model.set(name, value);
                        const done =
                            who === "ours"
                                ? context.metadata.change(context, id, () => ({ [name]: value }))
                                : post(stranger, `/${id}/metadata`, { meta_data: { [name]: value } });
                        underWay.push(done);
                        // A stranger's writes would undo each other; each of theirs waits for the one before.
                        if (isAwaited || who === "theirs") await done;
                    }
                    await Promise.all(underWay);
                    const held = sandbox.ledgers().find(({ ledger_id }) => ledger_id === id)?.meta_data ?? {};
                    for (const [name, expected] of model) expect(held[name] ?? null, name).to.equal(expected);
                }),
                { numRuns: 40 },
            );
            await sandbox.stop();
        });
    }
});
