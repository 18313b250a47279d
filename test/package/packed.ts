import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";

export const ROOT = resolve(__dirname, "../..");
export const run = promisify(execFile);

interface Manifest {
    readonly name: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly bin: Readonly<Record<string, string>>;
}

/** What `npm publish` would send. */
export interface Packed {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
}

export function manifestIn(folder: string): Manifest {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** Packs the package as it was built before: building again while other tests run would take dist away from them. */
export async function pack(destination: string): Promise<Packed> {
    const options = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination];
    const { stdout } = await run("npm", options, { cwd: ROOT });
    const [packed] = JSON.parse(stdout) as [Packed];
    return packed;
}

/** The files that the package would contain, as paths from the root. */
export async function packedFiles(): Promise<readonly string[]> {
    const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--dry-run"], { cwd: ROOT });
    const [{ files }] = JSON.parse(stdout) as [Packed];
    return files.map(({ path }) => path);
}

/**
 * Unpacks a tarball into the node_modules of a folder, and beside it what npm would install for production: its
 * dependencies, copied from here, so that no registry is asked and nothing else can be found.
 */
export async function install(tarball: string, folder: string): Promise<readonly string[]> {
    const own = join(folder, "node_modules", "pulumi-blnk");
    mkdirSync(own, { recursive: true });
    await run("tar", ["-xzf", tarball, "-C", own, "--strip-components=1"]);
    const folders = productionFolders(Object.keys(manifestIn(own).dependencies ?? {}), ROOT);
    for (const installed of folders) cpSync(installed, join(folder, relative(ROOT, installed)), { recursive: true });
    return folders.map((installed) => manifestIn(installed).name).sort();
}

/** Gives a folder the SDK, which every program installs itself. */
export function linkSdk(folder: string): void {
    mkdirSync(join(folder, "node_modules", "@pulumi"));
    symlinkSync(join(ROOT, "node_modules/@pulumi/pulumi"), join(folder, "node_modules/@pulumi/pulumi"));
}

function productionFolders(names: readonly string[], from: string, seen = new Set<string>()): readonly string[] {
    for (const name of names) {
        const found = installedFolder(name, from);
        if (seen.has(found)) continue;
        seen.add(found);
        productionFolders(Object.keys(manifestIn(found).dependencies ?? {}), found, seen);
    }
    return [...seen];
}

function installedFolder(name: string, from: string): string {
    const folder = join(from, "node_modules", name);
    if (existsSync(folder)) return folder;
    if (from === ROOT) throw new Error(`${name} is not installed`);
    return installedFolder(name, dirname(from));
}
