import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import type { EngineStack, Outcome } from "../engines/engineStack";
import { asked, balancesOf, done, holds, ledgersOf, onSandbox, PROBE, refused, written } from "./stage";

const OTHER = "inst_other";

const shop = async () => {
    const ledger = new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
    const balance = new blnk.Balance("alice", { ledger, currency: "USD" });
    new blnk.MetadataTag("billing", { target: balance, key: "billing", value: { plan: "pro" } });
};

/** What the state holds of our resources: what must not change when a run is refused. */
const kept = async (stack: EngineStack) =>
    [...stack.state()].map(([label, { id, inputs, outputs }]) => ({ label, id, inputs, outputs }));

describe("a stack and its instance under the real engine", () => {
    const stage = onSandbox();

    /** Checks that a run was refused because of the instance, and that nothing came of it. */
    async function turnedAway(stack: EngineStack, run: () => Promise<Outcome>, lives: string, named: string | RegExp) {
        const before = await kept(stack);
        stage.sandbox.clearRequests();
        const outcome = await run();
        expect(outcome.ok, outcome.text).to.equal(false);
        const name = typeof named === "string" ? named : named.source;
        const told = `this stack's resources live in ${lives}, but the configuration names ${name}; nothing was changed`;
        holds(outcome.text, new RegExp(told));
        expect(written(stage.sandbox)).to.deep.equal([]);
        expect(await kept(stack)).to.deep.equal(before);
        return outcome;
    }

    it("a configuration that names another instance is refused by every operation, and nothing is asked of either", async () => {
        stage.sandbox.addInstance(OTHER);
        const { instance } = stage.sandbox;
        const stack = await stage.open(shop);
        done(await stack.up());
        const ledger = stack.urnOf("Ledger customers");
        await stack.configure("blnk:instanceId", OTHER);
        stack.program(async () => {
            new blnk.Ledger("customers", { name: "Renamed" });
            new blnk.Ledger("more");
        });
        for (const run of [
            () => stack.preview(),
            () => stack.up(),
            () => stack.preview({ target: [ledger] }),
            () => stack.up({ target: [ledger] }),
            () => stack.refresh({ runProgram: true }),
            () => stack.destroy({ runProgram: true }),
        ]) {
            await turnedAway(stack, run, instance, OTHER);
            expect(asked(stage.sandbox)).to.deep.equal([]);
        }
        expect(ledgersOf(stage.sandbox, OTHER)).to.deep.equal([]);
    });

    it("an environment that names another instance is refused by every operation, refresh and destroy without the program too", async () => {
        stage.sandbox.addInstance(OTHER);
        const { instance, url, token } = stage.sandbox;
        const stack = await stage.open(shop, {
            config: { "blnk:cloudUrl": url },
            environment: { BLNK_INSTANCE_ID: instance, BLNK_ACCESS_TOKEN: token },
        });
        done(await stack.up());
        const ledger = stack.urnOf("Ledger customers");
        stack.setEnvironment("BLNK_INSTANCE_ID", OTHER);
        for (const run of [
            () => stack.preview(),
            () => stack.up(),
            () => stack.up({ target: [ledger] }),
            () => stack.refresh(),
            () => stack.destroy(),
        ]) {
            await turnedAway(stack, run, instance, OTHER);
            expect(asked(stage.sandbox)).to.deep.equal([]);
        }
        stack.setEnvironment("BLNK_INSTANCE_ID", instance);
        expect(done(await stack.up({ refresh: true })).changes).to.deep.include({ same: 5 });
    });

    it("after a refused up the engine remembers the wrong name: refresh says how to go on, and the right one then works", async () => {
        const { sandbox } = stage;
        sandbox.addInstance(OTHER);
        const stack = await stage.open(shop);
        done(await stack.up());
        await stack.configure("blnk:instanceId", OTHER);
        await turnedAway(stack, () => stack.up(), sandbox.instance, OTHER);
        await stack.configure("blnk:instanceId", sandbox.instance);
        const refresh = await turnedAway(stack, () => stack.refresh(), sandbox.instance, OTHER);
        expect(done(await stack.refresh({ runProgram: true })).changes).to.deep.equal({ same: 5 });
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: 5 });
        // What used to be told was to name the right instance, which had been done.
        holds(refresh.text, "--run-program");
    });

    it("a Core whose database is another is refused by every operation", async () => {
        const second = await stage.another();
        const stack = await stage.open(shop, { mode: "core" });
        done(await stack.up());
        const ledger = stack.urnOf("Ledger customers");
        const lives = String(stack.state().get("Instance blnk")?.outputs.server);
        expect(lives).to.match(/^core_[0-9a-f]{12}$/);
        await stack.configure("blnk:coreUrl", second.coreUrl);
        for (const run of [
            () => stack.preview(),
            () => stack.up(),
            () => stack.up({ target: [ledger] }),
            () => stack.refresh({ runProgram: true }),
            () => stack.destroy({ runProgram: true }),
        ]) {
            await turnedAway(stack, run, lives, /core_[0-9a-f]{12}/);
            expect(asked(stage.sandbox)).to.deep.equal([]);
            expect(new Set(asked(second))).to.deep.equal(new Set(["GET /ledgers/general_ledger_id 200"]));
            second.clearRequests();
        }
        expect(ledgersOf(second)).to.deep.equal([]);
    });

    it("blnk:movedFrom binds the stack to where its database moved, and replaces and writes nothing", async () => {
        const { sandbox } = stage;
        const moved = await stage.another({
            instance: "inst_moved",
            core: { url: sandbox.coreUrl, key: sandbox.coreKey },
            token: sandbox.token,
        });
        const stack = await stage.open(shop);
        done(await stack.up());
        const ids = new Map([...stack.state()].map(([label, { id }]) => [label, id]));
        await stack.configure("blnk:instanceId", moved.instance);
        await stack.configure("blnk:cloudUrl", moved.url);
        await stack.configure("blnk:movedFrom", sandbox.instance);
        sandbox.clearRequests();
        expect(done(await stack.preview()).changes).to.deep.equal({ same: 1, update: 4 });
        expect(done(await stack.up()).changes).to.deep.equal({ same: 1, update: 4 });
        expect(written(moved)).to.deep.equal([]);
        expect(written(sandbox)).to.deep.equal([]);
        expect(new Map([...stack.state()].map(([label, { id }]) => [label, id]))).to.deep.equal(ids);

        await stack.configure("blnk:movedFrom", undefined);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: 5 });
        expect(stack.stateText()).not.to.include(`${sandbox.instance}/`);
    });

    it("a stack may move from Blnk Cloud to the Core behind it", async () => {
        const { sandbox } = stage;
        const stack = await stage.open(shop);
        done(await stack.up());
        await stack.configure("blnk:instanceId", undefined);
        await stack.configure("blnk:cloudUrl", undefined);
        await stack.configure("blnk:coreUrl", sandbox.coreUrl);
        await stack.configure("blnk:movedFrom", sandbox.instance);
        stack.setEnvironment("BLNK_ACCESS_TOKEN", undefined);
        stack.setEnvironment("BLNK_CORE_KEY", sandbox.coreKey);
        sandbox.clearRequests();
        expect(done(await stack.up()).changes).to.deep.equal({ same: 1, update: 4 });
        expect(written(sandbox)).to.deep.equal([]);
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: 5 });
    });

    it("a stack that lost its state is refused, naming the owner, and makes nothing", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const owner = stack.idOf("Instance blnk");
        stack.loseState();
        stage.sandbox.clearRequests();
        refused(
            await stack.up(),
            `${stage.sandbox.instance} already holds 2 things marked shop/dev by owner ${owner}`,
            `"pulumi config set blnk:owner ${owner}"`,
        );
        expect(written(stage.sandbox)).to.deep.equal([]);
        expect([...stack.state().keys()]).to.deep.equal([]);
    });

    it("the second of two stacks of one name is refused; with an owner of its own, set first, it lives beside", async () => {
        const first = await stage.open(shop);
        done(await first.up());
        const owner = first.idOf("Instance blnk");
        const second = await stage.open(shop);
        refused(await second.up(), `already holds 2 things marked shop/dev by owner ${owner}`);
        expect(ledgersOf(stage.sandbox)).to.have.length(1);
        await second.configure("blnk:owner", "second");
        done(await second.up());
        expect(second.idOf("Instance blnk")).to.equal("second");
        const marks = ledgersOf(stage.sandbox).map(({ mark }) => String(mark).replace(/#.*/, ""));
        expect(marks).to.deep.equal([`shop/dev/customers@${owner}`, "shop/dev/customers@second"]);
        expect(done(await first.up()).changes).to.deep.equal({ same: 5 });
    });

    it("blnk:owner changed after the stack was made is refused in preview and up", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const owner = stack.idOf("Instance blnk");
        await stack.configure("blnk:owner", "another");
        stage.sandbox.clearRequests();
        const told = `This stack's resources belong to owner ${owner}, but blnk:owner is another`;
        refused(await stack.preview(), told);
        refused(await stack.up(), told);
        expect(asked(stage.sandbox)).to.deep.equal([]);
        await stack.configure("blnk:owner", owner);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
    });

    it("an Instance tries its right to write once, and not again while nothing changes", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        done(await stack.up());
        expect(asked(stage.sandbox).filter((request) => request === PROBE)).to.have.length(1);
        expect(balancesOf(stage.sandbox)).to.have.length(1);
    });
});
