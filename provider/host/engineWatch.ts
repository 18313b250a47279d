import { connect } from "node:net";

/** How long the engine may take to accept a connection before it counts as slow, not gone. */
const PATIENCE_MS = 5_000;

/**
 * Whether Pulumi's engine is still running. If the engine is killed, this host process stays alive and would create things that
 * nobody records. The parent process does not help: it is a shell that stays alive as well. So this keeps a connection to the
 * engine's address (the host's last argument) and opens it again when it closes. If that is refused, the engine is gone.
 */
export class EngineWatch {
    private gone = false;
    private wasThere = false;

    /** `address` is `host:port`. Any other value is not watched. */
    constructor(
        address: string | undefined,
        private readonly onGone: () => void = () => undefined,
    ) {
        const match = /^(.+):(\d+)$/.exec(address ?? "");
        if (match?.[1] && match[2]) this.watch(match[1], Number(match[2]));
    }

    /** Whether the engine still waits for results. */
    get isThere(): boolean {
        return !this.gone;
    }

    private watch(host: string, port: number): void {
        const socket = connect({ host, port });
        socket.unref();
        socket.setTimeout(PATIENCE_MS);
        // Only while connecting: an open connection is silent.
        socket.once("timeout", () => socket.destroy());
        socket.once("connect", () => {
            this.wasThere = true;
            socket.setTimeout(0);
        });
        let refused = false;
        socket.once("error", ({ code }: NodeJS.ErrnoException) => {
            refused = code === "ECONNREFUSED";
        });
        socket.once("close", () => {
            if (refused && this.wasThere) {
                this.gone = true;
                this.onGone();
            } else if (!refused) {
                setTimeout(() => this.watch(host, port), 100).unref();
            }
        });
        socket.resume();
    }
}
