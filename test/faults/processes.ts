import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process, as far as /proc tells. */
export interface Process {
    readonly pid: number;
    readonly parent: number;
    readonly command: string;
    /** The folder it works in. */
    readonly directory: string;
}

/** Every process that can be seen and has not ended. */
export function processes(): Process[] {
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .flatMap((name) => look(Number(name)) ?? []);
}

/** The processes that a process has started, and those that they have started. */
export function descendantsOf(pid: number, all: readonly Process[] = processes()): Process[] {
    const children = all.filter(({ parent }) => parent === pid);
    return children.flatMap((child) => [child, ...descendantsOf(child.pid, all)]);
}

/** Whether this is a host of dynamic resources: a node, not the shell that started it. */
export function isHost({ command }: Process): boolean {
    return /^\S*node /.test(command) && /dynamic-provider/.test(command);
}

/** Whether this is the engine's command line. */
export function isEngine({ command }: Process): boolean {
    return /^\S*pulumi(-bin)? /.test(command);
}

function look(pid: number): Process | undefined {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        // The name, in parentheses, may hold anything; the fields begin behind its end.
        const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (state === "Z" || state === "X") return undefined;
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return { pid, parent: Number(parent), command, directory: readlinkSync(`/proc/${pid}/cwd`) };
    } catch {
        // It ended while it was looked at, or is not ours to see.
        return undefined;
    }
}
