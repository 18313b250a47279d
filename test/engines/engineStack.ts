import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { EngineEvent, PulumiCommand, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { engineEnvironment, findEngine } from "../../tools/engine";
import { configure, openStack } from "./openStack";
import type { StateContent, StateEntry, StateFile } from "./stateFile";

// Each run of an inline program adds listeners to the process that stay.
process.setMaxListeners(0);

// One process that drives hundreds of engines meets the same port again. grpc-js would hand out its broken connection to an
// engine that is gone, and the Automation API would take the error for a program that declares nothing.
Object.assign((settings as unknown as { grpcClientOptions: object }).grpcClientOptions, {
    "grpc.use_local_subchannel_pool": 1,
});

// Inside the repository, so that the host of dynamic resources finds this package.
const WORK = join(__dirname, ".work");

/** What the folders of all stacks of this process begin with. */
export const OWN_FOLDERS = join(WORK, `${process.pid}-`);

/** A run that takes longer hangs. It is interrupted, so that it does not outlive its test. */
const LONGEST_RUN_MS = 60_000;

let engine: Promise<PulumiCommand> | undefined;

/** What one run of the engine came to: whether it succeeded, all that it printed, and what it did to resources. */
export interface Outcome {
    readonly ok: boolean;
    /** Everything that the engine printed to either stream. */
    readonly text: string;
    /** How many resources were created, updated, kept … */
    readonly changes: Readonly<Record<string, number>>;
}

export interface UpOptions {
    readonly target?: string[];
    readonly replace?: string[];
    readonly refresh?: boolean;
    readonly continueOnError?: boolean;
}

export interface StackOptions {
    readonly project?: string;
    readonly stack?: string;
    /** Credentials among it are set as secrets. */
    readonly config?: Readonly<Record<string, string>>;
    readonly environment?: Readonly<Record<string, string>>;
    /** The folder to work in; a fresh one inside the repository unless given. Its Pulumi.yaml counts, if it has one. */
    readonly workDir?: string;
    /** A stack whose backend and folder it shares. */
    readonly beside?: EngineStack;
    readonly longestRunMs?: number;
}

/** A stack in a file backend of its own, driven by a real engine with inline programs. */
export class EngineStack {
    private constructor(
        private readonly stack: Stack,
        private file: StateFile,
        readonly directory: string,
        private readonly longestRunMs: number,
    ) {}

    static async open(program: PulumiFn, options: StackOptions = {}): Promise<EngineStack> {
        engine ??= findEngine((line) => process.stdout.write(`${line}\n`));
        mkdirSync(WORK, { recursive: true });
        const directory = options.beside?.directory ?? mkdtempSync(OWN_FOLDERS);
        const { stack, file } = await openStack({
            engine: await engine,
            program,
            directory,
            ...(options.workDir !== undefined && { workDir: options.workDir }),
            project: options.project ?? "shop",
            stack: options.stack ?? "dev",
            environment: { ...engineEnvironment(join(directory, "home")), ...options.environment },
        });
        const opened = new EngineStack(stack, file, directory, options.longestRunMs ?? LONGEST_RUN_MS);
        for (const [key, value] of Object.entries(options.config ?? {})) await opened.configure(key, value);
        return opened;
    }

    get name(): string {
        return this.stack.name;
    }

    /** Replaces the program, as an edit and a commit would. */
    program(program: PulumiFn): this {
        this.stack.workspace.program = program;
        return this;
    }

    /** Undefined takes a setting away. Credentials are set as secrets unless it is said otherwise. */
    async configure(key: string, value: string | undefined, secret = /accessToken|coreKey/.test(key)): Promise<void> {
        await configure(this.stack, { [key]: value === undefined ? undefined : { value, secret } });
    }

    setEnvironment(variable: string, value: string | undefined): void {
        const { [variable]: _old, ...rest } = this.stack.workspace.envVars;
        this.stack.workspace.envVars = value === undefined ? rest : { ...rest, [variable]: value };
    }

    preview(options: { target?: string[] } = {}): Promise<Outcome> {
        return this.run((shown) => this.stack.preview({ ...options, ...shown, diff: true }));
    }

    up(options: UpOptions = {}): Promise<Outcome> {
        return this.run((shown) => this.stack.up({ ...options, ...shown, diff: true }));
    }

    refresh(options: { runProgram?: boolean } = {}): Promise<Outcome> {
        return this.run((shown) => this.stack.refresh({ ...options, ...shown }));
    }

    destroy(options: { runProgram?: boolean } = {}): Promise<Outcome> {
        return this.run((shown) => this.stack.destroy({ ...options, ...shown }));
    }

    /** Any other command of the CLI; what it printed. */
    async command(...args: string[]): Promise<string> {
        const { workDir, envVars, pulumiCommand } = this.stack.workspace;
        const options = { cwd: workDir, env: { ...process.env, ...envVars }, maxBuffer: 64 * 1024 * 1024 };
        const all = [...args, "--non-interactive"];
        const { stdout } = await promisify(execFile)(pulumiCommand.command, all, options);
        return stdout;
    }

    /** Gives the stack another name, as `pulumi stack rename` does. */
    async rename(name: string): Promise<void> {
        await this.stack.rename({ stackName: name });
        this.file = this.file.of(name);
    }

    /** The whole state. */
    exported(): StateContent {
        return this.file.read();
    }

    stateText(): string {
        return JSON.stringify(this.exported(), undefined, 4);
    }

    import(state: StateContent): void {
        this.file.write(state);
    }

    /** Forgets the whole state, as a lost state file does. */
    loseState(): void {
        this.file.write(undefined);
    }

    /** The stack's outputs, secrets not shown. */
    outputs(): Record<string, unknown> {
        const { resources = [] } = this.exported();
        return resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
    }

    /** What the state holds of resources of this package, by the last part of their type and their name. */
    state(): ReadonlyMap<string, StateEntry> {
        const { resources = [] } = this.exported();
        const ours = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/blnk:"));
        return new Map(ours.map((entry) => [labelOf(entry.urn), entry]));
    }

    /** The id in state of one of our resources, by the last part of its type and its name. */
    idOf(label: string): string {
        const { id } = this.entry(label);
        if (id === undefined) throw new Error(`the state has no id of ${label}`);
        return id;
    }

    /** The URN in state of one of our resources, by the last part of its type and its name. */
    urnOf(label: string): string {
        return this.entry(label).urn;
    }

    /** Removes the folder with the stack's state. */
    close(): void {
        rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 });
    }

    private entry(label: string): StateEntry {
        const entry = this.state().get(label);
        if (entry === undefined) throw new Error(`the state has no ${label}`);
        return entry;
    }

    private async run(operation: (shown: Shown) => Promise<unknown>): Promise<Outcome> {
        for (let attempt = 1; ; attempt++) {
            const outcome = await this.runOnce(operation);
            if (attempt === 3 || !neverReachedEngine(outcome.text)) return outcome;
            process.stdout.write("      the inline program did not reach its engine on a busy machine: run again\n");
        }
    }

    private async runOnce(operation: (shown: Shown) => Promise<unknown>): Promise<Outcome> {
        const printed: string[] = [];
        let changes: Outcome["changes"] = {};
        const onOutput = (text: string) => void printed.push(text);
        const onEvent = ({ summaryEvent }: EngineEvent) => {
            changes = summaryEvent?.resourceChanges ?? changes;
        };
        try {
            const signal = AbortSignal.timeout(this.longestRunMs);
            await operation({ onOutput, onError: onOutput, onEvent, color: "never", signal });
            return { ok: true, text: printed.join(""), changes };
        } catch (error) {
            return { ok: false, text: printed.join("") || `${error}`, changes };
        }
    }
}

/**
 * Whether the program in this process could not connect to the engine, as happens on a busy machine: nothing has been
 * declared then, and nothing done.
 */
function neverReachedEngine(text: string): boolean {
    return text.includes("14 UNAVAILABLE: No connection established");
}

/** How a run of the engine is watched. */
interface Shown {
    readonly onOutput: (text: string) => void;
    readonly onError: (text: string) => void;
    readonly onEvent: (event: EngineEvent) => void;
    readonly color: "never";
    readonly signal: AbortSignal;
}

/** Such as `Ledger customers`. */
function labelOf(urn: string): string {
    const [type = "", name = ""] = urn.split("::").slice(-2);
    return `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}
