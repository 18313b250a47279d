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

describe("the one writer of a thing's metadata", () => {
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

    it("changes that come while a write is out wait for it, and go together in the next", async () => {
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

    it("a change is a read, a write and a look whether it stayed; nothing is sent where nothing differs", async () => {
        sandbox.editMetadata(id, { a: { x: 1, y: [2] }, c: 1 });
        await change({ a: { y: [2], x: 1 }, gone: null });
        expect(lines()).to.deep.equal(["GET"]);
        await change({ a: { y: [2], x: 1 }, c: 2 });
        expect(sent()).to.deep.equal([{ c: 2 }]);
        expect(lines()).to.deep.equal(["GET", "GET", "POST", "GET"]);
    });

    it("what another writer undoes is written again, alone, until it stays", async () => {
        connection.after = (write) => write <= 3 && sandbox.editMetadata(id, { a: write === 2 ? "theirs" : undefined });
        await Promise.all([change({ a: 1 }), change({ b: 2 })]);
        expect(held()).to.deep.equal({ a: 1, b: 2 });
        expect(sent()).to.deep.equal([{ a: 1, b: 2 }, { a: 1 }, { a: 1 }, { a: 1 }]);
    });

    it("another writer that never rests is reported after six writes, naming the keys", async () => {
        connection.after = (write) => sandbox.editMetadata(id, { a: `theirs ${write}` });
        const [lost] = await Promise.allSettled([errorOf(change({ a: 1 })), change({ b: 2 })]);
        expect(lost).to.have.nested.property(
            "value.message",
            `somebody else keeps writing the metadata of ${id}, and undoes ours (a); it was written 6 times. ` +
                "Run again when the other writer is quieter, or keep these keys elsewhere.",
        );
        expect(sent()).to.have.length(6);
        expect(held()).to.deep.equal({ a: "theirs 6", b: 2 });
    });

    describe("where reads show metadata late", () => {
        const waiting = () => {
            const statuses: string[] = [];
            const slow = new Interposed(cloudSettings(sandbox), { ...PATIENT, settleMs: 5, lagMs: 2000 });
            return {
                context: contextOn(slow, { status: (text) => void statuses.push(text) }),
                statuses,
                connection: slow,
            };
        };

        it("a write is waited for, and is not repeated", async () => {
            const { context, statuses } = waiting();
            sandbox.editMetadata(id, { theirs: 1 });
            sandbox.metadataLag(200);
            // What was there before is shown by now.
            await setTimeout(250);
            await context.metadata.change(context, id, () => ({ a: 1 }));
            expect(sent()).to.deep.equal([{ a: 1 }]);
            expect(context.messages).to.deep.equal([]);
            expect(new Set(statuses)).to.deep.equal(new Set([`waiting for ${id} to show what was written`]));
        });

        it("a thing that this run has made is waited for until it shows; one that it has not made is not there", async () => {
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

        it("one after another are each waited for", async () => {
            const { context } = waiting();
            sandbox.metadataLag(100);
            for (const value of [1, 2, 3]) await context.metadata.change(context, id, () => ({ a: value }));
            expect(sent()).to.deep.equal([{ a: 1 }, { a: 2 }, { a: 3 }]);
            expect(held()).to.deep.equal({ a: 3 });
        });

        it("beyond the time that is waited for, lag is named and nobody is accused; it was written at most twice", async () => {
            sandbox.metadataLag(1000);
            const { message } = await errorOf(change({ a: 1 }));
            expect(message).to.match(
                new RegExp(
                    `^${sandbox.url} accepted the metadata of ${id} \\(a\\), and still did not show it after 0 s\\. ` +
                        "Its reads lag behind its writes\\. Run again later: the stack remembers the write\\.$",
                ),
            );
            expect(sent().length).to.be.within(1, 2);
            expect(held()).to.deep.equal({ a: 1 });
        });

        it("another writer that put all back is not taken for lag for ever: the write is repeated once, and stays", async () => {
            sandbox.editMetadata(id, { theirs: 1 });
            connection.after = (write) => write === 1 && sandbox.editMetadata(id, { a: undefined });
            await change({ a: 1 });
            expect(sent()).to.deep.equal([{ a: 1 }, { a: 1 }]);
            expect(held()).to.deep.equal({ theirs: 1, a: 1 });
        });

        it("a rival's value is told from lag: it is written again at once", async () => {
            const { context, statuses, connection } = waiting();
            sandbox.editMetadata(id, { a: "old" });
            connection.after = (write) => write === 1 && sandbox.editMetadata(id, { a: "theirs" });
            await context.metadata.change(context, id, () => ({ a: 1 }));
            expect(statuses).to.deep.equal([]);
            expect(sent()).to.deep.equal([{ a: 1 }, { a: 1 }]);
        });
    });

    it("keys of others that vanish while we write are reported, keys of ours and nulls are not", async () => {
        sandbox.editMetadata(id, { theirs: 1, also: 2, nothing: null, stays: 3 });
        connection.after = (write) =>
            write === 1 &&
            sandbox.editMetadata(id, { theirs: undefined, also: undefined, nothing: undefined, a: undefined });
        await change({ a: 1 });
        expect(context.messages).to.deep.equal([
            `while the metadata of ${id} was written, somebody else wrote it too, and their also, theirs vanished: Blnk keeps ` +
                "only one of two writes at once. Have them write it again",
        ]);
        expect(held()).to.deep.equal({ a: 1, stays: 3 });
    });

    it("one change that is refused does not fail the others", async () => {
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

    it("a failure is told to all that were in the write, and the next change begins anew", async () => {
        sandbox.trouble({ match: { method: "POST" }, do: { kind: "answer", status: 400 } });
        const outcomes = await Promise.allSettled([change({ a: 1 }), change({ b: 1 })]);
        expect(outcomes.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
        await change({ c: 1 });
        expect(held()).to.deep.equal({ c: 1 });
    });

    it("6 KB merged is allowed, a byte more is refused naming both parts, and what makes less of it is allowed", async () => {
        const overhead = JSON.stringify({ ours: "", theirs: "" }).length;
        sandbox.editMetadata(id, { theirs: "x".repeat(5000) });
        await change({ ours: "y".repeat(6144 - 5000 - overhead) });
        sandbox.clearRequests();
        const error = await errorOf(change({ ours: "y".repeat(6145 - 5000 - overhead) }));
        expect(error.message).to.match(
            /would take 6145 bytes, more than the 6144 that are safe: \d+ bytes are ours, \d+ are there already\. /,
        );
        expect(sandbox.writes()).to.deep.equal([]);
        sandbox.editMetadata(id, { theirs: "x".repeat(8000) });
        await change({ ours: null });
        expect(held()).to.include({ ours: null });
    });
});

describe("metadata that several resources and a stranger write", () => {
    const value = fc.oneof(fc.nat(9), fc.constant(null), fc.string({ maxLength: 3 }));
    const act = fc.record({
        who: fc.constantFrom("ours", "theirs"),
        key: fc.nat(3),
        value,
        isAwaited: fc.boolean(),
    });

    for (const race of [0, 2]) {
        it(`ours is all there in the end, theirs untouched ${race === 0 ? "always" : "unless the writes met"}`, async () => {
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
