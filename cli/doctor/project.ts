import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Check } from "./check";

/** The Pulumi project of a folder, as far as it can be read. */
export interface Project {
    /** The project's name. */
    readonly name?: string;
    /** The stack's name without project and organisation. */
    readonly stack?: string;
    /** The stack's configuration, with decrypted secrets. */
    readonly config: ReadonlyMap<string, string>;
    /** Its keys that are not set as secrets. */
    readonly inClear: ReadonlySet<string>;
    readonly check: Check;
}

export interface ProjectOptions {
    readonly directory: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    /** The stack to use instead of the selected one. */
    readonly stack?: string;
}

const PULUMI_ANSWERS_WITHIN = 60_000;
const WHAT = "Pulumi stack";
const ONLY_ENVIRONMENT = "Only settings from the environment are used.";

/** Reads the configuration of the folder's stack. A missing project or stack is a note, not an error. */
export async function readProject(options: ProjectOptions): Promise<Project> {
    const { directory, environment, stack: wanted } = options;
    const config = new Map<string, string>();
    const inClear = new Set<string>();
    const file = projectFile(directory);
    if (file === undefined) {
        return { config, inClear, check: noted(`${directory} is not in a Pulumi project. ${ONLY_ENVIRONMENT}`) };
    }
    const name = /^name:\s*["']?([^\s"'#]+)/m.exec(readFileSync(file, "utf8"))?.[1];
    const known = { config, inClear, ...(name === undefined ? {} : { name }) };
    const pulumi = async (...words: string[]) => {
        const flags = [...words, ...(wanted === undefined ? [] : ["--stack", wanted]), "--non-interactive"];
        const { stdout } = await promisify(execFile)("pulumi", flags, {
            cwd: dirname(file),
            env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
            timeout: PULUMI_ANSWERS_WITHIN,
        });
        return stdout.trim();
    };
    let stack: string | undefined;
    try {
        stack = (await pulumi("stack", "--show-name")).split("/").at(-1) ?? "";
        const values = JSON.parse(await pulumi("config", "--json", "--show-secrets")) as Record<string, Value>;
        for (const [key, { value, secret }] of Object.entries(values)) {
            if (value !== undefined) config.set(key, String(value));
            if (secret !== true) inClear.add(key);
        }
        return { ...known, stack, check: { what: WHAT, outcome: "ok", finding: `${name ?? "?"}/${stack}` } };
    } catch (error) {
        return { ...known, ...(stack === undefined ? {} : { stack }), check: checkOf(error, wanted) };
    }
}

interface Value {
    readonly value?: unknown;
    readonly secret?: boolean;
}

function checkOf(error: unknown, wanted: string | undefined): Check {
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT") return noted(`pulumi is not on PATH. ${ONLY_ENVIRONMENT}`);
    const reason = /^error: (.*)$/m.exec(stderr)?.[1] ?? stderr.trim().split("\n").at(-1);
    if (wanted !== undefined && /no stack named/.test(stderr)) {
        const finding = `there is no stack ${wanted}. Run "pulumi stack ls" to list the stacks. ${ONLY_ENVIRONMENT}`;
        return { what: WHAT, outcome: "wrong", finding };
    }
    if (/no stack (selected|named)/.test(stderr)) return noted(`${reason}. ${ONLY_ENVIRONMENT}`);
    return {
        what: WHAT,
        outcome: "unknown",
        finding: `could not read the configuration: ${reason || "pulumi failed"}. ${ONLY_ENVIRONMENT}`,
    };
}

function noted(finding: string): Check {
    return { what: WHAT, outcome: "note", finding };
}

function projectFile(directory: string): string | undefined {
    for (let folder = directory; ; folder = dirname(folder)) {
        const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
        if (file !== undefined || folder === dirname(folder)) return file;
    }
}
