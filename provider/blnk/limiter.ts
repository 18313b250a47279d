import type { LimitFunction } from "p-limit";

/** The lower bound. A server that answers 429 to single requests needs waiting, not a lower limit. */
const LEAST = 1;

/** Limits requests in flight. Each 429 halves the limit, and each answer raises it a little. */
export class Limiter {
    private limit: Promise<LimitFunction> | undefined;
    private allowed: number;

    constructor(private readonly most: number) {
        this.allowed = most;
    }

    /** Runs a request as soon as the limit allows it. */
    async run<T>(request: () => Promise<T>): Promise<T> {
        // Loaded on first use: it is an ES module, and a run without requests never needs it.
        this.limit ??= import("p-limit").then(({ default: pLimit }) => pLimit(this.allowed));
        return (await this.limit)(request);
    }

    /** Call it when the server answered 429. */
    async tooMany(): Promise<void> {
        await this.set(Math.max(LEAST, Math.floor(this.allowed / 2)));
    }

    /** Call it after each successful answer. */
    async answered(): Promise<void> {
        if (this.allowed < this.most) await this.set(this.allowed + 1 / this.allowed);
    }

    private async set(allowed: number): Promise<void> {
        this.allowed = Math.min(this.most, allowed);
        const limit = await this.limit;
        if (limit) limit.concurrency = Math.floor(this.allowed);
    }
}
