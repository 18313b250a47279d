import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { startSandbox } from "../../sandbox/sandbox";
import { findEngine } from "../../tools/engine";
import { wanted } from "../../tools/engine/versions";
import { CELLS, type Cell, managerOf, NODES, NOT_RUN, nameOf, PAIRED, programOf, SDKS } from "./cells";
import { live } from "./life";
import { isTypeScript } from "./programs";
import { Project } from "./project";
import { type Row, tables, write } from "./report";

const run = promisify(execFile);
const ROOT = join(__dirname, "../..");
const CELL_ENDS_WITHIN = 10 * 60_000;

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

    describe("each cell", () => {
        const rows = new Map(CELLS.map((cell) => [cell, rowOf(cell)]));
        const passed = new Set<string>();
        let folder: string;
        let engine: PulumiCommand;
        let install: (cell: Cell) => Promise<Project>;
        const projects = new Map<Cell, Promise<Project>>();

        before("the package is packed", async function () {
            this.timeout(0);
            folder = mkdtempSync(join(tmpdir(), "pulumi-blnk-packed-"));
            engine = await findEngine((line) => process.stdout.write(`${line}\n`));
            // Built before: building again while other tests run would take dist away from them.
            const packing = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
            const [packed] = JSON.parse((await run("npm", packing, { cwd: ROOT })).stdout);
            const registry = (await run("npm", ["config", "get", "registry"])).stdout.trim();
            install = (cell) => Project.install(cell, join(folder, packed.filename), registry);
        });

        /** The project of a cell, which is being made from the first time on that it is asked for. */
        const projectOf = (cell: Cell): Promise<Project> => {
            const known = projects.get(cell) ?? install(cell);
            projects.set(cell, known);
            // Awaited by its own test, which tells of a failure.
            known.catch(() => undefined);
            return known;
        };

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

        for (const [index, cell] of CELLS.entries()) {
            it(nameOf(cell), async function () {
                this.timeout(CELL_ENDS_WITHIN);
                const row = rows.get(cell) as Row;
                row.result = "FAILED";
                const project = await projectOf(cell);
                // The next one is installed while this one runs.
                const next = CELLS[index + 1];
                if (next) void projectOf(next);
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

function rowOf(cell: Cell): Row {
    const { node, sdk } = cell;
    const program = programOf(cell);
    return { node: NODES[node], sdk: SDKS[sdk][node], program, manager: managerOf(cell), result: "not run" };
}
