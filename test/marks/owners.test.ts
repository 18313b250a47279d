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

    it("the one with the older first thing continues; the other stops before it creates more, and names what it created", async () => {
        const { winners, losers, reasons } = await together([stackWith(), stackWith()]);
        const [[winner], [loser]] = [winners, losers] as [[Stack], [Stack]];
        expect([winners.length, losers.length, made().length]).to.deep.equal([1, 1, 4]);
        const [own] = [...loser.kept.values()].filter(({ kind }) => kind === "Ledger");
        const first = made()[0]?.ledger_id;
        expect([...winner.kept.values()].map(({ id }) => id)).to.include(first);
        expect(reasons).to.deep.equal([
            `cannot create ledger "b": another stack with this project and stack name created things at the same time, as ` +
                `owner ${instanceOf(winner)?.id}, and was first (${first}). After ${own?.id} nothing more is created here. If both ` +
                `are the same stack, run "pulumi destroy" here, which leaves the created things in Blnk, and continue with the ` +
                `state of the other. If they are different stacks, run "pulumi config set blnk:owner ${instanceOf(loser)?.id}" here, and "pulumi up" again.`,
        ]);

        // It creates nothing in later runs either, until its owner is configured.
        expect((await errorOf(loser.up(PROGRAM))).message).to.equal(reasons[0]);
        await loser.refresh();
        expect((await errorOf(loser.up(PROGRAM))).message).to.equal(reasons[0]);
        expect(made()).to.have.length(4);
        loser.reach = stackWith({ "blnk:owner": instanceOf(loser)?.id ?? "" }).reach;
        expect(await loser.up(PROGRAM)).to.deep.equal(["unchanged", "unchanged", "created", "created"]);
        expect(made()).to.have.length(6);
    });

    it("if each creates one thing without waiting for it, the younger one creates no second", async () => {
        const stacks = [stackWith(), stackWith()];
        await together(stacks, [instance, ledger("a")]);
        expect(made()).to.have.length(2);
        const outcomes = [];
        for (const stack of stacks) outcomes.push(await stack.up(PROGRAM).catch(() => "stopped"));
        expect(outcomes).to.have.deep.members([["unchanged", "unchanged", "created", "created"], "stopped"]);
        expect(made()).to.have.length(4);
    });

    it("a stack with a second thing is confirmed: it searches no more, and a refresh shows no drift", async () => {
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

    it("a stack of a single thing searches again before it creates a second", async () => {
        const stack = stackWith();
        await stack.up([instance, ledger("a")]);
        sandbox.clearRequests();
        await stack.up([instance, ledger("a"), ledger("d")]);
        expect(patterns()).to.have.length.at.least(2);
    });

    it("states from versions that did not record this count as confirmed", async () => {
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

    it("with the same configured owner, the run with the younger of two things of one mark stops", async () => {
        const owned = () => stackWith({ "blnk:owner": "k3f9ab" });
        // With a configured owner each run searches first. Delay both searches until both have begun.
        const looks = { kind: "delayAnswer", ms: 1_500 } as const;
        sandbox.trouble({ match: { body: '"in"' }, times: 2, do: looks });
        const { winners, losers, reasons } = await together([owned(), owned()]);
        expect([winners.length, losers.length, made().length]).to.deep.equal([1, 1, 4]);
        const [older, younger] = made().filter(({ name }) => name === "a");
        expect(reasons).to.deep.equal([
            `cannot create ledger "b": ${younger?.ledger_id} was created, but ${older?.ledger_id} carries the same mark and is older: ` +
                `another "pulumi up" of this stack is running at the same time. Nothing more is created here. Wait until the other ` +
                `one ends, set the key "pulumi" in the metadata of ${younger?.ledger_id} to null, and continue with the state of the other.`,
        ]);
    });

    it("if a new owner's list does not show its first thing, the run stops before the second create", async () => {
        sandbox.trouble({ match: { body: '"like"' }, times: "always", do: { kind: "shortList", rows: 0 } });
        const { message } = await errorOf(stackWith().up(PROGRAM));
        expect(message).to.contain("does not return the record it just created; stopping to avoid duplicates");
        expect(made()).to.have.length(1);
    });
});

describe("several owners of one stack", () => {
    const owner = fc.record({
        at: fc.constantFrom("2026-08-22T10:15:30Z", "2026-08-22T10:15:30.12Z", "2026-08-22T10:15:30.123Z"),
        id: fc.uuid(),
    });
    it("exactly one may continue", () => {
        fc.assert(
            fc.property(fc.uniqueArray(owner, { minLength: 1, maxLength: 5, selector: ({ id }) => id }), (firsts) => {
                const owners = new Map(firsts.map((first) => [`o-${first.id}`, { ids: new Set([first.id]), first }]));
                const goOn = [...owners.keys()].filter((name) => olderRival(owners, name) === undefined);
                expect(goOn).to.have.length(1);
            }),
        );
    });
});
