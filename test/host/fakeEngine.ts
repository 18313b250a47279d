import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { listen } from "../loopback";

/** A message that the engine was asked to show. */
export interface Message {
    /** A status lasts until the next message. Their number depends on timing. */
    readonly severity: "warning" | "other" | "status";
    readonly text: string;
    readonly urn: string;
}

/** The part of Pulumi's engine that receives messages for the display. */
export interface FakeEngine {
    readonly address: string;
    /** The messages since the last call. */
    take(): readonly Message[];
    stop(): void;
}

export async function startFakeEngine(): Promise<FakeEngine> {
    let messages: Message[] = [];
    const server = new grpc.Server();
    const log: grpc.handleUnaryCall<LogRequest, Empty> = ({ request }, answer) => {
        const lasting = request.getSeverity() === LogSeverity.WARNING ? "warning" : "other";
        const severity = request.getEphemeral() ? "status" : lasting;
        messages.push({ severity, text: request.getMessage(), urn: request.getUrn() });
        answer(null, new Empty());
    };
    server.addService(
        { log: EngineService.log } as grpc.ServiceDefinition,
        { log } as grpc.UntypedServiceImplementation,
    );
    const address = await listen(server);
    return {
        address,
        take: () => {
            const taken = messages;
            messages = [];
            return taken;
        },
        stop: () => server.forceShutdown(),
    };
}
