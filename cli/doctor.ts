import { type Command, InvalidArgumentError } from "commander";
import { exitCodeOf } from "./doctor/check";
import { diagnose } from "./doctor/diagnose";
import { tableOf } from "./doctor/table";

interface Flags {
    stack?: string;
    marks?: string;
    measureLag?: true;
}

/** Adds `doctor` to the program: what is configured, what the server can do, and what of a stack is wrong there. */
export function addDoctorCommand(program: Command): void {
    program
        .command("doctor")
        .description(
            "look at settings, credentials and the Blnk server, and at what a stack has there; exit code 0: all right, " +
                "1: something is wrong, 2: something could not be told",
        )
        .option("--stack <name>", "the stack whose configuration is read, instead of the selected one")
        .option("--marks <project/stack>", "the stack whose things are looked at, where no configuration tells", marks)
        .option("--measure-lag", "measure how late reads are: makes one ledger, which stays in Blnk for ever")
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
    if (!/^[^/]+\/[^/]+$/.test(text)) throw new InvalidArgumentError("give it as <project>/<stack>.");
    return text;
}
