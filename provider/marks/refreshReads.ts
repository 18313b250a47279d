import type { Connection } from "../blnk/connection";
import { type Metadata, targetTable } from "../blnk/metadata";
import type { MarkedRecord, Table } from "../blnk/records";
import type { Json } from "../wire/json";
import { BatchReader } from "./batchReader";
import { MARK_KEY } from "./mark";
import { RecordsById } from "./recordsById";

/** What can be read for its metadata. */
interface Target {
    readonly meta_data: Metadata;
}

/** What one run reads of the things that its stack knows: many with few questions, and nothing that was read before. */
export class RefreshReads {
    private readonly readers = new Map<object, unknown>();
    private readonly targets = new Map<object, unknown>();
    /** Targets that are being read, for all that ask for one of their keys meanwhile. */
    private readonly underway = new Map<string, Promise<Metadata | undefined>>();
    /** Targets that were asked for by themselves. */
    private readonly asked = new Set<string>();
    /** Metadata of targets that was seen on the way, without the keys that somebody has asked for since. */
    private readonly seen = new Map<string, Metadata>();

    constructor(private readonly connection: Connection) {}

    /** How the things of one table, which carry marks, are read. */
    of<R extends MarkedRecord>(table: Table<R>): BatchReader<R> {
        const known = this.readers.get(table) as BatchReader<R> | undefined;
        const reader = known ?? this.readerOf(table);
        this.readers.set(table, reader);
        return reader;
    }

    /**
     * The value that a ledger, balance, identity or transaction holds under a key; null where it holds none, undefined where
     * it is not there itself.
     */
    async value(target: string, key: string): Promise<Json | undefined> {
        const seen = this.use(target, key);
        if (seen !== undefined) return seen;
        const held = await this.metadata(target);
        return held && (this.use(target, key) ?? valueIn(held, key) ?? null);
    }

    private readerOf<R extends MarkedRecord>(table: Table<R>): BatchReader<R> {
        const onListed = (rows: readonly R[]) => {
            // Whoever asked for a key of these has had an answer, and asks again for another.
            const others = rows.filter((row) => !this.asked.has(table.idOf(row)));
            for (const row of others) this.keep(table.idOf(row), row.meta_data);
        };
        return new BatchReader(this.connection, table, onListed, this.byIdOf(table));
    }

    private byIdOf<R extends Target>(table: Table<R>): RecordsById<R> {
        const known = this.targets.get(table) as RecordsById<R> | undefined;
        const byId = known ?? new RecordsById(this.connection, table);
        this.targets.set(table, byId);
        return byId;
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
        const isOfUse = Object.keys(held).some((key) => key !== MARK_KEY);
        if (isOfUse) this.seen.set(id, held);
        else this.seen.delete(id);
    }

    /** Takes a value out of what was seen, so that it is used once. */
    private use(id: string, key: string): Json | undefined {
        const held = this.seen.get(id);
        const value = valueIn(held, key);
        if (value === undefined) return undefined;
        const { [key]: _used, ...rest } = held ?? {};
        this.keep(id, rest);
        return value;
    }
}

/** A key may be called like what every object has, such as "constructor". */
function valueIn(held: Metadata | undefined, key: string): Json | undefined {
    return held !== undefined && Object.hasOwn(held, key) ? held[key] : undefined;
}
