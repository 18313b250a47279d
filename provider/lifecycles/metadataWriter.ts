import { setTimeout as wait } from "node:timers/promises";
import { type Json, sameJson } from "../blnk/json";
import { type Metadata, readMetadata, writeMetadata } from "../blnk/metadata";
import type { Run } from "./lifecycle";
import { MARK_KEY } from "./mark";
import { refuseTooLarge } from "./metadata";

/** How often a write is repeated that somebody else's write has undone. */
const MOST_REPAIRS = 5;

/** Decides what to write from what is held; told undefined where there is no such thing, it has nothing to write. */
export type Decide = (held: Metadata | undefined) => Metadata;

interface Change {
    readonly run: Run;
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
    peek(run: Run, id: string): Promise<Metadata | undefined> {
        const known = this.peeked.get(id);
        if (known !== undefined) return known;
        const held = readMetadata(run.blnk, id);
        this.peeked.set(id, held);
        held.catch(() => this.peeked.delete(id));
        return held;
    }

    /** Changes a thing's metadata. Resolves when Blnk has been seen to hold it. */
    async change(run: Run, id: string, decide: Decide): Promise<void> {
        return new Promise((done, failed) => {
            const change = { run, decide, done, failed };
            const waiting = this.waiting.get(id);
            if (waiting !== undefined) {
                waiting.push(change);
                return;
            }
            const first = [change];
            this.waiting.set(id, first);
            void this.work(run, id, first);
        });
    }

    private async work(run: Run, id: string, waiting: Change[]): Promise<void> {
        let written: Written[] = [];
        let repairs = 0;
        try {
            let held = await readMetadata(run.blnk, id);
            for (;;) {
                const added = waiting.splice(0).flatMap((change) => prepare(change, id, held, written));
                written.push(...added);
                const missing = differing(merged(written), held ?? {});
                if (Object.keys(missing).length === 0) {
                    for (const { change } of written) change.done();
                    written = [];
                    if (waiting.length === 0) return;
                    held = await readMetadata(run.blnk, id);
                    continue;
                }
                repairs = added.length > 0 ? 0 : repairs + 1;
                if (repairs > MOST_REPAIRS) throw new Error(overwritten(id, Object.keys(missing)));
                await writeMetadata(run.blnk, id, missing);
                await wait(run.blnk.policy.settleMs);
                const now = await readMetadata(run.blnk, id);
                reportLosses(run, id, held ?? {}, now ?? {}, merged(written));
                held = now;
            }
        } catch (error) {
            for (const { change } of written) change.failed(error);
            for (const change of waiting) change.failed(error);
        } finally {
            this.waiting.delete(id);
        }
    }
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
    return Object.assign({}, ...written.map(({ patch }) => patch)) as Metadata;
}

/** Only what Blnk does not hold already: a write that changes nothing may still destroy another writer's key. */
function differing(patch: Metadata, held: Metadata): Metadata {
    return Object.fromEntries(
        Object.entries(patch).filter(([key, value]): boolean => !sameJson(held[key] ?? null, value)),
    ) as Record<string, Json>;
}

function overwritten(id: string, keys: readonly string[]): string {
    return (
        `somebody else keeps writing the metadata of ${id}, and undoes ours (${keys.join(", ")}); it was written ` +
        `${MOST_REPAIRS + 1} times. Run again when the other writer is quieter, or keep these keys elsewhere.`
    );
}

/** Keys of others that were there before our write and are not there after it: the two writes met. */
function reportLosses(run: Run, id: string, before: Metadata, now: Metadata, ours: Metadata): void {
    const lost = Object.keys(before).filter(
        (key) => key !== MARK_KEY && !(key in ours) && (before[key] ?? null) !== null && !(key in now),
    );
    if (lost.length === 0) return;
    run.warn(
        `while the metadata of ${id} was written, somebody else wrote it too, and their ${lost.join(", ")} ` +
            `vanished: Blnk keeps only one of two writes at once. Have them write it again`,
    );
}
