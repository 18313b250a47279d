#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { addDoctorCommand } from "./doctor";
import { addSandboxCommand } from "./sandbox";

/** The version of the package this file is part of: its package.json is the next one upwards, built or not. */
function packageVersion(): string {
    for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
        try {
            const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
            return version;
        } catch {
            // Not here: look one folder up.
        }
    }
    return "unknown";
}

const program = new Command("pulumi-blnk")
    .description("Tools around the Blnk provider for Pulumi")
    .version(packageVersion());
addSandboxCommand(program);
addDoctorCommand(program);

program.parseAsync().catch((cause: unknown) => {
    console.error(cause instanceof Error ? cause.message : String(cause));
    process.exitCode = 1;
});
