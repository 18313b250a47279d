import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../blnk/connection";
import { type Metadata, readMetadata, writeMetadata } from "../blnk/metadata";
import { MARK_KEY } from "../marks/mark";
import { sameJson } from "../wire/json";
import { heldUnder, mergedKeys, refuseTooLarge } from "./metadata";
import { mayHaveActed, UnsettledWrite } from "./unsettledWrite";

/** How often a write is repeated that somebody else's write has undone. */
const MOST_REPAIRS = 5;

/** Decides what to write from what is held; told undefined where there is no such thing, it has nothing to write. */
export type Decide = (held: Metadata | undefined) => Metadata;

/** What the writer needs of the operation that a write is part of. */
export interface WriterContext {
    readonly blnk: Connection;
    /** What this run has created. */
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
 * The one writer of each thing's metadata in a run. Blnk reads, merges and rewrites the whole of it, so that two writes at
 * once destroy each other's keys: changes of one thing that come together are merged into one write, no two are under
 * way, and after each write the thing is read again, and what somebody else's write has undone is written again.
 */
export class MetadataWriter {
    private readonly waiting = new Map<string, Change[]>();
    private readonly peeked = new Map<string, Promise<Metadata | undefined>>();

    /** What a thing holds, read once in a run: enough to say beforehand whether a key is taken. */
    peek(context: WriterContext, id: string): Promise<Metadata | undefined> {
        const known = this.peeked.get(id);
        if (known !== undefined) return known;
        const held = readMetadata(context.blnk, id);
        this.peeked.set(id, held);
        held.catch(() => this.peeked.delete(id));
        return held;
    }

    /** Changes a thing's metadata. Resolves when Blnk has been seen to hold it. */
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
        // Whether what is being written may be stored by now.
        let isOut = false;
        try {
            let held = await madeByNow(context, id);
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
                const now = await settled(context, id, held ?? {}, missing);
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
 * What a thing holds after a write. A thing that is just as it was before does not show the write yet: that is waited for.
 * Anything else is what came of it, be it another writer's.
 */
async function settled(
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
        // Another writer may have put back all that was there before.
        if (waited >= policy.lagMs / 2 && !repeated) {
            repeated = true;
            await writeMetadata(context.blnk, id, patch);
        }
        context.status(`waiting for ${id} to show what was written`);
        await wait(Math.min(pause, policy.lagMs / 4));
    }
}

/** What a thing holds. One that this run has made is there, and waited for where reads do not show it yet. */
async function madeByNow(context: WriterContext, id: string): Promise<Metadata | undefined> {
    const { policy } = context.blnk;
    const began = performance.now();
    for (let pause = policy.settleMs; ; pause *= 2) {
        const held = await readMetadata(context.blnk, id);
        const waited = performance.now() - began;
        if (held !== undefined || !context.declarations.isMade(id) || waited >= policy.lagMs) return held;
        context.status(`waiting for ${id}, which was just created, to show`);
        await wait(Math.min(pause, policy.lagMs / 4));
    }
}

function unsettled(error: unknown): UnsettledWrite {
    return new UnsettledWrite(error instanceof Error ? error.message : String(error), { cause: error });
}

function notShown(context: WriterContext, id: string, patch: Metadata, waitedMs: number): string {
    return (
        `${context.blnk.settings.url} accepted the metadata of ${id} (${Object.keys(patch).join(", ")}), and still did not show it ` +
        `after ${Math.round(waitedMs / 1000)} s. Its reads lag behind its writes. Run again later: the stack remembers the write.`
    );
}

/** One more change, on top of what is held and what is being written; nothing where it is refused. */
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

/** Only what Blnk does not hold already: a write that changes nothing may still destroy another writer's key. */
function differing(patch: Metadata, held: Metadata): Metadata {
    return Object.fromEntries(Object.entries(patch).filter(([key, value]) => !sameJson(heldUnder(held, key), value)));
}

function overwritten(id: string, keys: readonly string[]): string {
    return (
        `somebody else keeps writing the metadata of ${id}, and undoes ours (${keys.join(", ")}); it was written ` +
        `${MOST_REPAIRS + 1} times. Run again when the other writer is quieter, or keep these keys elsewhere.`
    );
}

/** Keys of others that were there before our write and are not there after it: the two writes met. */
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
        `while the metadata of ${id} was written, somebody else wrote it too, and their ${lost.join(", ")} ` +
            `vanished: Blnk keeps only one of two writes at once. Have them write it again`,
    );
}
