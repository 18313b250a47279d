import { readdirSync, readFileSync } from "node:fs";

/** So often the processes are looked at. A look takes about a millisecond. */
const EVERY_MS = 100;

/** The most memory (resident, in bytes) that was held at once. */
export interface Peaks {
    /** By all processes that the watched one has started together. */
    readonly descendants: number;
    /** By the watched process itself. */
    readonly itself: number;
}

interface Process {
    readonly pid: number;
    readonly parent: number;
    readonly bytes: number;
}

/** Samples the memory of a process and its descendants until it is stopped. Answers undefined where there is no /proc. */
export function watchMemory(pid: number): () => Peaks | undefined {
    let peaks: Peaks = { descendants: 0, itself: 0 };
    const look = () => {
        const all = processes();
        const own = all.find((it) => it.pid === pid)?.bytes ?? 0;
        const sum = descendantsOf(pid, all).reduce((bytes, it) => bytes + it.bytes, 0);
        peaks = { descendants: Math.max(peaks.descendants, sum), itself: Math.max(peaks.itself, own) };
    };
    if (process.platform !== "linux") return () => undefined;
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => {
        clearInterval(timer);
        return peaks;
    };
}

function descendantsOf(pid: number, all: readonly Process[]): Process[] {
    return all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...descendantsOf(child.pid, all)]);
}

function processes(): Process[] {
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .flatMap((name) => look(Number(name)) ?? []);
}

function look(pid: number): Process | undefined {
    try {
        const status = readFileSync(`/proc/${pid}/status`, "utf8");
        const number = (field: string) => Number(new RegExp(`^${field}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
        return { pid, parent: number("PPid"), bytes: number("VmRSS") * 1024 };
    } catch {
        // It ended while it was looked at.
        return undefined;
    }
}
