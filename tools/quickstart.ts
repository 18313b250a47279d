/**
 * `npm run quickstart`: shows what Pulumi does with Blnk, on a local sandbox, and checks after each act that Blnk holds
 * what it should.
 */
import { isDeepStrictEqual, styleText } from "node:util";
import { CommandError } from "@pulumi/pulumi/automation";
import { type Sandbox, startSandbox } from "../sandbox/sandbox";
import { findEngine } from "./engine";
import { type Act, acts } from "./quickstart/acts";
import { describe, ids, table } from "./quickstart/contents";
import { inFreshDirectory, Stage } from "./quickstart/stage";

const EPILOGUE = `The same against an instance of your own, with the Pulumi CLI, in this directory:

  pulumi stack init dev
  pulumi config set blnk:instanceId <id of the instance>
  pulumi config set --secret blnk:accessToken <API key with the scopes proxy:write and data:read>
  pulumi up

or, for a Blnk Core that you host, instead of those two settings:

  pulumi config set blnk:coreUrl <address of Core>
  pulumi config set --secret blnk:coreKey <its master key>

What is made there stays there: Blnk deletes no ledger and no balance. The state after the first "up" of this run is in
.quickstart/state.json.`;

async function main(): Promise<void> {
    // Settings for a real server must not reach the demonstration.
    for (const name of Object.keys(process.env).filter((name) => name.startsWith("BLNK_"))) {
        delete process.env[name];
    }
    const engine = await findEngine((line) => console.log(line));
    const interrupt = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        // Never `once`: a library of the Automation API kills the process as soon as no listener but its own is left.
        process.on(signal, () => (interrupt.signal.aborted ? process.exit(1) : interrupt.abort()));
    }
    const sandbox = await startSandbox();
    try {
        console.log(`Pulumi ${engine.version}, and a Blnk Cloud sandbox at ${sandbox.url}.`);
        await inFreshDirectory(async (directory) => {
            const stage = await Stage.open(directory, engine, sandbox, interrupt.signal);
            await playAll(stage, sandbox, interrupt.signal);
        });
    } catch (error) {
        throw interrupt.signal.aborted
            ? new Error("Interrupted. Nothing is left behind; run it again any time.")
            : error;
    } finally {
        await sandbox.stop();
    }
    console.log(`\n${bold("Everything held what it should.")}\n\n${EPILOGUE}`);
}

async function playAll(stage: Stage, sandbox: Sandbox, signal: AbortSignal): Promise<void> {
    let made: readonly string[] = [];
    for (const [index, act] of acts.entries()) {
        signal.throwIfAborted();
        console.log(`\n${bold(`${index + 1}/${acts.length} ${act.says}`)}\n`);
        sandbox.clearRequests();
        await act.play(stage, sandbox).catch((error: unknown) => {
            throw error instanceof CommandError
                ? new Error(`The quickstart stopped in act ${index + 1}: Pulumi failed, for the reason shown above.`)
                : error;
        });
        const writes = sandbox.writes().length;
        const reads = sandbox.requests().length - writes;
        console.log(
            `Blnk was sent ${count(writes, "write")} and ${count(reads, "read")}. It holds:\n${table(sandbox)}`,
        );
        check(act, index + 1, sandbox);
        if (made.length > 0 && !isDeepStrictEqual(ids(sandbox), made)) {
            throw new Error(`Act ${index + 1} should have kept the ids ${made}, but Blnk holds ${ids(sandbox)}.`);
        }
        made = ids(sandbox);
    }
}

function check(act: Act, number: number, sandbox: Sandbox): void {
    const holds = describe(sandbox);
    if (!isDeepStrictEqual(holds, act.leaves)) {
        throw new Error(`After act ${number} Blnk should hold ${inWords(act.leaves)}, but it holds ${inWords(holds)}.`);
    }
    if (act.onlyReads && sandbox.writes().length > 0) {
        const sent = sandbox.writes().map((request) => `${request.method} ${request.path}`);
        throw new Error(`Act ${number} should only have read, but Pulumi sent ${inWords(sent)}.`);
    }
}

function inWords(list: readonly string[]): string {
    return list.length === 0 ? "nothing" : list.join("; ");
}

function count(number: number, noun: string): string {
    return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function bold(text: string): string {
    return process.stdout.isTTY && !process.env.NO_COLOR ? styleText("bold", text) : text;
}

main()
    .catch((error: unknown) => {
        console.error(`\n${error instanceof Error ? error.message : error}`);
        process.exitCode = 1;
    })
    // Whatever the SDK has left open must not keep the terminal.
    .finally(() => setTimeout(() => process.exit(), 2_000).unref());
