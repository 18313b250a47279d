import type { Connection } from "../blnk/connection";
import { type Metadata, targetTable } from "../blnk/metadata";
import type { MarkedRecord, Table } from "../blnk/records";
import type { Json } from "../wire/json";
import { BatchReader } from "./batchReader";
import { MARK_KEY } from "./mark";
import { PerTable } from "./perTable";
import { RecordsById } from "./recordsById";

/** A record with metadata. */
interface Target {
    readonly meta_data: Metadata;
}

/** Reads the things that a stack knows, many with few questions. Each answer is used once. */
export class RefreshReads {
    private readonly readers = new PerTable();
    private readonly targets = new PerTable();
    /** Reads in flight. Callers that need another key of the same target share them. */
    private readonly underway = new Map<string, Promise<Metadata | undefined>>();
    /** Targets that were read for one of their keys. */
    private readonly asked = new Set<string>();
    /** Metadata of targets from earlier answers, without the keys that were used already. */
    private readonly seen = new Map<string, Metadata>();

    constructor(private readonly connection: Connection) {}

    /** Reads the things of one table that carry marks. */
    of<R extends MarkedRecord>(table: Table<R>): BatchReader<R> {
        return this.readers.get(table, () => this.readerOf(table));
    }

    /**
     * The value of a metadata key of a ledger, balance, identity or transaction. Null when the key has no value, undefined when
     * the target does not exist.
     */
    async value(target: string, key: string): Promise<Json | undefined> {
        const seen = this.use(target, key);
        if (seen !== undefined) return seen;
        const held = await this.metadata(target);
        return held && (this.use(target, key) ?? valueIn(held, key) ?? null);
    }

    private readerOf<R extends MarkedRecord>(table: Table<R>): BatchReader<R> {
        const onListed = (rows: readonly R[]) => {
            // Not for targets that were read already: a further read of them must ask again.
            const others = rows.filter((row) => !this.asked.has(table.idOf(row)));
            for (const row of others) this.keep(table.idOf(row), row.meta_data);
        };
        return new BatchReader(this.connection, table, onListed, this.byIdOf(table));
    }

    private byIdOf<R extends Target>(table: Table<R>): RecordsById<R> {
        return this.targets.get(table, () => new RecordsById(this.connection, table));
    }

    private metadata(id: string): Promise<Metadata | undefined> {
        const known = this.underway.get(id);
        if (known !== undefined) return known;
        const held = this.ask(id).finally(() => this.underway.delete(id));
        this.underway.set(id, held);
        return held;
    }

    private async ask(id: string): Promise<Metadata | undefined> {
        const table = targetTable(id);
        if (table === undefined) return undefined;
        this.asked.add(id);
        const held = (await this.byIdOf(table).read(id))?.meta_data;
        if (held !== undefined) this.keep(id, held);
        return held;
    }

    private keep(id: string, held: Metadata): void {
        const isUseful = Object.keys(held).some((key) => key !== MARK_KEY);
        if (isUseful) this.seen.set(id, held);
        else this.seen.delete(id);
    }

    /** Takes a value out of `seen`, so that it is used once. */
    private use(id: string, key: string): Json | undefined {
        const held = this.seen.get(id);
        const value = valueIn(held, key);
        if (value === undefined) return undefined;
        const { [key]: _used, ...rest } = held ?? {};
        this.keep(id, rest);
        return value;
    }
}

/** Own keys only: a key may be named like an inherited member, such as "constructor". */
function valueIn(held: Metadata | undefined, key: string): Json | undefined {
    return held !== undefined && Object.hasOwn(held, key) ? held[key] : undefined;
}
