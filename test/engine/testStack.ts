import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import {
    type ConfigMap,
    type Deployment,
    type EngineEvent,
    LocalWorkspace,
    type PulumiCommand,
    type PulumiFn,
    type Stack,
} from "@pulumi/pulumi/automation";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { engineEnvironment, findEngine } from "../../tools/engine";

const execute = promisify(execFile);

// Each run of an inline program adds listeners to the process that stay.
process.setMaxListeners(0);

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
    readonly dependencies?: readonly string[];
    /** The line of the program that declares it, as `project:///<path>#<line>,<column>`. */
    readonly sourcePosition?: string;
}

export interface TestStackOptions {
    readonly project?: string;
    readonly stack?: string;
    /** Credentials among it are set as secrets. */
    readonly config?: Readonly<Record<string, string>>;
    readonly environment?: Readonly<Record<string, string>>;
    /** The folder to work in; a fresh one inside the repository unless given. Its Pulumi.yaml counts, if it has one. */
    readonly workDir?: string;
    /** A stack whose backend and folder it shares. */
    readonly beside?: TestStack;
}

/** A run that takes longer hangs. It is interrupted, so that it does not outlive its test. */
const LONGEST_RUN_MS = 60_000;

// One process that drives hundreds of engines meets the same port again. grpc-js would hand out its broken connection to an
// engine that is gone, and the Automation API would take the error for a program that declares nothing.
Object.assign((settings as unknown as { grpcClientOptions: object }).grpcClientOptions, {
    "grpc.use_local_subchannel_pool": 1,
});

const folder = join(__dirname, ".work");

/** A stack in a file backend of its own, driven by the real engine with inline programs. */
export class TestStack {
    private constructor(
        private readonly stack: Stack,
        readonly directory: string,
    ) {}

    static async open(program: PulumiFn, options: TestStackOptions = {}): Promise<TestStack> {
        engine ??= findEngine((line) => process.stdout.write(`${line}\n`));
        mkdirSync(folder, { recursive: true });
        const directory = options.beside?.directory ?? mkdtempSync(join(folder, "stack-"));
        const backend = join(directory, "backend");
        mkdirSync(backend, { recursive: true });
        const project = options.project ?? "shop";
        const workDir = options.workDir ?? directory;
        const hasProject = existsSync(join(workDir, "Pulumi.yaml"));
        const stack = await LocalWorkspace.createStack(
            { stackName: options.stack ?? "dev", projectName: project, program },
            {
                workDir,
                pulumiCommand: await engine,
                ...(hasProject ? {} : { projectSettings: { name: project, runtime: "nodejs" } }),
                envVars: {
                    ...engineEnvironment(join(directory, "home")),
                    PULUMI_BACKEND_URL: `${pathToFileURL(backend)}?metadata=skip`,
                    ...options.environment,
                },
            },
        );
        const config: ConfigMap = Object.fromEntries(
            Object.entries(options.config ?? {}).map(([key, value]) => [
                key,
                { value, secret: /accessToken|coreKey/.test(key) },
            ]),
        );
        if (Object.keys(config).length > 0) await stack.setAllConfig(config);
        // The Automation API asks the CLI three more questions after each run, half a second for answers that are not needed.
        stack.info = async () => undefined;
        stack.outputs = async () => ({});
        return new TestStack(stack, directory);
    }

    /** Replaces the program, as an edit and a commit would. */
    program(program: PulumiFn): this {
        this.stack.workspace.program = program;
        return this;
    }

    /** Credentials are set as secrets unless it is said otherwise. */
    async configure(key: string, value: string, secret = /accessToken|coreKey/.test(key)): Promise<void> {
        await this.stack.setConfig(key, { value, secret });
    }

    async unconfigure(key: string): Promise<void> {
        await this.stack.removeConfig(key);
    }

    setEnvironment(variable: string, value: string | undefined): void {
        const { [variable]: _old, ...rest } = this.stack.workspace.envVars;
        this.stack.workspace.envVars = value === undefined ? rest : { ...rest, [variable]: value };
    }

    preview(options: { target?: string[] } = {}): Promise<Outcome> {
        return this.run((shown) => this.stack.preview({ ...options, ...shown, diff: true }));
    }

    up(
        options: { target?: string[]; replace?: string[]; refresh?: boolean; continueOnError?: boolean } = {},
    ): Promise<Outcome> {
        return this.run((shown) => this.stack.up({ ...options, ...shown, diff: true }));
    }

    refresh(options: { runProgram?: boolean } = {}): Promise<Outcome> {
        return this.run((shown) => this.stack.refresh({ ...options, ...shown }));
    }

    destroy(options: { runProgram?: boolean } = {}): Promise<Outcome> {
        return this.run((shown) => this.stack.destroy({ ...options, ...shown }));
    }

    /** The stack's outputs, secrets not shown. */
    async outputs(): Promise<Record<string, unknown>> {
        const { deployment } = await this.exported();
        const resources: StateEntry[] = deployment?.resources ?? [];
        return resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
    }

    /** The whole state as `pulumi stack export` prints it. The Automation API's own export shows secrets in clear. */
    async stateText(): Promise<string> {
        return this.command("stack", "export", "--stack", this.stack.name);
    }

    /** Any other command of the CLI; what it printed. */
    async command(...args: string[]): Promise<string> {
        const { workDir, envVars, pulumiCommand } = this.stack.workspace;
        const options = { cwd: workDir, env: { ...process.env, ...envVars }, maxBuffer: 64 * 1024 * 1024 };
        const { stdout } = await execute(pulumiCommand.command, args, options);
        return stdout;
    }

    async exported(): Promise<Deployment> {
        return JSON.parse(await this.stateText());
    }

    async import(state: Deployment): Promise<void> {
        await this.stack.importStack(state);
    }

    /** What the state holds of resources of this package, by the last part of their type and their name. */
    async state(): Promise<ReadonlyMap<string, StateEntry>> {
        const { deployment } = await this.exported();
        const resources: StateEntry[] = deployment?.resources ?? [];
        const ours = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/blnk:"));
        return new Map(ours.map((entry) => [labelOf(entry.urn), entry]));
    }

    /** The id in state of one of our resources, by the last part of its type and its name. */
    async idOf(label: string): Promise<string> {
        const id = (await this.state()).get(label)?.id;
        if (id === undefined) throw new Error(`the state has no ${label}`);
        return id;
    }

    /** The URN in state of one of our resources, by the last part of its type and its name. */
    async urnOf(label: string): Promise<string> {
        const urn = (await this.state()).get(label)?.urn;
        if (urn === undefined) throw new Error(`the state has no ${label}`);
        return urn;
    }

    /** Forgets the whole state, as a lost state file does. */
    async loseState(): Promise<void> {
        await this.stack.importStack({ version: 3, deployment: {} });
    }

    /** Removes the folder with the stack's state. */
    close(): void {
        rmSync(this.directory, { recursive: true, force: true });
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
            const signal = AbortSignal.timeout(LONGEST_RUN_MS);
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
export function neverReachedEngine(text: string): boolean {
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
