#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { addDoctorCommand } from "./doctor";
import { addSandboxCommand } from "./sandbox";

/** The version of this package, from the nearest package.json above this file. Works before and after the build. */
function packageVersion(): string {
    for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
        try {
            const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
            return version;
        } catch {
            // No package.json here: try the parent folder.
        }
    }
    return "unknown";
}

const program = new Command("pulumi-blnk")
    .description("Tools for the Blnk provider for Pulumi")
    .version(packageVersion());
addSandboxCommand(program);
addDoctorCommand(program);

program.parseAsync().catch((cause: unknown) => {
    console.error(cause instanceof Error ? cause.message : String(cause));
    process.exitCode = 1;
});
