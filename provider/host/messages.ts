import { createRequire } from "node:module";

type Grpc = typeof import("@grpc/grpc-js");
type EngineClient = import("@pulumi/pulumi/proto/engine_grpc_pb").EngineClient;

interface Wire {
    readonly grpc: Grpc;
    readonly client: EngineClient;
    readonly messages: typeof import("@pulumi/pulumi/proto/engine_pb");
}

let wire: Wire | undefined;

/**
 * Shows a warning on a resource's row in Pulumi's display. The engine's address is the host's last argument, which is
 * not documented: where that fails the warning goes to standard output, which Pulumi shows under the stack.
 */
export async function warn(urn: string | undefined, text: string): Promise<void> {
    try {
        wire ??= connect();
        const { client, grpc, messages } = wire;
        const request = new messages.LogRequest();
        request.setSeverity(messages.LogSeverity.WARNING);
        request.setMessage(text);
        if (urn !== undefined) request.setUrn(urn);
        await new Promise<void>((resolve, reject) => {
            const patience = { deadline: Date.now() + 2000 };
            client.log(request, new grpc.Metadata(), patience, (error) => (error ? reject(error) : resolve()));
        });
    } catch {
        process.stdout.write(`warning: ${text}\n`);
    }
}

function connect(): Wire {
    // The SDK that runs this process, already loaded, rather than whichever one lies nearest to this file.
    const sdk = createRequire(require.main?.filename ?? __filename);
    const grpc = sdk("@grpc/grpc-js") as Grpc;
    const services = sdk("@pulumi/pulumi/proto/engine_grpc_pb") as typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
    const messages = sdk("@pulumi/pulumi/proto/engine_pb") as Wire["messages"];
    const address = process.argv.at(-1) ?? "";
    return { grpc, client: new services.EngineClient(address, grpc.credentials.createInsecure()), messages };
}
