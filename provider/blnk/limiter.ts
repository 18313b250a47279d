import type { LimitFunction } from "p-limit";

/** The limit never falls below this: a server that answers 429 to one request at a time is waited for. */
const LEAST = 1;

/** How many requests may be out at once: halved when the server says that it is too many, won back answer by answer. */
export class Limiter {
    private limit: Promise<LimitFunction> | undefined;
    private allowed: number;

    constructor(private readonly most: number) {
        this.allowed = most;
    }

    /** Runs a request when there is room for it. */
    async run<T>(request: () => Promise<T>): Promise<T> {
        // Loaded on first use: an ES module that a run without requests never needs.
        this.limit ??= import("p-limit").then(({ default: pLimit }) => pLimit(this.allowed));
        return (await this.limit)(request);
    }

    /** Notes that the server had too many requests. */
    async tooMany(): Promise<void> {
        await this.set(Math.max(LEAST, Math.floor(this.allowed / 2)));
    }

    /** Notes that the server answered. */
    async answered(): Promise<void> {
        if (this.allowed < this.most) await this.set(this.allowed + 1 / this.allowed);
    }

    private async set(allowed: number): Promise<void> {
        this.allowed = Math.min(this.most, allowed);
        const limit = await this.limit;
        if (limit) limit.concurrency = Math.floor(this.allowed);
    }
}
