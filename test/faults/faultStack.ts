import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { LocalWorkspace, type PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import type { Sandbox } from "../../sandbox/sandbox";
import { engineEnvironment, findEngine } from "../../tools/engine";
import { neverReachedEngine } from "../engine/testStack";
import { descendantsOf, isEngine, isHost, type Process, processes } from "./processes";

/** All stacks of the suite keep their files here. */
export const WORK = join(__dirname, ".work");
export const PROJECT = "shop";

let engine: Promise<PulumiCommand> | undefined;

/** What one run of the engine came to, and all that it printed. */
export interface Outcome {
    readonly ok: boolean;
    readonly text: string;
}

export interface RunOptions {
    readonly refresh?: boolean;
    readonly target?: string[];
    readonly replace?: string[];
}

/** How a stack is opened. */
export interface StackSettings {
    readonly config?: Readonly<Record<string, string>>;
    readonly environment?: Readonly<Record<string, string>>;
    readonly name?: string;
    /** A stack whose backend and folder this one shares. */
    readonly beside?: FaultStack;
}

/** A resource as it stands in an exported state. */
export interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly dependencies?: readonly string[];
    readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** What the state file holds of one resource. */
export interface Remembered {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly outputs?: Record<string, unknown>;
}

/** A stack whose engine and host can be found and killed while they work. */
export class FaultStack {
    private constructor(
        private readonly stack: Stack,
        private readonly engine: PulumiCommand,
        readonly directory: string,
    ) {}

    static async open(program: PulumiFn, sandbox: Sandbox, settings: StackSettings = {}): Promise<FaultStack> {
        engine ??= findEngine((line) => process.stdout.write(`${line}\n`));
        mkdirSync(WORK, { recursive: true });
        const directory = settings.beside?.directory ?? mkdtempSync(join(WORK, "stack-"));
        mkdirSync(join(directory, "backend"), { recursive: true });
        const stack = await LocalWorkspace.createStack(
            { stackName: settings.name ?? "dev", projectName: PROJECT, program },
            {
                workDir: directory,
                pulumiCommand: await engine,
                projectSettings: { name: PROJECT, runtime: "nodejs" },
                envVars: {
                    ...engineEnvironment(join(directory, "home")),
                    PULUMI_BACKEND_URL: `file://${join(directory, "backend")}?metadata=skip`,
                    BLNK_ACCESS_TOKEN: sandbox.token,
                    ...settings.environment,
                },
            },
        );
        // The Automation API asks the CLI three more questions after each run, for answers that are not needed.
        stack.info = async () => undefined;
        stack.outputs = async () => ({});
        const made = new FaultStack(stack, await engine, directory);
        const config = { "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url, ...settings.config };
        for (const [key, value] of Object.entries(config)) await made.configure(key, value);
        return made;
    }

    get name(): string {
        return this.stack.name;
    }

    /** Replaces the program, as an edit and a commit would. */
    program(program: PulumiFn): void {
        this.stack.workspace.program = program;
    }

    async configure(key: string, value: string | undefined): Promise<void> {
        if (value === undefined) await this.stack.removeConfig(key);
        else await this.stack.setConfig(key, { value });
    }

    setEnvironment(variable: string, value: string | undefined): void {
        const { [variable]: _old, ...rest } = this.stack.workspace.envVars;
        this.stack.workspace.envVars = value === undefined ? rest : { ...rest, [variable]: value };
    }

    up(options: RunOptions = {}): Promise<Outcome> {
        return this.run((onOutput) => this.stack.up({ ...options, onOutput, onError: onOutput, color: "never" }));
    }

    preview(): Promise<Outcome> {
        return this.run((onOutput) => this.stack.preview({ onOutput, onError: onOutput, color: "never" }));
    }

    refresh(): Promise<Outcome> {
        return this.run((onOutput) => this.stack.refresh({ onOutput, onError: onOutput, color: "never" }));
    }

    destroy(): Promise<Outcome> {
        return this.run((onOutput) => this.stack.destroy({ onOutput, onError: onOutput, color: "never" }));
    }

    /** Takes away the lock that a killed engine has left. */
    async unlock(): Promise<void> {
        rmSync(join(this.directory, "backend", ".pulumi", "locks"), { recursive: true, force: true });
    }

    /** Any other command of the CLI. */
    async command(...args: string[]): Promise<Outcome> {
        const env = { ...process.env, ...this.stack.workspace.envVars } as NodeJS.ProcessEnv;
        const running = promisify(execFile)(this.engine.command, [...args, "--non-interactive"], {
            cwd: this.directory,
            env,
        });
        return running.then(
            ({ stdout, stderr }) => ({ ok: true, text: stdout + stderr }),
            (error) => ({ ok: false, text: `${error}` }),
        );
    }

    /** The same program and files under another stack name, after the CLI has renamed the stack. */
    async rename(name: string): Promise<void> {
        await this.stack.rename({ stackName: name });
    }

    /** Forgets the whole state, as a lost state file does. */
    async loseState(): Promise<void> {
        await this.stack.importStack({ version: 3, deployment: {} });
    }

    /** Changes the resources of the state, as whoever edits an export by hand does. */
    async editState(change: (resources: readonly StateResource[]) => readonly StateResource[]): Promise<void> {
        const { version, deployment } = await this.stack.exportStack();
        const resources = change(deployment.resources);
        await this.stack.importStack({ version, deployment: { ...deployment, resources } });
    }

    /** Takes the state of another stack of the same name for its own. */
    async takeState(other: FaultStack): Promise<void> {
        await this.stack.importStack(await other.stack.exportStack());
    }

    /** What the state remembers of our resources, read from its file, by the last part of the type and the name. */
    remembered(): ReadonlyMap<string, Remembered> {
        const folder = join(this.directory, "backend", ".pulumi", "stacks", PROJECT);
        const resources: Remembered[] =
            JSON.parse(readFileSync(join(folder, `${this.name}.json`), "utf8")).checkpoint.latest?.resources ?? [];
        const ours = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/blnk:"));
        return new Map(ours.map((entry) => [labelOf(entry.urn), entry]));
    }

    /** The URN of one of our resources in state, by the last part of its type and its name. */
    urn(label: string): string {
        const entry = this.remembered().get(label);
        if (entry === undefined) throw new Error(`the state has no ${label}`);
        return entry.urn;
    }

    /** The engine that works for this stack now, if there is one. */
    engineProcess(): Process | undefined {
        return descendantsOf(process.pid).find((it) => isEngine(it) && it.directory === this.directory);
    }

    /** The hosts that work for this stack now, those whose engine is gone among them. */
    hosts(): Process[] {
        return processes().filter((it) => isHost(it) && it.directory === this.directory);
    }

    /** Removes the folder with the stack's state. */
    close(): void {
        rmSync(this.directory, { recursive: true, force: true });
    }

    private async run(operation: (onOutput: (text: string) => void) => Promise<unknown>): Promise<Outcome> {
        for (let attempt = 1; ; attempt++) {
            const printed: string[] = [];
            try {
                await operation((text) => void printed.push(text));
                return { ok: true, text: printed.join("") };
            } catch (error) {
                const text = printed.join("") || `${error}`;
                if (attempt === 3 || !neverReachedEngine(text)) return { ok: false, text };
                process.stdout.write(
                    "      the inline program did not reach its engine on a busy machine: run again\n",
                );
            }
        }
    }
}

/** Such as `Ledger customers`. */
function labelOf(urn: string): string {
    const [type = "", name = ""] = urn.split("::").slice(-2);
    return `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}
