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
    private readonly hidden = new Set<string>();

    constructor(private readonly settings: Settings) {}

    /** The row as it truly is. */
    get(id: string): Row | undefined {
        return this.versions(id)?.at(-1)?.row;
    }

    /** All rows as they truly are. */
    rows(): Row[] {
        return [...this.entries.keys()].flatMap((id) => this.get(id) ?? []);
    }

    /** The row as a reader sees it, late by the read lag. */
    seen(id: string): Row | undefined {
        return this.visible(this.versions(id));
    }

    /** All rows as a reader sees them. */
    seenRows(): Row[] {
        return [...this.entries.keys()].flatMap((id) => this.seen(id) ?? []);
    }

    /** Adds a row; one that was deleted before comes back at the end. */
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

    /** Deletes a row the ordinary way: lagging readers still see it for a while. */
    remove(id: string): void {
        this.push(id, undefined);
    }

    /** Takes a row out with its whole history; true if it was there. */
    forget(id: string): boolean {
        const there = this.get(id) !== undefined || this.hidden.delete(id);
        this.entries.delete(id);
        return there;
    }

    /** Takes a row from the sight of all until it is shown; true if it was there. */
    hide(id: string): boolean {
        const there = this.get(id) !== undefined;
        if (there) {
            this.hidden.add(id);
        }
        return there;
    }

    /** Shows a hidden row as it was, at its place; true if it was hidden. */
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
        // What is younger than the lag has the metadata that it was made with.
        const before = asOf(versions, metadataLag) ?? versions?.find((version) => version.row !== undefined)?.row;
        return { ...row, meta_data: (before as Row & { meta_data: unknown }).meta_data };
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

function asOf<Row>(versions: Version<Row>[] | undefined, lag: number): Row | undefined {
    if (lag <= 0) {
        return versions?.at(-1)?.row;
    }
    const until = performance.now() - lag;
    return versions?.findLast((version) => version.at <= until)?.row;
}
