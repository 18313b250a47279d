import { type Command, InvalidArgumentError } from "commander";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox/sandbox";

interface Flags {
    port: number;
    token?: string;
    instance?: string;
    corePort: number;
    coreKey?: string;
    core?: string;
}

/** Adds `sandbox` to the program: a local Blnk Cloud that runs until it is interrupted. */
export function addSandboxCommand(program: Command): void {
    program
        .command("sandbox")
        .description("serve a local Blnk Cloud with an in-memory Core, on 127.0.0.1")
        .option("--port <port>", "port of Blnk Cloud", port, 4747)
        .option("--token <token>", "an access token with all scopes; with --core the default is a random one")
        .option("--instance <id>", "id of the instance")
        .option("--core-port <port>", "port of the Core", port, 5001)
        .option("--core-key <key>", "key of the Core; with --core, the key of that real Core")
        .option("--core <url>", "use this real Core instead of the in-memory one")
        .action(run);
}

async function run(flags: Flags): Promise<void> {
    const options = optionsFrom(flags);
    let sandbox: Sandbox;
    try {
        sandbox = await startSandbox(options);
    } catch (cause) {
        const { code, port: taken } = cause as { code?: string; port?: number };
        const used = `Port ${taken} is already in use. Choose another port with ${taken === flags.port ? "--port" : "--core-port"}.`;
        console.error(code === "EADDRINUSE" ? used : `The sandbox could not start: ${String(cause)}`);
        process.exitCode = 1;
        return;
    }
    console.log(greeting(sandbox, flags.core));
    const stop = () => void sandbox.stop().then(() => process.exit(0));
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
}

function optionsFrom(flags: Flags): SandboxOptions {
    const options: SandboxOptions = { port: flags.port };
    if (flags.token !== undefined) {
        options.token = flags.token;
    }
    if (flags.instance !== undefined) {
        options.instance = flags.instance;
    }
    if (flags.core !== undefined) {
        return { ...options, core: { url: flags.core, key: flags.coreKey ?? "" } };
    }
    options.corePort = flags.corePort;
    if (flags.coreKey !== undefined) {
        options.coreKey = flags.coreKey;
    }
    return options;
}

function greeting(sandbox: Sandbox, realCore: string | undefined): string {
    const { url, coreUrl, token, instance, coreKey } = sandbox;
    const cloud = [
        `Blnk Cloud sandbox   ${url}`,
        realCore === undefined ? `In-memory Core       ${coreUrl}` : `in front of          ${realCore}`,
        "",
        "Blnk Cloud, in the environment:",
        `  export BLNK_ACCESS_TOKEN=${token}`,
        `  export BLNK_INSTANCE_ID=${instance}`,
        `  export BLNK_CLOUD_URL=${url}`,
        "Blnk Cloud, in the stack configuration:",
        `  pulumi config set --secret blnk:accessToken ${token}`,
        `  pulumi config set blnk:instanceId ${instance}`,
        `  pulumi config set blnk:cloudUrl ${url}`,
        "",
    ];
    // The key of a real Core belongs to the user, and is not printed.
    const core = [
        "Blnk Core, in the environment:",
        `  export BLNK_CORE_URL=${coreUrl}`,
        `  export BLNK_CORE_KEY=${coreKey}`,
        "Blnk Core, in the stack configuration:",
        `  pulumi config set blnk:coreUrl ${coreUrl}`,
        `  pulumi config set --secret blnk:coreKey ${coreKey}`,
        "",
    ];
    const held = realCore === undefined ? "All data is in memory and is lost on exit. " : "";
    const close = `${held}Requests so far: ${url}/_sandbox/requests. Stop with Ctrl+C.`;
    return [...cloud, ...(realCore === undefined ? core : []), close].join("\n");
}

function port(text: string): number {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number > 65_535) {
        throw new InvalidArgumentError("must be a whole number from 0 to 65535.");
    }
    return number;
}
