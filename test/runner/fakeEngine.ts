import { basename } from "node:path";
import { Server, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import {
    GetRootResourceResponse,
    type LogRequest,
    LogSeverity,
    SetRootResourceResponse,
} from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
    type ReadResourceRequest,
    ReadResourceResponse,
    type RegisterResourceRequest,
    RegisterResourceResponse,
    SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { SourcePosition } from "@pulumi/pulumi/proto/source_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { listen } from "../loopback";

/** A resource as a program registered it. */
export interface Registered {
    readonly type: string;
    readonly name: string;
    readonly inputs: Record<string, unknown>;
    /** The line that declares it, such as `index.ts:3`; empty where it has no file. */
    readonly declaredAt: string;
    /** The lines that lead there, innermost first. */
    readonly stack: readonly string[];
}

/** The engine's side of a program, which notes what is registered and makes nothing. */
export class FakeEngine {
    readonly registered: Registered[] = [];
    readonly logged: string[] = [];
    private readonly server = new Server();

    /** Starts it on a free loopback port and resolves to its address. */
    async start(project: string, stack: string): Promise<string> {
        const refuse = (_call: unknown, answer: sendUnaryData<unknown>) =>
            answer(Object.assign(new Error("not served"), { code: 12 }));
        const all = (service: object) => Object.fromEntries(Object.keys(service).map((method) => [method, refuse]));
        this.server.addService(
            ResourceMonitorService as never,
            {
                ...all(ResourceMonitorService),
                supportsFeature: (_call: unknown, answer: sendUnaryData<SupportsFeatureResponse>) => {
                    const response = new SupportsFeatureResponse();
                    response.setHassupport(false);
                    answer(null, response);
                },
                registerResource: (
                    { request }: ServerUnaryCall<RegisterResourceRequest, RegisterResourceResponse>,
                    answer: sendUnaryData<RegisterResourceResponse>,
                ) => {
                    const inputs = request.getObject()?.toJavaScript() ?? {};
                    const frames = request.getStacktrace()?.getFramesList() ?? [];
                    this.registered.push({
                        type: request.getType(),
                        name: request.getName(),
                        inputs,
                        declaredAt: lineOf(request.getSourceposition()),
                        stack: frames.map((frame) => lineOf(frame.getPc())),
                    });
                    const response = new RegisterResourceResponse();
                    response.setUrn(`urn:pulumi:${stack}::${project}::${request.getType()}::${request.getName()}`);
                    if (request.getCustom()) response.setId(`id_of_${request.getName()}`);
                    response.setObject(Struct.fromJavaScript({ ...inputs, server: "inst_x" }));
                    answer(null, response);
                },
                // A look-up: the program gets an answer to go on with.
                readResource: (
                    { request }: ServerUnaryCall<ReadResourceRequest, ReadResourceResponse>,
                    answer: sendUnaryData<ReadResourceResponse>,
                ) => {
                    const response = new ReadResourceResponse();
                    response.setUrn(`urn:pulumi:${stack}::${project}::${request.getType()}::${request.getName()}`);
                    // One thing for those who ask for one, and none for those who ask for any number.
                    response.setProperties(Struct.fromJavaScript({ found: { id: "found_id", some: [] } }));
                    answer(null, response);
                },
                registerResourceOutputs: (_call: unknown, answer: sendUnaryData<Empty>) => answer(null, new Empty()),
                signalAndWaitForShutdown: (_call: unknown, answer: sendUnaryData<Empty>) => answer(null, new Empty()),
            } as never,
        );
        this.server.addService(
            EngineService as never,
            {
                ...all(EngineService),
                log: ({ request }: ServerUnaryCall<LogRequest, Empty>, answer: sendUnaryData<Empty>) => {
                    // Debug messages are not for the user.
                    if (request.getSeverity() > LogSeverity.DEBUG) this.logged.push(request.getMessage());
                    answer(null, new Empty());
                },
                getRootResource: (_call: unknown, answer: sendUnaryData<GetRootResourceResponse>) =>
                    answer(null, new GetRootResourceResponse()),
                setRootResource: (_call: unknown, answer: sendUnaryData<SetRootResourceResponse>) =>
                    answer(null, new SetRootResourceResponse()),
            } as never,
        );
        return listen(this.server);
    }

    stop(): void {
        this.server.forceShutdown();
    }
}

function lineOf(place: SourcePosition | undefined): string {
    return place?.getUri() ? `${basename(place.getUri())}:${place.getLine()}` : "";
}
