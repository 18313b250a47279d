import type { EngineStack } from "../engines/engineStack";
import { type FaultRun, fault } from "./fault";
import { changed, type Plan, programOf, SHOP, upTo } from "./plan";

/** How long Blnk takes between reading and writing a thing's metadata: writes meet in it. */
const RACE_MS = 20;

/** The things on which both write: the ledger with ten tags, and some that have one. */
const HOT = ["ledger-0", "ledger-2", "ledger-3", "ledger-4"];
const BARE = { ...SHOP, tags: [] };

function version(n: number): Plan {
    return changed(SHOP, {
        ledgers: (it) => ({ ...it, metadata: { ...it.metadata, region: `west ${n}` } }),
        tags: (it) => (HOT.includes(it.target) ? { ...it, value: `${it.value}, version ${n}` } : it),
    });
}

describe("an application that writes other keys of the same things", () => {
    // How many versions of the program are brought up while the other writes so often.
    const rates: [perSecond: number, versions: number][] = [
        [1, 2],
        [20, 4],
    ];
    for (const [perSecond, versions] of rates) {
        fault(`a foreign writer at ${perSecond} ${perSecond === 1 ? "write" : "writes"} a second`, async (run) => {
            const stack = await run.openMade(BARE);
            run.sandbox.metadataRace(RACE_MS);
            const writer = new Writer(run, stack, perSecond);
            writer.start();
            for (const n of upTo(versions)) {
                stack.program(programOf(version(n)));
                await run.upUntilClean(stack);
            }
            const written = await writer.stop();
            const lost = writer.lost();
            // The same again, while nobody of ours writes.
            const control = new Writer(run, stack, perSecond);
            control.start();
            while (control.count < written) await new Promise((resolve) => setTimeout(resolve, 20));
            await control.stop();
            const lostAlone = control.lost();
            for (const key of [...lost, ...lostAlone])
                run.app.keys.set(key.id, without(run.app.keys.get(key.id), key.key));
            run.expectExactly({ stack, plan: version(versions - 1) });
            run.tell(
                `the application lost ${lost.length} of ${written}, ${lostAlone.length} of ${control.count} alone`,
            );
            return {
                outcome:
                    `no tag of ours lost; the writer lost ${lost.length} of its ${written} keys, ` +
                    `${lostAlone.length} of ${control.count} in a control run without us`,
            };
        });
    }
});

/** Writes a new key at a time, small ones, now on this thing, now on that. */
class Writer {
    count = 0;
    private readonly written: { id: string; key: string }[] = [];
    private stopped = false;
    private working: Promise<void> | undefined;
    private readonly ids: readonly string[];
    private static writers = 0;
    private readonly prefix = `w${++Writer.writers}_`;

    constructor(
        private readonly run: FaultRun,
        stack: EngineStack,
        private readonly perSecond: number,
    ) {
        const remembered = stack.state();
        this.ids = HOT.flatMap((name) => remembered.get(`Ledger ${name}`)?.id ?? []);
    }

    start(): void {
        this.working = this.work();
    }

    async stop(): Promise<number> {
        this.stopped = true;
        await this.working;
        return this.count;
    }

    /** What was answered, and is not there any more. */
    lost(): { id: string; key: string }[] {
        const rows = new Map<string, object | null>([
            ...this.run.sandbox.ledgers().map((row): [string, object | null] => [row.ledger_id, row.meta_data]),
            ...this.run.sandbox.balances().map((row): [string, object | null] => [row.balance_id, row.meta_data]),
        ]);
        return this.written.filter(({ id, key }) => !(key in (rows.get(id) ?? {})));
    }

    private async work(): Promise<void> {
        while (!this.stopped) {
            const id = this.ids[this.run.between(0, this.ids.length - 1)] ?? "";
            const key = `${this.prefix}${this.count}`;
            await this.run.app.write(id, { [key]: 1 });
            this.written.push({ id, key });
            this.count++;
            await new Promise((resolve) => setTimeout(resolve, 1000 / this.perSecond));
        }
    }
}

function without(keys: Record<string, unknown> = {}, key: string): Record<string, unknown> {
    const { [key]: _lost, ...rest } = keys;
    return rest;
}
