import { createHash } from "node:crypto";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import type { EngineStack, Outcome, UpOptions } from "../engines/engineStack";
import { Application } from "./application";
import { type Claim, differences } from "./comparison";
import { openShop, type StackSettings } from "./engines";
import { type Plan, programOf } from "./plan";
import { lineFor, say } from "./report";

const SEEDS = Number(process.env.FAULTS_SEEDS ?? 2);
const FIRST_SEED = Number(process.env.FAULTS_FIRST_SEED ?? 1);

/** The longest that one run of a fault may take, on a busy machine. */
const LONGEST_MS = 300_000;
/** After so many ups a stack must be clean. */
const MOST_UPS = 4;

/** What a run comes to: words for the table, or why it does not count. */
export type Verdict = { readonly outcome: string } | { readonly missed: string };

/** One run of a fault: a server with another application's things on it, and stacks. */
export class FaultRun {
    private readonly stacks: EngineStack[] = [];
    private readonly told: string[] = [];

    private constructor(
        readonly name: string,
        readonly seed: number,
        readonly sandbox: Sandbox,
        readonly app: Application,
        /** Numbers from 0 to below 1, the same for the same seed. */
        readonly random: () => number,
    ) {}

    static async begin(seed: number, name: string): Promise<FaultRun> {
        // A run that was killed leaves the Automation API's listeners on the process.
        process.setMaxListeners(0);
        const sandbox = await startSandbox();
        const app = new Application(sandbox);
        await app.settle();
        return new FaultRun(name, seed, sandbox, app, randomFrom(`${name} ${seed}`));
    }

    /** A whole number from `least` to `most`. */
    between(least: number, most: number): number {
        return least + Math.floor(this.random() * (most - least + 1));
    }

    async open(plan: Plan, settings: StackSettings = {}): Promise<EngineStack> {
        return this.openWith(programOf(plan), settings);
    }

    async openWith(program: PulumiFn, settings: StackSettings = {}): Promise<EngineStack> {
        const stack = await openShop(program, this.sandbox, settings);
        this.stacks.push(stack);
        return stack;
    }

    /** A stack that has been brought up without trouble, and on whose things the application has put keys. */
    async openMade(plan: Plan, settings: StackSettings = {}): Promise<EngineStack> {
        const stack = await this.open(plan, settings);
        succeeded(await stack.up());
        this.app.touchAll();
        this.sandbox.clearRequests();
        return stack;
    }

    /** Runs `up` until it succeeds, a few times at most. */
    async upUntilClean(stack: EngineStack, options: UpOptions = {}): Promise<number> {
        for (let ups = 1; ; ups++) {
            const outcome = await stack.up(options);
            if (outcome.ok) {
                this.tell(`clean after ${ups} up${ups === 1 ? "" : "s"}`);
                return ups;
            }
            if (ups === MOST_UPS) throw new Error(`not clean after ${ups} ups:\n${outcome.text.slice(-4000)}`);
        }
    }

    /** Fails where the server's content is anything else than these stacks declare and the application has put there. */
    expectExactly(...claims: Claim[]): void {
        expect(differences(this.sandbox, claims, this.app)).to.deep.equal([]);
    }

    /** Adds to the line that is printed for this run. */
    tell(text: string): void {
        this.told.push(text);
    }

    get story(): string {
        return this.told.join("; ");
    }

    async end(): Promise<void> {
        await this.sandbox.stop();
        for (const stack of this.stacks) stack.close();
    }
}

/** Declares a fault, run with as many seeds as count. A run that missed its moment is repeated with the next seed. */
export function fault(
    name: string,
    act: (run: FaultRun) => Promise<Verdict | undefined>,
    { seeds = 1 }: { seeds?: number } = {},
): void {
    const line = lineFor(name);
    it(name, async () => {
        for (let seed = FIRST_SEED, counted = 0, missed = 0; counted < seeds; seed++) {
            const run = await FaultRun.begin(seed, name);
            try {
                const verdict = (await act(run)) ?? { outcome: "each thing once, each tag as declared" };
                if ("missed" in verdict) {
                    say(`seed ${seed}: ${verdict.missed}, does not count`);
                    if (++missed > 3 * seeds + 10) throw new Error("the fault keeps missing its moment");
                    continue;
                }
                counted++;
                line.runs = counted;
                line.outcome = verdict.outcome;
                say(`seed ${seed}: ${run.story}`);
            } catch (error) {
                line.runs = counted + 1;
                line.outcome = `FAILED with seed ${seed}`;
                say(
                    `seed ${seed}: ${run.story}; FAILED. Repeat: FAULTS_FIRST_SEED=${seed} FAULTS_SEEDS=1 npm run test:faults -- -f "${name}"`,
                );
                throw error;
            } finally {
                await run.end();
            }
        }
    }).timeout(seeds * LONGEST_MS);
}

/** A share of the seeds asked for, at least one. */
export function seeds(share: number): number {
    return Math.max(1, Math.round(SEEDS * share));
}

/** The outcome of a run that must succeed. */
export function succeeded(outcome: Outcome): Outcome {
    expect(outcome.ok, outcome.text.slice(-4000)).to.equal(true);
    return outcome;
}

/** Checks that a run failed with these words. */
export function refused(outcome: Outcome, ...words: readonly (string | RegExp)[]): Outcome {
    expect(outcome.ok, outcome.text).to.equal(false);
    for (const word of words) expect(outcome.text).to.match(typeof word === "string" ? literally(word) : word);
    return outcome;
}

function literally(text: string): RegExp {
    return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}

/** The mulberry32 generator. */
function randomFrom(text: string): () => number {
    let state = createHash("sha256").update(text).digest().readInt32LE();
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}
