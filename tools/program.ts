/** Runs a program directory through the Automation API, as the CLI would run it. */
import { resolve } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";

/**
 * The program in `directory`, to be run inline. What it exports becomes the stack's outputs.
 *
 * Each run evaluates the file anew: a program declares its resources while it is loaded, and one process runs it
 * several times.
 */
export function programIn(directory: string): PulumiFn {
    const file = require.resolve(resolve(directory));
    return async () => {
        delete require.cache[file];
        const outputs: Record<string, unknown> = require(file);
        return { ...outputs };
    };
}
