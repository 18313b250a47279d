import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
    type ConfigMap,
    LocalWorkspace,
    type PulumiCommand,
    type PulumiFn,
    type Stack,
} from "@pulumi/pulumi/automation";
import { engineEnvironment, findEngine } from "../../tools/engine";

let engine: Promise<PulumiCommand> | undefined;

/** What one run of the engine came to: whether it succeeded, all that it printed, and what it did to resources. */
export interface Outcome {
    readonly ok: boolean;
    /** Everything that the engine printed to either stream. */
    readonly text: string;
    /** How many resources were created, updated, kept … */
    readonly changes: Readonly<Record<string, number>>;
}

/** What the state file holds of one resource. */
export interface StateEntry {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly inputs: Record<string, unknown>;
    readonly outputs: Record<string, unknown>;
    readonly external?: boolean;
    readonly provider?: string;
}

export interface TestStackOptions {
    readonly project?: string;
    readonly stack?: string;
    readonly config?: Readonly<Record<string, string>>;
    readonly environment?: Readonly<Record<string, string>>;
    /** The folder to work in; a fresh one inside the repository unless given. */
    readonly workDir?: string;
}

const folder = join(__dirname, ".work");

/** A stack in a file backend of its own, driven by the real engine with inline programs. */
export class TestStack {
    outputs: Record<string, unknown> = {};

    private constructor(
        private readonly stack: Stack,
        readonly directory: string,
    ) {}

    static async open(program: PulumiFn, options: TestStackOptions = {}): Promise<TestStack> {
        engine ??= findEngine((line) => process.stdout.write(`${line}\n`));
        mkdirSync(folder, { recursive: true });
        const directory = mkdtempSync(join(folder, "stack-"));
        const backend = join(directory, "backend");
        mkdirSync(backend);
        const project = options.project ?? "shop";
        const url = `file://${backend}?metadata=skip`;
        const stack = await LocalWorkspace.createOrSelectStack(
            { stackName: options.stack ?? "dev", projectName: project, program },
            {
                workDir: options.workDir ?? directory,
                pulumiCommand: await engine,
                projectSettings: { name: project, runtime: "nodejs", backend: { url } },
                envVars: { ...engineEnvironment(join(directory, "home")), ...options.environment },
            },
        );
        const config: ConfigMap = Object.fromEntries(
            Object.entries(options.config ?? {}).map(([key, value]) => [
                key,
                { value, secret: /accessToken|coreKey/.test(key) },
            ]),
        );
        await stack.setAllConfig(config);
        return new TestStack(stack, directory);
    }

    /** Replaces the program, as an edit and a commit would. */
    program(program: PulumiFn): this {
        this.stack.workspace.program = program;
        return this;
    }

    async configure(key: string, value: string): Promise<void> {
        await this.stack.setConfig(key, { value, secret: /accessToken|coreKey/.test(key) });
    }

    async unconfigure(key: string): Promise<void> {
        await this.stack.removeConfig(key);
    }

    setEnvironment(variable: string, value: string | undefined): void {
        const { [variable]: _old, ...rest } = this.stack.workspace.envVars;
        this.stack.workspace.envVars = value === undefined ? rest : { ...rest, [variable]: value };
    }

    preview(options: { target?: string[]; diff?: boolean } = { diff: true }): Promise<Outcome> {
        return this.run((onOutput) => this.stack.preview({ ...options, onOutput, onError: onOutput, color: "never" }));
    }

    up(options: { target?: string[]; replace?: string[]; refresh?: boolean } = {}): Promise<Outcome> {
        return this.run(async (onOutput) => {
            const result = await this.stack.up({ ...options, diff: true, onOutput, onError: onOutput, color: "never" });
            this.outputs = Object.fromEntries(Object.entries(result.outputs).map(([key, { value }]) => [key, value]));
            return { changeSummary: result.summary.resourceChanges ?? {} };
        });
    }

    refresh(options: { runProgram?: boolean } = {}): Promise<Outcome> {
        return this.run(async (onOutput) => {
            const result = await this.stack.refresh({ ...options, onOutput, onError: onOutput, color: "never" });
            return { changeSummary: result.summary.resourceChanges ?? {} };
        });
    }

    destroy(options: { runProgram?: boolean } = {}): Promise<Outcome> {
        return this.run(async (onOutput) => {
            const result = await this.stack.destroy({ ...options, onOutput, onError: onOutput, color: "never" });
            return { changeSummary: result.summary.resourceChanges ?? {} };
        });
    }

    /** The whole state as text, as a file backend keeps it. */
    async stateText(): Promise<string> {
        return JSON.stringify(await this.stack.exportStack());
    }

    /** What the state holds of resources of this package, by the last part of their type and their name. */
    async state(): Promise<ReadonlyMap<string, StateEntry>> {
        const { deployment } = await this.stack.exportStack();
        const resources: StateEntry[] = deployment?.resources ?? [];
        const ours = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/blnk:"));
        return new Map(ours.map((entry) => [labelOf(entry.urn), entry]));
    }

    /** Forgets the whole state, as a lost state file does. */
    async loseState(): Promise<void> {
        await this.stack.importStack({ version: 3, deployment: {} });
    }

    /** Removes the folder with the stack's state. */
    close(): void {
        rmSync(this.directory, { recursive: true, force: true });
    }

    private async run(
        operation: (onOutput: (text: string) => void) => Promise<{ changeSummary: object }>,
    ): Promise<Outcome> {
        const printed: string[] = [];
        try {
            const { changeSummary } = await operation((text) => void printed.push(text));
            return { ok: true, text: printed.join(""), changes: changeSummary as Record<string, number> };
        } catch (error) {
            return { ok: false, text: `${printed.join("")}\n${(error as Error).message}`, changes: {} };
        }
    }
}

/** Such as `Ledger customers`. */
function labelOf(urn: string): string {
    const [type = "", name = ""] = urn.split("::").slice(-2);
    return `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}
