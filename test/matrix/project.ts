import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import type { Sandbox } from "../../sandbox/sandbox";
import { engineEnvironment } from "../../tools/engine";
import { type Cell, type Manager, NODES, SDKS } from "./cells";
import { LanguageHost } from "./languageHost";
import { filesOf, isTypeScript } from "./programs";
import { managerDirectory, nodeDirectory, pathOf } from "./tools";

const run = promisify(execFile);

const INSTALL_ENDS_WITHIN = 5 * 60_000;
const RUN_ENDS_WITHIN = 2 * 60_000;

/** How each package manager installs what package.json names, without asking for more than it must. */
const INSTALLING: Readonly<Record<Manager, readonly string[]>> = {
    npm: ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline"],
    pnpm: ["pnpm", "install", "--prefer-offline", "--no-frozen-lockfile"],
    yarn: ["yarn", "install", "--prefer-offline", "--non-interactive", "--no-progress"],
    "yarn 4": ["yarn", "install", "--no-immutable"],
};

/** The files that a package manager needs in a Pulumi project. */
const SETTINGS: Readonly<Record<Manager, Readonly<Record<string, string>>>> = {
    npm: {},
    // It stops unless somebody says whether protobufjs, which the SDK brings, may run its script. The SDK works without.
    pnpm: { "pnpm-workspace.yaml": "allowBuilds:\n  protobufjs: false\n" },
    yarn: {},
    "yarn 4": { ".yarnrc.yml": "nodeLinker: node-modules\n" },
};

/** What one command came to, and all that it and the program printed. */
export interface Outcome {
    readonly ok: boolean;
    readonly text: string;
}

/** A fresh project outside the repository, into which the packed package has been installed. */
export class Project {
    private readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-blnk-matrix-")));
    private readonly directory = join(this.folder, "shop");
    /** The environment of all that runs in it. */
    private environment: NodeJS.ProcessEnv = {};

    private constructor(private readonly cell: Cell) {}

    /** @param packed the package as `npm pack` made it. */
    static async install(cell: Cell, packed: string, registry: string): Promise<Project> {
        const project = new Project(cell);
        try {
            await project.fill(packed, registry);
            return project;
        } catch (error) {
            project.remove();
            throw error;
        }
    }

    private async fill(packed: string, registry: string): Promise<void> {
        const { cell, directory } = this;
        mkdirSync(directory);
        for (const [name, text] of Object.entries(filesOf(cell, packed))) writeFileSync(join(directory, name), text);
        for (const [name, text] of Object.entries(SETTINGS[cell.manager])) writeFileSync(join(directory, name), text);
        const node = await nodeDirectory(cell.node);
        this.environment = {
            ...withoutNpm(process.env),
            PATH: pathOf(node, await managerDirectory(cell.manager)),
            // Where each manager looks for it.
            npm_config_registry: registry,
            YARN_NPM_REGISTRY_SERVER: registry,
            YARN_ENABLE_TELEMETRY: "false",
        };
        const [command = "", ...args] = INSTALLING[cell.manager];
        const installing = await this.execute(command, args, this.environment, INSTALL_ENDS_WITHIN);
        if (!installing.ok) throw new Error(`${command} ${args.join(" ")} failed:\n${installing.text}`);
    }

    /** What really runs there: the versions of Node and of the SDK that the project's files find. */
    async versions(): Promise<{ node: string; sdk: string }> {
        const script = 'console.log(process.version, require("@pulumi/pulumi/package.json").version)';
        const { text } = await this.execute("node", ["-e", script], this.environment, RUN_ENDS_WITHIN);
        const [node = "", sdk = ""] = text.trim().split(" ");
        return { node: node.slice(1), sdk };
    }

    /** Those that the cell asks for. */
    wanted(): { node: string; sdk: string } {
        return { node: NODES[this.cell.node], sdk: SDKS[this.cell.sdk][this.cell.node] };
    }

    /** A stack of the project whose things live in a sandbox. */
    async stack(engine: PulumiCommand, sandbox: Sandbox): Promise<void> {
        const state = join(this.folder, "state");
        mkdirSync(state);
        const config = { "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url };
        const lines = Object.entries(config).map(([key, value]) => `  ${key}: ${value}`);
        writeFileSync(join(this.directory, "Pulumi.dev.yaml"), `config:\n${lines.join("\n")}\n`);
        this.environment = {
            ...this.environment,
            ...engineEnvironment(join(this.folder, "home")),
            PATH: [this.environment.PATH, ...(engine.command === "pulumi" ? [] : [dirname(engine.command)])].join(
                delimiter,
            ),
            PULUMI_BACKEND_URL: `${pathToFileURL(state)}?metadata=skip`,
            BLNK_ACCESS_TOKEN: sandbox.token,
            // So that a warning says whose it is.
            NODE_OPTIONS: "--trace-warnings",
        };
        const made = await this.command("stack", "init", "dev");
        if (!made.ok) throw new Error(made.text);
    }

    /** `pulumi up` and its like, with the project's program. */
    async operation(...args: readonly string[]): Promise<Outcome> {
        const host = new LanguageHost(this.directory, isTypeScript(this.cell.language), this.environment);
        const address = await host.start();
        try {
            const all = [...args, "--yes", "--stack", "dev", `--client=${address}`];
            const { ok, text } = await this.command(...all);
            return { ok, text: `${text}\n${host.printed}` };
        } finally {
            host.stop();
        }
    }

    /** The stack's outputs. */
    async outputs(): Promise<Record<string, unknown>> {
        return JSON.parse((await this.command("stack", "output", "--json", "--stack", "dev")).text);
    }

    /** What the project's own TypeScript says of the program and of the types that it uses. */
    typecheck(): Promise<Outcome> {
        const tsc = join(this.directory, "node_modules/typescript/bin/tsc");
        return this.execute("node", [tsc, "--noEmit", "--pretty", "false"], this.environment, RUN_ENDS_WITHIN);
    }

    remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }

    private command(...args: readonly string[]): Promise<Outcome> {
        const all = [...args, "--non-interactive", "--color", "never"];
        return this.execute("pulumi", all, this.environment, RUN_ENDS_WITHIN);
    }

    private async execute(
        command: string,
        args: readonly string[],
        env: NodeJS.ProcessEnv,
        timeout: number,
    ): Promise<Outcome> {
        const options = { cwd: this.directory, env, timeout, maxBuffer: 64 * 1024 * 1024 };
        try {
            const { stdout, stderr } = await run(command, args, options);
            return { ok: true, text: stdout + stderr };
        } catch (error) {
            const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
            return { ok: false, text: stdout + stderr || `${error}` };
        }
    }
}

/** The environment without what `npm run` puts there for its own scripts, and without what alters how programs are loaded. */
function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const own = (name: string) => /^(npm_|NODE_OPTIONS$|NODE_PATH$|PULUMI_NODEJS_)/i.test(name);
    return Object.fromEntries(Object.entries(environment).filter(([name]) => !own(name)));
}
