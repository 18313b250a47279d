import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { config, expect } from "chai";
import pLimit from "p-limit";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { findEngine } from "../../tools/engine";
import { wanted } from "../../tools/engine/versions";
import { CELLS, type Cell, NODES, NOT_RUN, nameOf, PAIRED, SDKS } from "./cells";
import { DECLARED, isTypeScript } from "./programs";
import { type Outcome, Project } from "./project";
import { type Row, tables, write } from "./report";
import { ofPulumi, warningsIn } from "./warnings";

const run = promisify(execFile);
const ROOT = join(__dirname, "../..");
const AT_ONCE = 2;

// What was printed is the only account of a run that went wrong: it is shown whole.
config.truncateThreshold = 0;

describe("the matrix", () => {
    it("has a cell for each pair of Node, SDK, language and package manager", () => {
        const kinds = Object.keys(PAIRED) as (keyof typeof PAIRED)[];
        const missing = kinds.flatMap((one, index) =>
            kinds
                .slice(index + 1)
                .flatMap((other) =>
                    PAIRED[one].flatMap((a) =>
                        PAIRED[other]
                            .filter((b) => !CELLS.some((cell) => cell[one] === a && cell[other] === b))
                            .map((b) => `${a} with ${b}`),
                    ),
                ),
        );
        expect(missing).to.deep.equal([]);
    });

    it("sees the warnings that Node prints, and whose they are", async () => {
        const folder = mkdtempSync(join(tmpdir(), "pulumi-blnk-warns-"));
        try {
            const file = join(folder, "node_modules/pulumi-blnk/index.js");
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(
                file,
                'process.emitWarning("old", "DeprecationWarning", "DEP9999");\nsetTimeout(() => {}, 10);\n',
            );
            const { stderr } = await run(process.execPath, ["--trace-warnings", file]);
            const found = warningsIn(`before\n${stderr}after`);
            expect(found.map(({ text }) => text)).to.deep.equal(["[DEP9999] DeprecationWarning: old"]);
            expect(found[0]?.trace[0]).to.include(file);
            expect(found.map(ofPulumi)).to.deep.equal([undefined]);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    describe("each cell", () => {
        const folder = mkdtempSync(join(tmpdir(), "pulumi-blnk-packed-"));
        const rows = new Map(CELLS.map((cell) => [cell, rowOf(cell)]));
        const passed = new Set<string>();
        let engine: PulumiCommand;
        let projects: Map<Cell, Promise<Project>>;

        before("the package is packed, and the first projects are being made", async function () {
            this.timeout(0);
            engine = await findEngine((line) => process.stdout.write(`${line}\n`));
            // Built before: building again while other tests run would take dist away from them.
            const packing = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
            const [packed] = JSON.parse((await run("npm", packing, { cwd: ROOT })).stdout);
            const registry = (await run("npm", ["config", "get", "registry"])).stdout.trim();
            const limit = pLimit(AT_ONCE);
            projects = new Map(
                CELLS.map((cell) => [
                    cell,
                    limit(() => Project.install(cell, join(folder, packed.filename), registry)),
                ]),
            );
            // Each is awaited by its own test, which tells of a failure.
            for (const project of projects.values()) project.catch(() => undefined);
        });

        after("what could not be run is said, and the table is written", async () => {
            const made = await Promise.allSettled(projects.values());
            for (const project of made) if (project.status === "fulfilled") project.value.remove();
            rmSync(folder, { recursive: true, force: true });
            for (const warning of passed) process.stdout.write(`      passed over: ${warning}\n`);
            for (const [what, why] of Object.entries(NOT_RUN)) process.stdout.write(`      not run: ${what}: ${why}\n`);
            const whole = [...rows.values()].every(({ result }) => result !== "not run");
            // Only a whole run on the newest engine tells what the page says.
            if (process.env.npm_lifecycle_event === "test:matrix" && whole && wanted() !== "oldest") {
                write(tables(`${engine.version}`, [...rows.values()], passed));
            }
        });

        for (const cell of CELLS) {
            it(nameOf(cell), async function () {
                this.timeout(10 * 60_000);
                const row = rows.get(cell) as Row;
                row.result = "FAILED";
                const project = (await projects.get(cell)) as Project;
                const sandbox = await startSandbox();
                try {
                    expect(await project.versions()).to.deep.equal(project.wanted());
                    await project.stack(engine, sandbox);
                    await live(project, sandbox, passed);
                    if (isTypeScript(cell.language)) {
                        const { ok, text } = await project.typecheck();
                        expect(ok, text).to.equal(true);
                    }
                    row.result = "passed";
                } finally {
                    await sandbox.stop();
                    project.remove();
                }
            });
        }
    });
});

/** A project's whole life. Each step is compared with what the sandbox was asked to write and with what it holds then. */
async function live(project: Project, sandbox: Sandbox, passed: Set<string>): Promise<void> {
    const step = async (...args: readonly string[]) => {
        sandbox.clearRequests();
        const outcome = await project.operation(...args);
        expect(outcome.ok, outcome.text).to.equal(true);
        for (const line of unknownWarnings(outcome, passed)) expect.fail(`${line}\n${outcome.text}`);
        return outcome.text;
    };

    const made = await step("up");
    expect(made).to.match(/^ *\+ 6 created$/m);
    expect(written(sandbox)).to.deep.equal(
        [
            "POST /proxy/balances",
            "POST /proxy/balances",
            "POST /proxy/balances",
            "POST /proxy/ledgers",
            "POST /proxy/ldg_*/metadata",
        ].sort(),
    );
    const ids = held(sandbox, DECLARED.tag.value);
    expect(await project.outputs()).to.deep.equal({ ...ids, foundName: DECLARED.ledger.name });

    const again = await step("up", "--expect-no-changes");
    expect(again).to.match(/^ *6 unchanged$/m);
    expect(written(sandbox)).to.deep.equal([]);

    await step("refresh", "--expect-no-changes");
    expect(written(sandbox)).to.deep.equal([]);
    expect(held(sandbox, DECLARED.tag.value)).to.deep.equal(ids);

    const left = await step("destroy");
    // Warnings name what stays in Blnk.
    const warnings = left.split("\n").filter((line) => /^ *warning: /.test(line));
    for (const id of [sandbox.ledgers().at(-1)?.ledger_id, ...Object.values(ids)]) {
        expect(
            warnings.some((line) => line.includes(`${id}`)),
            left,
        ).to.equal(true);
    }
    expect(written(sandbox)).to.deep.equal(["POST /proxy/ldg_*/metadata"]);
    expect(held(sandbox, null)).to.deep.equal(ids);
}

/** The requests that changed something, in alphabetical order: members of a set are made at once. */
function written(sandbox: Sandbox): string[] {
    return sandbox
        .writes()
        .filter(({ status = 0 }) => status >= 200 && status < 300)
        .map(({ method, path }) => `${method} ${path.replace(/_[0-9a-f-]{36}/g, "_*")}`)
        .sort();
}

/** Checks that the sandbox holds what the program declares, once. Answers the ids that the program exports. */
function held(sandbox: Sandbox, tag: unknown): { aliceId?: string; bobId?: string } {
    const plain = (metadata: object | null) => {
        const { pulumi: mark, ...rest } = JSON.parse(JSON.stringify(metadata));
        expect(mark).to.match(/^shop\/dev\//);
        return rest;
    };
    const ledgers = sandbox.ledgers().filter(({ ledger_id }) => ledger_id !== "general_ledger_id");
    expect(ledgers.map(({ name, meta_data }) => ({ name, metadata: plain(meta_data) }))).to.deep.equal([
        { ...DECLARED.ledger, metadata: { ...DECLARED.ledger.metadata, [DECLARED.tag.key]: tag } },
    ]);
    const balances = sandbox.balances().map(({ ledger_id, balance_id, currency, meta_data }) => {
        expect(ledger_id).to.equal(ledgers[0]?.ledger_id);
        return { id: balance_id, currency, who: plain(meta_data).who as string };
    });
    expect(Object.fromEntries(balances.map(({ who, currency }) => [who, currency]))).to.deep.equal(DECLARED.balances);
    expect(balances).to.have.length(Object.keys(DECLARED.balances).length);
    const idOf = (name: string) => balances.find(({ who }) => who === name)?.id as string;
    return { aliceId: idOf("alice"), bobId: idOf("bob") };
}

/** The warnings of a run that are not known to be Pulumi's own; those that are, are noted. */
function unknownWarnings({ text }: Outcome, passed: Set<string>): string[] {
    return warningsIn(text).flatMap((warning) => {
        const why = ofPulumi(warning);
        if (why === undefined) return [[warning.text, ...warning.trace].join("\n")];
        passed.add(`${warning.text}: ${why}`);
        return [];
    });
}

function rowOf({ node, sdk, language, manager, typescript }: Cell): Row {
    const program = typescript ? `${language}, TypeScript ${typescript}` : language;
    return { node: NODES[node], sdk: SDKS[sdk][node], program, manager, result: "not run" };
}
