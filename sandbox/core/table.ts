import type { Settings } from "../settings";

interface Version<Row> {
    at: number;
    row: Row | undefined;
}

const historyMs = 600_000;
const historyLength = 200;

/**
 * Rows by id in creation order. Rows are never changed in place: each change adds a version, so that lagging reads can show an
 * older one.
 */
export class Table<Row extends object> {
    private readonly entries = new Map<string, Version<Row>[]>();
    private readonly hidden = new Set<string>();

    constructor(private readonly settings: Settings) {}

    /** The current row. */
    get(id: string): Row | undefined {
        return this.versions(id)?.at(-1)?.row;
    }

    /** All current rows. */
    rows(): Row[] {
        return [...this.entries.keys()].flatMap((id) => this.get(id) ?? []);
    }

    /** The row as reads show it, after the read lag. */
    seen(id: string): Row | undefined {
        return this.visible(this.versions(id));
    }

    /** All rows as reads show them. */
    seenRows(): Row[] {
        return [...this.entries.keys()].flatMap((id) => this.seen(id) ?? []);
    }

    /** Adds a row. A row that was deleted before returns at the end. */
    insert(id: string, row: Row, at = performance.now()): void {
        const before = this.versions(id) ?? [];
        this.hidden.delete(id);
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

    /** Deletes a row. Lagging reads still show it for a while. */
    remove(id: string): void {
        this.push(id, undefined);
    }

    /** Removes a row with its whole history. True if it existed. */
    forget(id: string): boolean {
        const there = this.get(id) !== undefined || this.hidden.delete(id);
        this.entries.delete(id);
        return there;
    }

    /** Hides a row from everybody until it is shown. True if it existed. */
    hide(id: string): boolean {
        const there = this.get(id) !== undefined;
        if (there) {
            this.hidden.add(id);
        }
        return there;
    }

    /** Shows a hidden row again, unchanged and at its place. True if it was hidden. */
    show(id: string): boolean {
        return this.hidden.delete(id);
    }

    private versions(id: string): Version<Row>[] | undefined {
        return this.hidden.has(id) ? undefined : this.entries.get(id);
    }

    private visible(versions: Version<Row>[] | undefined): Row | undefined {
        const { readLag, metadataLag } = this.settings;
        const row = asOf(versions, readLag);
        if (row === undefined || metadataLag <= readLag || !("meta_data" in row)) {
            return row;
        }
        // A row younger than the lag has its first metadata.
        const before = asOf(versions, metadataLag) ?? versions?.find((version) => version.row !== undefined)?.row;
        return { ...row, meta_data: (before as Row & { meta_data: unknown }).meta_data };
    }

    private push(id: string, row: Row | undefined): void {
        const versions = this.entries.get(id) ?? [];
        const now = performance.now();
        // Drop old versions: a busy balance would keep all of them.
        while (versions.length > historyLength || (versions[1] !== undefined && versions[1].at < now - historyMs)) {
            versions.shift();
        }
        versions.push({ at: now, row });
        this.entries.set(id, versions);
    }
}

function asOf<Row>(versions: Version<Row>[] | undefined, lag: number): Row | undefined {
    if (lag <= 0) {
        return versions?.at(-1)?.row;
    }
    const until = performance.now() - lag;
    return versions?.findLast((version) => version.at <= until)?.row;
}
