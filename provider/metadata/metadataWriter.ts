import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../blnk/connection";
import { type Metadata, readMetadata, writeMetadata } from "../blnk/metadata";
import { MARK_KEY } from "../marks/mark";
import { sameJson } from "../wire/json";
import { heldUnder, mergedKeys, refuseTooLarge } from "./metadata";
import { mayHaveActed, UnsettledWrite } from "./unsettledWrite";

/** How often a write is repeated after another writer has undone it. */
const MOST_REPAIRS = 5;

/** Decides what to write, from the current metadata. It gets undefined when the thing does not exist. */
export type Decide = (held: Metadata | undefined) => Metadata;

/** The parts of an operation that the writer needs. */
export interface WriterContext {
    readonly blnk: Connection;
    /** Knows what this run has created. */
    readonly declarations: { isMade(id: string): boolean };
    /** Puts a warning on the resource's row. */
    warn(text: string): void;
    /** Shows how far an operation has come, until the next message. */
    status(text: string): void;
}

interface Change {
    readonly context: WriterContext;
    readonly decide: Decide;
    readonly done: () => void;
    readonly failed: (error: unknown) => void;
}

interface Written {
    readonly change: Change;
    readonly patch: Metadata;
}

/**
 * The only writer of each thing's metadata in a run. For each write Blnk reads, merges and rewrites all metadata, so two
 * writes at the same time destroy each other's keys. Therefore simultaneous changes of a thing become one write, and a thing
 * has at most one write in flight. After each write the thing is read back. Keys that another writer has undone are written again.
 */
export class MetadataWriter {
    private readonly waiting = new Map<string, Change[]>();
    private readonly peeked = new Map<string, Promise<Metadata | undefined>>();

    /** The metadata of a thing, read once in a run. Good enough for a preview to see whether a key is taken. */
    peek(context: WriterContext, id: string): Promise<Metadata | undefined> {
        const known = this.peeked.get(id);
        if (known !== undefined) return known;
        const held = readMetadata(context.blnk, id);
        this.peeked.set(id, held);
        held.catch(() => this.peeked.delete(id));
        return held;
    }

    /** Changes a thing's metadata. Resolves when a read shows the change. */
    async change(context: WriterContext, id: string, decide: Decide): Promise<void> {
        return new Promise((done, failed) => {
            const change = { context, decide, done, failed };
            const waiting = this.waiting.get(id);
            if (waiting !== undefined) {
                waiting.push(change);
                return;
            }
            const first = [change];
            this.waiting.set(id, first);
            void this.work(context, id, first);
        });
    }

    private async work(context: WriterContext, id: string, waiting: Change[]): Promise<void> {
        let written: Written[] = [];
        // Whether Blnk may have stored the write.
        let isOut = false;
        try {
            let held = await readAfterCreate(context, id);
            let repairs = 0;
            for (;;) {
                const added = waiting.splice(0).flatMap((change) => prepare(change, id, held, written));
                written.push(...added);
                const missing = differing(merged(written), held ?? {});
                if (Object.keys(missing).length === 0) {
                    for (const { change } of written) change.done();
                    written = [];
                    isOut = false;
                    if (waiting.length === 0) return;
                    held = await readMetadata(context.blnk, id);
                    continue;
                }
                repairs = added.length > 0 ? 0 : repairs + 1;
                if (repairs > MOST_REPAIRS) throw new Error(overwritten(id, Object.keys(missing)));
                try {
                    await writeMetadata(context.blnk, id, missing);
                    isOut = true;
                } catch (error) {
                    isOut ||= mayHaveActed(error);
                    throw error;
                }
                const now = await readBack(context, id, held ?? {}, missing);
                reportLosses(context, id, held ?? {}, now ?? {}, merged(written));
                held = now;
            }
        } catch (error) {
            const failure = isOut ? unsettled(error) : error;
            for (const { change } of written) change.failed(failure);
            for (const change of waiting) change.failed(error);
        } finally {
            this.waiting.delete(id);
        }
    }
}

