import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, type PulumiCommand, type PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { ENCRYPTION_SALT, encrypted } from "./passphrase";
import { StateFile } from "./stateFile";

/** A stack to be opened. */
export interface Opening {
    readonly engine: PulumiCommand;
    readonly program: PulumiFn;
    /** The folder that keeps its state. */
    readonly directory: string;
    /** The folder to work in, if it is another one. Its Pulumi.yaml counts, if it has one. */
    readonly workDir?: string;
    readonly project: string;
    readonly stack: string;
    readonly environment: Readonly<Record<string, string>>;
}

/** One setting of a stack's configuration. */
export interface Setting {
    readonly value: string;
    readonly secret?: boolean;
}

/**
 * Opens a stack in a file backend, and makes it if it is not there. `LocalWorkspace.createStack` does the same, but starts
 * the CLI for it, which takes half a second; so does it for each setting.
 */
export async function openStack(opening: Opening): Promise<{ stack: Stack; file: StateFile }> {
    const { engine, program, directory, workDir = directory, project, environment } = opening;
    const backend = join(directory, "backend");
    mkdirSync(backend, { recursive: true });
    const workspace = await LocalWorkspace.create({
        workDir,
        program,
        pulumiCommand: engine,
        ...(!existsSync(join(workDir, "Pulumi.yaml")) && { projectSettings: { name: project, runtime: "nodejs" } }),
        envVars: { ...environment, PULUMI_BACKEND_URL: `${pathToFileURL(backend)}?metadata=skip` },
    });
    const { name } = await workspace.projectSettings();
    const file = new StateFile(backend, name, opening.stack);
    file.create();
    if (!existsSync(join(workDir, `Pulumi.${opening.stack}.yaml`))) {
        await workspace.saveStackSettings(opening.stack, { encryptionSalt: ENCRYPTION_SALT });
    }
    // Each command names the stack that it is for.
    workspace.selectStack = async () => undefined;
    const stack = await Stack.select(opening.stack, workspace);
    // The Automation API asks the CLI three more questions after each run, half a second for answers that are not needed.
    stack.info = async () => undefined;
    stack.outputs = async () => ({});
    return { stack, file };
}

/** Changes settings of a stack. Undefined takes one away; a key without a namespace is the program's own. */
export async function configure(stack: Stack, changes: Readonly<Record<string, Setting | undefined>>): Promise<void> {
    const { workspace, name } = stack;
    const { name: project } = await workspace.projectSettings();
    const settings = await workspace.stackSettings(name);
    const config = { ...settings.config };
    for (const [key, setting] of Object.entries(changes)) {
        const full = key.includes(":") ? key : `${project}:${key}`;
        if (setting === undefined) delete config[full];
        else config[full] = setting.secret ? { secure: encrypted(setting.value) } : setting.value;
    }
    await workspace.saveStackSettings(name, { ...settings, config });
}
