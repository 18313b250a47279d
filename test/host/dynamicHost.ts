import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

export type Bag = Readonly<Record<string, unknown>>;

/** A process of Pulumi's own dynamic host, called as the engine calls it. */
export interface DynamicHost {
    check(olds: Bag, news: Bag): Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }>;
    diff(id: string, olds: Bag, news: Bag): Promise<{ changes: number; replaces: string[] }>;
    create(properties: Bag): Promise<{ id: string; properties: Bag }>;
    read(id: string, properties: Bag): Promise<{ id: string; properties: Bag; inputs: Bag | undefined }>;
    update(id: string, olds: Bag, news: Bag): Promise<Bag>;
    delete(id: string, properties: Bag): Promise<void>;
    /** All output of the process. */
    printed(): string;
    stop(): Promise<void>;
}

export interface DynamicHostOptions {
    /** The directory of the program. */
    readonly directory: string;
    readonly config: Bag;
    readonly environment?: Readonly<Record<string, string>>;
    /** The address of the engine. Nothing listens at the default address. */
    readonly engine?: string;
}

/** A program's directory inside this package, from which the package is found under its own name. */
export const PROGRAM = __dirname;

// A failed test leaves its host running, and this process would wait for it.
const running = new Set<ChildProcess>();
after(() => {
    for (const child of running) child.kill();
});

const SCRIPT = join(require.resolve("@pulumi/pulumi/package.json"), "../cmd/dynamic-provider");

export async function startDynamicHost(options: DynamicHostOptions): Promise<DynamicHost> {
    const { directory, config, environment = {}, engine = "127.0.0.1:1" } = options;
    const { PATH = "" } = process.env;
    const child = spawn(process.execPath, [SCRIPT, engine], {
        cwd: directory,
        env: { PATH, PULUMI_NODEJS_PROJECT: "shop", PULUMI_NODEJS_STACK: "dev", ...environment },
        stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    let printed = "";
    child.stderr.on("data", (piece) => (printed += String(piece)));
    const port = await portOf(child, (piece) => (printed += piece));
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const ask = <Asked, Answer>(method: string, request: Asked) =>
        new Promise<Answer>((resolve, reject) => {
            const methods = client as unknown as Record<string, (asked: Asked, done: Done<Answer>) => void>;
            methods[method]?.call(client, request, (error, answer) => (error ? reject(error) : resolve(answer)));
        });

    const configuration = new messages.ConfigureRequest();
    configuration.setArgs(struct(config));
    await ask("configure", configuration);

    return {
        async check(olds, news) {
            const request = new messages.CheckRequest();
            request.setOlds(struct(olds));
            request.setNews(struct(news));
            const answer = await ask<unknown, messages.CheckResponse>("check", request);
            const failures = answer.getFailuresList().map((failure) => failure.toObject());
            return { inputs: bag(answer.getInputs()), failures };
        },
        async diff(id, olds, news) {
            const request = new messages.DiffRequest();
            request.setId(id);
            request.setOlds(struct(olds));
            request.setNews(struct(news));
            const answer = await ask<unknown, messages.DiffResponse>("diff", request);
            return { changes: answer.getChanges(), replaces: answer.getReplacesList() };
        },
        async create(properties) {
            const request = new messages.CreateRequest();
            request.setProperties(struct(properties));
            const answer = await ask<unknown, messages.CreateResponse>("create", request);
            return { id: answer.getId(), properties: bag(answer.getProperties()) };
        },
        async read(id, properties) {
            const request = new messages.ReadRequest();
            request.setId(id);
            request.setProperties(struct(properties));
            const answer = await ask<unknown, messages.ReadResponse>("read", request);
            const inputs = answer.getInputs();
            return { id: answer.getId(), properties: bag(answer.getProperties()), inputs: inputs && bag(inputs) };
        },
        async update(id, olds, news) {
            const request = new messages.UpdateRequest();
            request.setId(id);
            request.setOlds(struct(olds));
            request.setNews(struct(news));
            return bag((await ask<unknown, messages.UpdateResponse>("update", request)).getProperties());
        },
        async delete(id, properties) {
            const request = new messages.DeleteRequest();
            request.setId(id);
            request.setProperties(struct(properties));
            await ask("delete", request);
        },
        printed: () => printed,
        async stop() {
            client.close();
            const ended = new Promise((resolve) => child.once("exit", resolve));
            child.kill();
            await ended;
        },
    };
}

type Done<Answer> = (error: Error | null, answer: Answer) => void;

function struct(properties: Bag): Struct {
    return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

function bag(properties: Struct | undefined): Bag {
    return (properties?.toJavaScript() ?? {}) as Bag;
}

/** The host's first line is its port. Further output is for people. */
function portOf(child: ChildProcess, rest: (piece: string) => void): Promise<string> {
    return new Promise((resolve, reject) => {
        let port: string | undefined;
        let text = "";
        child.stdout?.on("data", (piece) => {
            if (port !== undefined) return rest(String(piece));
            text += String(piece);
            if (!text.includes("\n")) return;
            port = text.slice(0, text.indexOf("\n"));
            resolve(port);
        });
        child.once("exit", (code) => reject(new Error(`the dynamic host ended with ${code}`)));
    });
}
