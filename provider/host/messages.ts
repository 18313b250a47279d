import { createRequire } from "node:module";
import { printableLines } from "../blnk/words";

type Grpc = typeof import("@grpc/grpc-js");
type EngineClient = import("@pulumi/pulumi/proto/engine_grpc_pb").EngineClient;

interface Wire {
    readonly grpc: Grpc;
    readonly client: EngineClient;
    readonly messages: typeof import("@pulumi/pulumi/proto/engine_pb");
}

let wire: Wire | undefined;

/** How a message is shown: a `status` lasts until the next message, the others stay. */
export type Kind = "warning" | "info" | "status";

/**
 * Shows a message on a resource's row in Pulumi's display. It takes the engine's address from the host's last argument, which is
 * not documented. If that fails, the message goes to standard output, which Pulumi shows under the stack.
 */
export async function show(kind: Kind, urn: string | undefined, text: string): Promise<void> {
    try {
        wire ??= connect();
        const { client, grpc, messages } = wire;
        const request = new messages.LogRequest();
        request.setSeverity(kind === "warning" ? messages.LogSeverity.WARNING : messages.LogSeverity.INFO);
        request.setEphemeral(kind === "status");
        // The message may quote names and marks from Blnk.
        request.setMessage(printableLines(text));
        if (urn !== undefined) request.setUrn(urn);
        await new Promise<void>((resolve, reject) => {
            const patience = { deadline: Date.now() + 2000 };
            client.log(request, new grpc.Metadata(), patience, (error) => (error ? reject(error) : resolve()));
        });
    } catch {
        if (kind !== "status") process.stdout.write(`${kind}: ${printableLines(text)}\n`);
    }
}

function connect(): Wire {
    // The SDK that runs this process, not another copy that may be nearer to this file.
    const sdk = createRequire(require.main?.filename ?? __filename);
    const grpc = sdk("@grpc/grpc-js") as Grpc;
    const services = sdk("@pulumi/pulumi/proto/engine_grpc_pb") as typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
    const messages = sdk("@pulumi/pulumi/proto/engine_pb") as Wire["messages"];
    const address = process.argv.at(-1) ?? "";
    return { grpc, client: new services.EngineClient(address, grpc.credentials.createInsecure()), messages };
}
