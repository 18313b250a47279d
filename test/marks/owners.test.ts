import { expect } from "chai";
import fc from "fast-check";
import { olderRival } from "../../provider/marks/owners";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { errorOf } from "../blnk/connections";
import { type Declared, Stack } from "../kinds/stack";

const instance: Declared = { kind: "Instance", name: "blnk", inputs: { stack: "shop/dev" } };
const ledger = (name: string): Declared => ({ kind: "Ledger", name, inputs: { name } });
const PROGRAM = [instance, ledger("a"), ledger("b"), ledger("c")];

describe("two first ups at once, of one project and stack in two backends", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    const stackWith = (config: Readonly<Record<string, string>> = {}) =>
        new Stack(
            {
                config: { "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url, ...config },
                environment: { BLNK_ACCESS_TOKEN: sandbox.token },
            },
            "shop",
            "dev",
        );
    const made = () => sandbox.ledgers().slice(1);
    const instanceOf = (stack: Stack) => stack.kept.get(stack.urn(instance));
    /** Both begin before either has made anything: what they ask then is slow. */
    const together = async (stacks: readonly Stack[], program: readonly Declared[] = PROGRAM) => {
        const slow = { kind: "delayAnswer", ms: 1_500 } as const;
        sandbox.trouble({ match: { body: '"like"' }, times: 2 * stacks.length, do: slow });
        const outcomes = await Promise.allSettled(stacks.map((stack) => stack.up(program)));
        const winners = stacks.filter((_, n) => outcomes[n]?.status === "fulfilled");
        const losers = stacks.filter((_, n) => outcomes[n]?.status === "rejected");
        const reasons = outcomes.flatMap((it) => (it.status === "rejected" ? [String(it.reason.message)] : []));
        return { winners, losers, reasons };
    };

    /** The questions for everything of the stack. */
    const patterns = () => sandbox.requests().filter(({ body }) => JSON.stringify(body ?? "").includes('"like"'));

    it("the one whose first thing is older goes on, the other stops before it makes more and says what it made", async () => {
        const { winners, losers, reasons } = await together([stackWith(), stackWith()]);
        const [[winner], [loser]] = [winners, losers] as [[Stack], [Stack]];
        expect([winners.length, losers.length, made().length]).to.deep.equal([1, 1, 4]);
        const [own] = [...loser.kept.values()].filter(({ kind }) => kind === "Ledger");
        const first = made()[0]?.ledger_id;
        expect([...winner.kept.values()].map(({ id }) => id)).to.include(first);
        expect(reasons).to.deep.equal([
            `cannot create ledger "b": another stack of this project and name made things at the same time, as owner ` +
                `${instanceOf(winner)?.id}, and was first (${first}). Nothing more is made here than ${own?.id}. If both are one ` +
                `stack, run "pulumi destroy" here, which leaves in Blnk what was made, and go on with the state of the other. ` +
                `If they are two, run "pulumi config set blnk:owner ${instanceOf(loser)?.id}" here, and "pulumi up" again.`,
        ]);

        // Not confirmed, it makes nothing in later runs either, until somebody says that both are meant.
        expect((await errorOf(loser.up(PROGRAM))).message).to.equal(reasons[0]);
        await loser.refresh();
        expect((await errorOf(loser.up(PROGRAM))).message).to.equal(reasons[0]);
        expect(made()).to.have.length(4);
        loser.reach = stackWith({ "blnk:owner": instanceOf(loser)?.id ?? "" }).reach;
        expect(await loser.up(PROGRAM)).to.deep.equal(["unchanged", "unchanged", "created", "created"]);
        expect(made()).to.have.length(6);
    });

    it("where each makes one thing, which it does not wait for, the younger one makes no second", async () => {
        const stacks = [stackWith(), stackWith()];
        await together(stacks, [instance, ledger("a")]);
        expect(made()).to.have.length(2);
        const outcomes = [];
        for (const stack of stacks) outcomes.push(await stack.up(PROGRAM).catch(() => "stopped"));
        expect(outcomes).to.have.deep.members([["unchanged", "unchanged", "created", "created"], "stopped"]);
        expect(made()).to.have.length(4);
    });

    it("a stack that has created a second thing is confirmed by that: it looks no more, and a refresh shows no drift", async () => {
        const stack = stackWith();
        await stack.up(PROGRAM);
        sandbox.clearRequests();
        expect(await stack.up(PROGRAM)).to.deep.equal(PROGRAM.map(() => "unchanged"));
        expect(sandbox.writes()).to.deep.equal([]);
        expect(await stack.refresh()).to.deep.equal(PROGRAM.map(() => "same"));
        sandbox.clearRequests();
        expect(await stack.up([...PROGRAM, ledger("d")])).to.deep.equal([...PROGRAM.map(() => "unchanged"), "created"]);
        expect(patterns()).to.deep.equal([]);
    });

    it("a stack of a single thing looks again before it creates a second", async () => {
        const stack = stackWith();
        await stack.up([instance, ledger("a")]);
        sandbox.clearRequests();
        await stack.up([instance, ledger("a"), ledger("d")]);
        expect(patterns()).to.have.length.at.least(2);
    });

    it("states from before that was recorded count as confirmed", async () => {
        const stack = stackWith();
        await stack.up(PROGRAM);
        const kept = instanceOf(stack);
        if (kept === undefined) throw new Error("there is no Instance");
        const { confirmed: _confirmed, ...outputs } = kept.outputs;
        stack.kept.set(stack.urn(instance), { ...kept, outputs });
        sandbox.clearRequests();
        await stack.up([...PROGRAM, ledger("d")]);
        expect(patterns()).to.deep.equal([]);
    });

    it("with one owner by configuration, the younger of two things of one mark stops its run", async () => {
        const owned = () => stackWith({ "blnk:owner": "k3f9ab" });
        // A named owner's things are looked for first: both have looked before either makes one.
        const looks = { kind: "delayAnswer", ms: 1_500 } as const;
        sandbox.trouble({ match: { body: '"in"' }, times: 2, do: looks });
        const { winners, losers, reasons } = await together([owned(), owned()]);
        expect([winners.length, losers.length, made().length]).to.deep.equal([1, 1, 4]);
        const [older, younger] = made().filter(({ name }) => name === "a");
        expect(reasons).to.deep.equal([
            `cannot create ledger "b": ${younger?.ledger_id} was made, and ${older?.ledger_id} carries the same mark and is older: ` +
                `another "pulumi up" of this stack makes its things at the same time. Nothing more is made here. Let the other one ` +
                `end, set the key "pulumi" in the metadata of ${younger?.ledger_id} to null, and go on with the state of the other.`,
        ]);
    });

    it("a new owner's list that does not show what was made first stops the run before the second is made", async () => {
        sandbox.trouble({ match: { body: '"like"' }, times: "always", do: { kind: "shortList", rows: 0 } });
        const { message } = await errorOf(stackWith().up(PROGRAM));
        expect(message).to.contain("does not show what it has just made");
        expect(made()).to.have.length(1);
    });
});

describe("of several owners of one stack", () => {
    const owner = fc.record({
        at: fc.constantFrom("2026-08-22T10:15:30Z", "2026-08-22T10:15:30.12Z", "2026-08-22T10:15:30.123Z"),
        id: fc.uuid(),
    });
    it("exactly one goes on, whoever asks", () => {
        fc.assert(
            fc.property(fc.uniqueArray(owner, { minLength: 1, maxLength: 5, selector: ({ id }) => id }), (firsts) => {
                const owners = new Map(firsts.map((first) => [`o-${first.id}`, { ids: new Set([first.id]), first }]));
                const goOn = [...owners.keys()].filter((name) => olderRival(owners, name) === undefined);
                expect(goOn).to.have.length(1);
            }),
        );
    });
});
