import { type Command, InvalidArgumentError } from "commander";
import { exitCodeOf } from "./doctor/check";
import { diagnose } from "./doctor/diagnose";
import { tableOf } from "./doctor/table";

interface Flags {
    stack?: string;
    marks?: string;
    measureLag?: true;
}

/** Adds `doctor` to the program. It checks the settings, the server, and the marks of a stack. */
export function addDoctorCommand(program: Command): void {
    program
        .command("doctor")
        .description(
            "check settings, credentials, the Blnk server and the marks of a stack; exit code 0: no problems, " +
                "1: problems found, 2: some checks could not be completed",
        )
        .option("--stack <name>", "read the configuration of this stack instead of the selected one")
        .option("--marks <project/stack>", "check the marks of this stack (needed outside a Pulumi project)", marks)
        .option("--measure-lag", "measure how far reads lag behind writes: creates one ledger, which cannot be deleted")
        .action(run);
}

async function run({ stack, marks, measureLag }: Flags): Promise<void> {
    const checks = await diagnose({
        directory: process.cwd(),
        environment: process.env,
        ...(stack === undefined ? {} : { stack }),
        ...(marks === undefined ? {} : { marks }),
        measuresLag: measureLag === true,
        say: (line) => console.log(`${line}\n`),
    });
    const exitCode = exitCodeOf(checks);
    console.log(tableOf(checks, exitCode));
    process.exitCode = exitCode;
}

function marks(text: string): string {
    if (!/^[^/]+\/[^/]+$/.test(text)) throw new InvalidArgumentError("must have the form <project>/<stack>.");
    return text;
}
