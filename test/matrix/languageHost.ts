import { spawn } from "node:child_process";
import { join } from "node:path";
import { Server, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { GetRequiredPluginsResponse, type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { listen } from "../loopback";

/** The exit code by which Pulumi's runner says that it has told the user already. */
const TOLD_ALREADY = 32;

/** The part of Pulumi's Node language host that runs programs: it starts the SDK's own runner, in the project's folder. */
export class LanguageHost {
    /** What programs printed. */
    printed = "";
    private readonly server = new Server();

    /** @param environment that of the program; the `node` of its PATH runs it. */
    constructor(
        private readonly project: string,
        private readonly typescript: boolean,
        private readonly environment: NodeJS.ProcessEnv,
    ) {}

    /** Starts it on a free loopback port and resolves to its address. */
    async start(): Promise<string> {
        this.server.addService(
            LanguageRuntimeService as never,
            {
                getRequiredPlugins: (_call: unknown, answer: sendUnaryData<GetRequiredPluginsResponse>) =>
                    answer(null, new GetRequiredPluginsResponse()),
                getPluginInfo: (_call: unknown, answer: sendUnaryData<PluginInfo>) =>
                    answer(null, new PluginInfo().setVersion("1.0.0")),
                run: async (
                    { request }: ServerUnaryCall<RunRequest, RunResponse>,
                    answer: sendUnaryData<RunResponse>,
                ) => answer(null, await this.run(request)),
            } as never,
        );
        return listen(this.server);
    }

    stop(): void {
        this.server.forceShutdown();
    }

    private run(request: RunRequest): Promise<RunResponse> {
        const [engine = ""] = request.getArgsList();
        const info = request.getInfo();
        const options = {
            monitor: request.getMonitorAddress(),
            engine,
            organization: request.getOrganization(),
            project: request.getProject(),
            "root-directory": info?.getRootDirectory() ?? this.project,
            stack: request.getStack(),
            pwd: info?.getProgramDirectory() ?? this.project,
            parallel: `${request.getParallel()}`,
        };
        const args = [
            join(this.project, "node_modules/@pulumi/pulumi/cmd/run"),
            ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
            ...(request.getDryrun() ? ["--dry-run"] : []),
            info?.getEntryPoint() ?? ".",
        ];
        // Pulumi's own hands the keys over in the form that its oldest SDKs know.
        const config = request.getConfigMap().toArray();
        const env = {
            ...this.environment,
            PULUMI_CONFIG: JSON.stringify(
                Object.fromEntries(config.map(([key, value]) => [key.replace(":", ":config:"), value])),
            ),
            PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
            ...(this.typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
        };
        return new Promise((resolve) => {
            const program = spawn("node", args, { cwd: this.project, env, stdio: ["ignore", "pipe", "pipe"] });
            for (const stream of [program.stdout, program.stderr]) {
                stream.on("data", (chunk: Buffer) => {
                    this.printed += chunk.toString();
                });
            }
            program.on("error", (error) => resolve(new RunResponse().setError(`${error}`)));
            program.on("close", (code) => {
                const response = new RunResponse();
                if (code === TOLD_ALREADY) response.setBail(true);
                else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
                resolve(response);
            });
        });
    }
}
