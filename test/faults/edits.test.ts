import { expect } from "chai";
import type { EngineStack } from "../engines/engineStack";
import { type FaultRun, fault, succeeded } from "./fault";
import { changed, type Plan, programOf, SHOP } from "./plan";

describe("edits that make and remove the same thing", () => {
    fault("tags renamed without alias", async (run) => {
        const stack = await run.openMade(SHOP);
        const renamed = changed(SHOP, {
            tags: (it, n) => (n % 3 === 0 ? { ...it, name: `renamed-${it.name}` } : it),
        });
        await edit(run, stack, renamed);
        await edit(run, stack, SHOP);
        return undefined;
    });

    fault("tags moved into Ledger.metadata and back", async (run) => {
        const stack = await run.openMade(SHOP);
        // Five of the ten tags on one ledger, and its neighbours' only ones.
        const moves = SHOP.tags.filter(({ target }, n) => target.startsWith("ledger-") && n % 2 === 0);
        const moved = changed(SHOP, {
            ledgers: (it) => {
                const mine = moves.filter(({ target }) => target === it.name).map(({ key, value }) => [key, value]);
                return mine.length === 0 ? it : { ...it, metadata: { ...it.metadata, ...Object.fromEntries(mine) } };
            },
            tags: (it) => (moves.includes(it) ? undefined : it),
        });
        await edit(run, stack, moved);
        await edit(run, stack, SHOP);
        return undefined;
    });

    fault("ledgers renamed by alias, and new ones under the old names in the next run", async (run) => {
        const stack = await run.openMade(SHOP);
        const isRenamed = (n: number) => n % 4 === 2;
        const balances = (it: Plan["balances"][number]) =>
            isRenamed(Number(it.ledger.replace("ledger-", ""))) ? { ...it, ledger: `${it.ledger}-renamed` } : it;
        const tags = (it: Plan["tags"][number]) =>
            SHOP.ledgers.some(({ name }, n) => name === it.target && isRenamed(n))
                ? { ...it, target: `${it.target}-renamed` }
                : it;
        const renamed = changed(SHOP, {
            ledgers: (it, n) =>
                isRenamed(n) ? { ...it, name: `${it.name}-renamed`, options: { aliases: [{ name: it.name }] } } : it,
            balances,
            tags,
        });
        const posted = () => run.sandbox.writes().filter(({ path }) => /\/(ledgers|balances)$/.test(path)).length;
        await edit(run, stack, renamed);
        expect(posted()).to.equal(0);
        const more: Plan = {
            ...renamed,
            ledgers: [...renamed.ledgers, ...SHOP.ledgers.filter((_, n) => isRenamed(n))],
        };
        await edit(run, stack, more);
        expect(posted()).to.equal(SHOP.ledgers.filter((_, n) => isRenamed(n)).length);
        return undefined;
    });
});

describe("forced replacements", () => {
    const kinds: [kind: string, label: string][] = [
        ["Ledger", "Ledger ledger-0"],
        ["Balance", "Balance balance-3"],
        ["MetadataTag", "MetadataTag many-4"],
    ];
    for (const deleteBeforeReplace of [false, true]) {
        for (const [kind, label] of kinds) {
            const how = deleteBeforeReplace ? "deleted before it is made" : "made before it is deleted";
            fault(`--replace of a ${kind}, ${how}`, async (run) => {
                const options = { deleteBeforeReplace };
                const plan = changed(SHOP, {
                    ledgers: (it) => ({ ...it, options }),
                    balances: (it) => ({ ...it, options }),
                    tags: (it) => ({ ...it, options }),
                });
                const stack = await run.openMade(plan);
                const outcome = succeeded(await stack.up({ replace: [stack.urnOf(label)] }));
                expect(outcome.text).to.match(/[1-9]\d* replaced/);
                run.expectExactly({ stack, plan });
                expect(run.sandbox.writes().filter(({ path }) => /\/(ledgers|balances)$/.test(path))).to.deep.equal([]);
                succeeded(await stack.up({ refresh: true }));
                run.expectExactly({ stack, plan });
                return { outcome: "the same thing goes on; nothing made" };
            });
        }
    }
});

/** Brings up another version of the program, and looks; then once more, as what an up leaves pending shows in the next. */
async function edit(run: FaultRun, stack: EngineStack, plan: Plan): Promise<void> {
    stack.program(programOf(plan));
    await run.upUntilClean(stack, { refresh: true });
    run.expectExactly({ stack, plan, former: SHOP });
    const { text } = succeeded(await stack.up());
    expect(text).not.to.match(/(created|updated|replaced|deleted)\n/);
    run.expectExactly({ stack, plan, former: SHOP });
}
