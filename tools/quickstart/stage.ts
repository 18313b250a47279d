/** The stack that the quickstart plays on: the example, a file backend of its own, output straight to the terminal. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import type { Sandbox } from "../../sandbox/sandbox";
import { configure, openStack } from "../../test/engines/openStack";
import { engineEnvironment } from "../engine";
import { sweep } from "../leavings";
import { programIn } from "../program";

const REPOSITORY = resolve(__dirname, "../..");
const RUN = "run-";

/** Everything that the quickstart writes goes in here. Git ignores it. */
export const FOLDER = join(REPOSITORY, ".quickstart");

/** Does `work` in a directory of its own, and removes the directory afterwards. */
export async function inFreshDirectory(work: (directory: string) => Promise<void>): Promise<void> {
    await mkdir(FOLDER, { recursive: true });
    await sweep(FOLDER, RUN);
    const directory = await mkdtemp(join(FOLDER, RUN));
    try {
        await work(directory);
    } finally {
        await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    }
}

/** The stack, reduced to what the acts do with it. */
export class Stage {
    private constructor(
        private readonly stack: Stack,
        private readonly signal: AbortSignal,
    ) {}

    /**
     * Sets up a fresh stack whose configuration and environment lead to the sandbox.
     *
     * @param directory where the stack keeps everything; inside the repository, so that the host of dynamic resources
     * finds this package.
     * @param signal interrupts the engine.
     */
    static async open(directory: string, engine: PulumiCommand, sandbox: Sandbox, signal: AbortSignal): Promise<Stage> {
        const { stack } = await openStack({
            engine,
            program: programIn(join(REPOSITORY, "examples/quickstart")),
            directory,
            project: "quickstart",
            stack: "dev",
            environment: { ...engineEnvironment(join(directory, "home")), BLNK_ACCESS_TOKEN: sandbox.token },
        });
        const stage = new Stage(stack, signal);
        await stage.configure({ "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url });
        return stage;
    }

    /** Sets configuration; a key without a namespace is the program's own. */
    async configure(values: Readonly<Record<string, string>>): Promise<void> {
        await configure(this.stack, Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }])));
    }

    async preview(): Promise<void> {
        await this.stack.preview(this.shown());
    }

    /** A preview that shows old and new values. */
    async previewInDetail(): Promise<void> {
        await this.stack.preview({ ...this.shown(), diff: true });
        process.stdout.write("\n");
    }

    async up(): Promise<void> {
        await this.stack.up(this.shown());
    }

    async refresh(): Promise<void> {
        await this.stack.refresh(this.shown());
    }

    async destroy(): Promise<void> {
        await this.stack.destroy(this.shown());
        process.stdout.write("\n");
    }

    /** The stack's state, as `pulumi stack export` prints it. */
    async state(): Promise<object> {
        return await this.stack.exportStack();
    }

    private shown() {
        return {
            color: process.stdout.isTTY ? ("always" as const) : ("never" as const),
            onOutput: (text: string) => void process.stdout.write(text),
            onError: (text: string) => void process.stderr.write(text),
            signal: this.signal,
        };
    }
}
