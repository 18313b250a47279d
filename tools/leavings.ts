/** Cleans up after runs that were killed. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const AN_HOUR = 3_600_000;

/** Removes what killed runs left in `directory` under `prefix`. Younger leavings may belong to a run still at work. */
export async function sweep(directory: string, prefix: string): Promise<void> {
    const names = await readdir(directory).catch(() => []);
    for (const path of names.filter((name) => name.startsWith(prefix)).map((name) => join(directory, name))) {
        // Another run may be sweeping, too.
        const entry = await stat(path).catch(() => undefined);
        if (entry && Date.now() - entry.mtimeMs > AN_HOUR) {
            await rm(path, { recursive: true, force: true });
        }
    }
}
