import { connect } from "node:net";

/** How long the engine may take to accept a connection before it counts as slow, not gone. */
const PATIENCE_MS = 5_000;

/**
 * Whether Pulumi's engine is still there. A host whose engine was killed lives on as an orphan, and would go on making
 * things that nobody records; its parent process tells nothing, as it is a shell that lives on as well. So a connection is kept
 * to the engine's address, the host's last argument, and opened again when it closes: refused, the engine is gone.
 */
export class EngineWatch {
    private gone = false;
    private wasThere = false;

    /** `address` is `host:port`; anything else is not watched. */
    constructor(
        address: string | undefined,
        private readonly onGone: () => void = () => undefined,
    ) {
        const match = /^(.+):(\d+)$/.exec(address ?? "");
        if (match?.[1] && match[2]) this.watch(match[1], Number(match[2]));
    }

    /** Whether anybody still waits for what is done here. */
    get isThere(): boolean {
        return !this.gone;
    }

    private watch(host: string, port: number): void {
        const socket = connect({ host, port });
        socket.unref();
        socket.setTimeout(PATIENCE_MS);
        // Only while connecting: an open connection is silent by its nature.
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
