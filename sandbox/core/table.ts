import type { Settings } from "../settings";

interface Version<Row> {
    at: number;
    row: Row | undefined;
}

const historyMs = 600_000;
const historyLength = 200;

/**
 * Rows by id in creation order. Rows are never changed in place: each change adds a version, so that a lagging reader
 * can be shown an older one.
 */
export class Table<Row extends object> {
    private readonly entries = new Map<string, Version<Row>[]>();

    constructor(private readonly settings: Settings) {}

    /** The row as it truly is. */
    get(id: string): Row | undefined {
        return this.entries.get(id)?.at(-1)?.row;
    }

    /** All rows as they truly are. */
    rows(): Row[] {
        return [...this.entries.keys()].flatMap((id) => this.get(id) ?? []);
    }

    /** The row as a reader sees it, late by the read lag. */
    seen(id: string): Row | undefined {
        return this.visible(this.entries.get(id));
    }

    /** All rows as a reader sees them. */
    seenRows(): Row[] {
        return [...this.entries.values()].flatMap((versions) => this.visible(versions) ?? []);
    }

    /** Adds a row; one that was deleted before comes back at the end. */
    insert(id: string, row: Row, at = performance.now()): void {
        const before = this.entries.get(id) ?? [];
        this.entries.delete(id);
        this.entries.set(id, [...before, { at, row }]);
    }

    /** Changes some columns of a row that exists. */
    change(id: string, patch: Partial<Row>): Row | undefined {
        const row = this.get(id);
        if (row === undefined) {
            return undefined;
        }
        const changed = { ...row, ...patch };
        this.push(id, changed);
        return changed;
    }

    /** Deletes a row the ordinary way: lagging readers still see it for a while. */
    remove(id: string): void {
        this.push(id, undefined);
    }

    /** Takes a row out with its whole history; true if it was there. */
    forget(id: string): boolean {
        const there = this.get(id) !== undefined;
        this.entries.delete(id);
        return there;
    }

    private visible(versions: Version<Row>[] | undefined): Row | undefined {
        if (this.settings.readLag <= 0) {
            return versions?.at(-1)?.row;
        }
        const until = performance.now() - this.settings.readLag;
        return versions?.findLast((version) => version.at <= until)?.row;
    }

    private push(id: string, row: Row | undefined): void {
        const versions = this.entries.get(id) ?? [];
        const now = performance.now();
        // A busy balance would otherwise keep every state it ever had.
        while (versions.length > historyLength || (versions[1] !== undefined && versions[1].at < now - historyMs)) {
            versions.shift();
        }
        versions.push({ at: now, row });
        this.entries.set(id, versions);
    }
}