/**
 * The metadata of a thing after a write. While it is the same as before, reads lag and do not show the write yet: wait. Any
 * other metadata is the result, possibly with changes of another writer.
 */
async function readBack(
    context: WriterContext,
    id: string,
    before: Metadata,
    patch: Metadata,
): Promise<Metadata | undefined> {
    const { policy } = context.blnk;
    await wait(policy.settleMs);
    const began = performance.now();
    for (let pause = policy.settleMs, repeated = false; ; pause *= 2) {
        const now = await readMetadata(context.blnk, id);
        if (now === undefined || !sameJson(now, before)) return now;
        const waited = performance.now() - began;
        if (waited >= policy.lagMs) throw new Error(notShown(context, id, patch, waited));
        // Another writer may have restored the old metadata.
        if (waited >= policy.lagMs / 2 && !repeated) {
            repeated = true;
            await writeMetadata(context.blnk, id, patch);
        }
        context.status(`waiting until Blnk shows what was written to ${id}`);
        await wait(Math.min(pause, policy.lagMs / 4));
    }
}

/** The metadata of a thing. Waits for a thing that this run has created and that reads do not show yet. */
async function readAfterCreate(context: WriterContext, id: string): Promise<Metadata | undefined> {
    const { policy } = context.blnk;
    const began = performance.now();
    for (let pause = policy.settleMs; ; pause *= 2) {
        const held = await readMetadata(context.blnk, id);
        const waited = performance.now() - began;
        if (held !== undefined || !context.declarations.isMade(id) || waited >= policy.lagMs) return held;
        context.status(`waiting until Blnk shows ${id}, which was just created`);
        await wait(Math.min(pause, policy.lagMs / 4));
    }
}

function unsettled(error: unknown): UnsettledWrite {
    return new UnsettledWrite(error instanceof Error ? error.message : String(error), { cause: error });
}

function notShown(context: WriterContext, id: string, patch: Metadata, waitedMs: number): string {
    return (
        `${context.blnk.settings.url} accepted the metadata of ${id} (${Object.keys(patch).join(", ")}), but did not show it ` +
        `within ${Math.round(waitedMs / 1000)} s. Its reads lag behind its writes. Run again later: the stack remembers the write.`
    );
}

/** Adds a change to the metadata of the thing and the writes in progress. Empty when the change is refused. */
function prepare(change: Change, id: string, held: Metadata | undefined, written: readonly Written[]): Written[] {
    try {
        const expected = held && { ...held, ...merged(written) };
        const patch = change.decide(expected);
        refuseTooLarge(id, expected ?? {}, differing(patch, expected ?? {}));
        return [{ change, patch }];
    } catch (error) {
        change.failed(error);
        return [];
    }
}

function merged(written: readonly Written[]): Metadata {
    return mergedKeys(...written.map(({ patch }) => patch));
}

/** Only keys that change: a write that changes nothing can still destroy another writer's key. */
function differing(patch: Metadata, held: Metadata): Metadata {
    return Object.fromEntries(Object.entries(patch).filter(([key, value]) => !sameJson(heldUnder(held, key), value)));
}

function overwritten(id: string, keys: readonly string[]): string {
    return (
        `another writer keeps overwriting the metadata of ${id} (${keys.join(", ")}): this run wrote it ` +
        `${MOST_REPAIRS + 1} times. Run again when the other writer is less active, or store these keys elsewhere.`
    );
}

/** Warns of keys of others that were there before our write and are gone after it: two writes overlapped. */
function reportLosses(context: WriterContext, id: string, before: Metadata, now: Metadata, ours: Metadata): void {
    const lost = Object.keys(before).filter(
        (key) =>
            key !== MARK_KEY &&
            !Object.hasOwn(ours, key) &&
            heldUnder(before, key) !== null &&
            !Object.hasOwn(now, key),
    );
    if (lost.length === 0) return;
    context.warn(
        `another writer changed the metadata of ${id} at the same time, and its keys ${lost.join(", ")} were lost: Blnk keeps ` +
            `only one of two simultaneous writes. The other writer must set them again`,
    );
}
