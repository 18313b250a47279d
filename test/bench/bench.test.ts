import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import * as v from "valibot";

const ROOT = join(__dirname, "../..");
const run = promisify(execFile);

const number = v.pipe(v.number(), v.minValue(0));
const ratios = v.strictObject({ seconds: number, stateBytes: number, peakBytes: v.optional(number) });
const figures = {
    seconds: number,
    stateBytes: number,
    peakBytes: v.optional(number),
    programBytes: v.optional(number),
    reads: number,
    writes: number,
};
const eachAct = <Value extends v.GenericSchema>(value: Value) =>
    v.strictObject({ up: value, "no-op up": value, "one change": value, refresh: value, destroy: value });

const sheet = v.strictObject({
    // No more than this: neither its name nor a path.
    machine: v.strictObject({
        cores: number,
        memoryBytes: number,
        node: v.string(),
        engine: v.string(),
        date: v.pipe(v.string(), v.isoDate()),
    }),
    options: v.strictObject({
        sizes: v.array(number),
        latencies: v.array(number),
        variants: v.array(v.string()),
        runs: number,
    }),
    method: v.array(v.string()),
    cases: v.array(
        v.strictObject({
            variant: v.string(),
            size: number,
            latency: number,
            runs: v.array(eachAct(v.strictObject({ ...figures, changes: v.record(v.string(), number) }))),
            failed: v.literal(0),
            medians: eachAct(v.strictObject(figures)),
            ratios: eachAct(v.strictObject({ toFloor: v.optional(ratios), toByValue: ratios })),
        }),
    ),
    starts: v.array(
        v.strictObject({ loads: v.string(), processMs: number, toNothing: number, requireMs: number, modules: number }),
    ),
    goals: v.array(v.unknown()),
});

describe("npm run bench", () => {
    let directory: string;
    before(() => {
        directory = mkdtempSync(join(tmpdir(), "blnk-bench-"));
    });
    after(() => rmSync(directory, { recursive: true }));

    // The package is built before: see the scripts.
    it("takes stacks through all acts, prints a table, and writes down every run", async () => {
        await run("npm", ["run", "bench:compile"], { cwd: ROOT });
        const json = join(directory, "results.json");
        const size = ["--sizes", "2", "--latencies", "0", "--runs", "1", "--variants", "ours", "by value"];
        const main = ["--import=tsx", "bench/main.ts", ...size, "--json", json];
        const { stdout } = await run(process.execPath, main, { cwd: ROOT });
        const text = readFileSync(json, "utf8");
        const found = v.parse(sheet, JSON.parse(text));
        expect(text).not.to.contain(ROOT);
        expect(found.cases.map(({ variant, size, runs }) => [variant, size, runs.length])).to.deep.equal([
            ["ours", 2, 1],
            ["by value", 2, 1],
        ]);
        expect(stdout).to.match(/\| +2 \| +0 ms \| no-op up +\| ours /);
        // A ledger, two balances, and their stack; ours has an Instance as well.
        expect(found.cases.map(({ runs }) => runs.map((life) => life.up.changes))).to.deep.equal([
            [{ created: 5 }],
            [{ created: 4 }],
        ]);
        expect(found.cases.map(({ runs }) => runs.map((life) => life["no-op up"].changes))).to.deep.equal([
            [{ unchanged: 5 }],
            [{ unchanged: 4 }],
        ]);
        expect(found.cases.map(({ medians }) => medians.up.writes)).to.deep.equal([4, 3]);
        expect(found.starts.map(({ loads }) => loads)).to.deep.equal([
            "nothing",
            "pulumi-blnk/hosted",
            "@pulumi/pulumi",
            "pulumi-blnk",
        ]);
        // Half a minute, and longer where other work is going on.
    }).timeout(240_000);

    it("refuses variants it does not know instead of running nobody", async () => {
        const main = ["--import=tsx", "bench/main.ts", "--variants", "ours", "nobody"];
        const refused = await run(process.execPath, main, { cwd: ROOT }).catch((error: { stderr: string }) => error);
        expect(refused.stderr).to.contain("'nobody' is invalid");
    }).timeout(60_000);
});
