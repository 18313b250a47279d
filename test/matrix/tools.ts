/** The Node binaries and package managers of the cells, which come from npm and are kept between runs. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { MANAGERS, type Manager, NODES, type Node } from "./cells";

const run = promisify(execFile);
const WORK = join(__dirname, ".work");
const INSTALL_ENDS_WITHIN = 5 * 60_000;

const PACKAGES: Readonly<Record<Manager, string | undefined>> = {
    npm: undefined,
    pnpm: `pnpm@${MANAGERS.pnpm}`,
    yarn: `yarn@${MANAGERS.yarn}`,
    "yarn 4": `@yarnpkg/cli-dist@${MANAGERS["yarn 4"]}`,
};

/** The directory of a Node's binary: that of this process where it is the same release. */
export async function nodeDirectory(node: Node): Promise<string> {
    if (process.version === `v${NODES[node]}`) return dirname(process.execPath);
    return join(await installed(`node@${NODES[node]}`), "node", "bin");
}

/** The directory of a package manager's command; undefined for the npm that is on PATH. */
export async function managerDirectory(manager: Manager): Promise<string | undefined> {
    const wanted = PACKAGES[manager];
    return wanted === undefined ? undefined : join(await installed(wanted), ".bin");
}

/** PATH with these directories first. */
export function pathOf(...directories: readonly (string | undefined)[]): string {
    return [...directories.filter((it) => it !== undefined), process.env.PATH ?? ""].join(delimiter);
}

const installing = new Map<string, Promise<string>>();

/** The `node_modules` into which one package has been installed, by itself. */
function installed(wanted: string): Promise<string> {
    const known = installing.get(wanted) ?? install(wanted);
    installing.set(wanted, known);
    return known;
}

async function install(wanted: string): Promise<string> {
    const place = join(WORK, wanted.replace(/\W+/g, "-"));
    if (existsSync(place)) return join(place, "node_modules");
    // Beside it first, so that a run that was cut off leaves no half of it.
    const partial = `${place}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, "package.json"), JSON.stringify({ private: true }));
    const args = ["install", "--no-audit", "--no-fund", "--prefer-offline", wanted];
    await run("npm", args, { cwd: partial, timeout: INSTALL_ENDS_WITHIN });
    renameSync(partial, place);
    return join(place, "node_modules");
}
