import { expect } from "chai";
import { CHANGED } from "./changedShop";
import { type FaultRun, fault, seeds, succeeded, type Verdict } from "./fault";
import { afterKill, endWhile, type Kill, ourWrites } from "./kill";
import { programOf, SHOP } from "./plan";

const MISSED = { missed: "it was over before it could be killed" };
/** A run of the shop makes 44 things and writes tags to 31 of them. */
const LAST_MAKING = 70;

describe("killed while things are made", () => {
    const variants: [name: string, environment: Record<string, string>, pauses: boolean][] = [
        ["kill -9 of the engine while making; up at once", {}, false],
        ["kill -9 of the engine while making; up after a pause", {}, true],
        ["kill -9 of the engine while making, no state saves; up at once", { PULUMI_SKIP_CHECKPOINTS: "true" }, false],
        [
            "kill -9 of the engine while making, no state saves; up after a pause",
            { PULUMI_SKIP_CHECKPOINTS: "true" },
            true,
        ],
    ];
    for (const [name, environment, pauses] of variants) {
        fault(name, (run) => killMaking(run, environment, pauses, { who: "engine", signal: "SIGKILL" }), {
            seeds: seeds(1),
        });
    }
    fault(
        "kill -9 of the provider host while making",
        (run) => killMaking(run, {}, false, { who: "host", signal: "SIGKILL" }),
        {
            seeds: seeds(0.5),
        },
    );
    fault("Ctrl-C while making", (run) => killMaking(run, {}, false, { who: "engine", signal: "SIGINT" }), {
        seeds: seeds(0.5),
    });
});

describe("killed while things are changed and removed, then the program reverted", () => {
    const victims: [
        name: string,
        environment: Record<string, string>,
        kill: Omit<Kill, "afterWrites">,
        share: number,
    ][] = [
        ["kill -9 of the engine while changing and removing; reverted", {}, { who: "engine", signal: "SIGKILL" }, 0.5],
        [
            "kill -9 of the engine while changing and removing, no state saves; reverted",
            { PULUMI_SKIP_CHECKPOINTS: "true" },
            { who: "engine", signal: "SIGKILL" },
            0.5,
        ],
        [
            "kill -9 of the provider host while changing and removing; reverted",
            {},
            { who: "host", signal: "SIGKILL" },
            0.25,
        ],
        ["Ctrl-C while changing and removing; reverted", {}, { who: "engine", signal: "SIGINT" }, 0.25],
    ];
    for (const [name, environment, kill, share] of victims) {
        fault(name, (run) => killChanging(run, environment, kill), { seeds: seeds(share) });
    }

    fault(
        "kill -9 of the engine while destroying; up",
        async (run) => {
            const stack = await run.openMade(SHOP);
            run.sandbox.latency(run.between(5, 40));
            const ended = await endWhile(run, stack, stack.destroy(), {
                who: "engine",
                signal: "SIGKILL",
                // Only tags are written in a destroy: nulls, merged per target.
                afterWrites: run.between(1, 25),
            });
            if (ended === undefined || ended.ok) return MISSED;
            await afterKill(stack, false);
            run.sandbox.latency(0);
            await run.upUntilClean(stack, { refresh: true });
            run.expectExactly({ stack, plan: SHOP });
            return undefined;
        },
        { seeds: seeds(0.25) },
    );
});

async function killMaking(
    run: FaultRun,
    environment: Record<string, string>,
    pauses: boolean,
    kill: Omit<Kill, "afterWrites">,
): Promise<Verdict | undefined> {
    const { sandbox } = run;
    sandbox.latency(run.between(0, 40));
    const stack = await run.open(SHOP, { environment });
    sandbox.clearRequests();
    const ended = await endWhile(run, stack, stack.up(), { ...kill, afterWrites: run.between(2, LAST_MAKING) });
    if (ended === undefined || ended.ok) return MISSED;
    const there = () => sandbox.balances().length + sandbox.ledgers().length;
    run.tell(`${there()} things there`);
    await afterKill(stack, pauses);
    // Without state saves the owner's word is lost with the state, and the next run names it.
    const again = await stack.up();
    const owner = /by owner (\w+)\./.exec(again.text)?.[1];
    if (owner !== undefined) {
        run.tell("the owner was named and configured");
        expect(environment).to.have.property("PULUMI_SKIP_CHECKPOINTS");
        await stack.configure("blnk:owner", owner);
    }
    if (!again.ok) await run.upUntilClean(stack);
    run.expectExactly({ stack, plan: SHOP });
    expectNoSecondPost(run);
    return undefined;
}

async function killChanging(
    run: FaultRun,
    environment: Record<string, string>,
    kill: Omit<Kill, "afterWrites">,
): Promise<Verdict | undefined> {
    const stack = await run.openMade(SHOP, { environment });
    run.sandbox.latency(run.between(5, 40));
    stack.program(programOf(CHANGED));
    const ended = await endWhile(run, stack, stack.up(), { ...kill, afterWrites: run.between(1, 40) });
    if (ended === undefined || ended.ok) return MISSED;
    run.tell(`${ourWrites(run)} writes in all`);
    await afterKill(stack, run.seed % 2 === 0);
    run.sandbox.latency(0);
    stack.program(programOf(SHOP));
    await run.upUntilClean(stack, { refresh: true });
    run.expectExactly({ stack, plan: SHOP, former: CHANGED });
    succeeded(await stack.preview());
    return undefined;
}

/** No mark was ever posted twice. */
function expectNoSecondPost({ sandbox }: FaultRun): void {
    const marks = sandbox
        .writes()
        .filter(({ path }) => /\/(ledgers|balances)$/.test(path))
        .map(({ body }) => (body as { meta_data?: { pulumi?: string } }).meta_data?.pulumi);
    expect(marks.filter((mark, n) => marks.indexOf(mark) !== n)).to.deep.equal([]);
}
