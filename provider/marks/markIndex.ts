import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../blnk/connection";
import type { MarkedRecord, Table } from "../blnk/records";
import { ExistingByMark } from "./existingByMark";
import { parseMark } from "./mark";
import { type Owned, olderRival, ownersOf } from "./owners";

/** How often a thing just made is looked for before the server counts as blind, and in units of the first wait. */
const LOOKS = [0, 0.5, 1, 2];

/** How a thing is made. */
export interface Making<R> {
    /** Sends what makes it, and finds it where the answer does not tell. */
    post(): Promise<R>;
    /** Ids of things that carry its mark already and are not taken. */
    readonly others: ReadonlySet<string>;
}

/**
 * What one run of a program knows of the marks on its server: which things there are already, and whether the server shows
 * what was made at all.
 */
export class MarkIndex {
    private readonly existing = new Map<object, unknown>();
    private readonly drawnOwners = new Set<string>();
    /** Owners that may not be the only ones of their stack, with the stack: another run may have begun at the same time. */
    private readonly unconfirmed = new Map<string, string>();
    private readonly knownThings = new Map<string, number>();
    private readonly confirmations = new Map<string, Promise<void>>();
    private readonly tried = new Set<string>();
    private mirror: Promise<"seen" | "not made"> | undefined;
    private shownAfterMs: number | undefined;

    constructor(
        private readonly connection: Connection,
        /** The tables of all kinds whose things carry marks. */
        readonly tables: readonly Table<MarkedRecord>[],
    ) {}

    /** How the things of one table are found by their marks. */
    of<R extends MarkedRecord>(table: Table<R>): ExistingByMark<R> {
        const known = this.existing.get(table) as ExistingByMark<R> | undefined;
        if (known !== undefined) return known;
        const existing = new ExistingByMark(this.connection, table);
        this.existing.set(table, existing);
        return existing;
    }

    /** The owners of a stack's things, whose name is `<project>/<stack>`. */
    ownersOf(stack: string): Promise<Map<string, Owned>> {
        return ownersOf(this.connection, this.tables, stack);
    }

    /** Begins to ask for the things with a mark, for a `create` that will want to know. */
    lookAhead<R extends MarkedRecord>(table: Table<R>, mark: string | undefined): void {
        if (mark !== undefined && this.mayExist(mark)) void this.of(table).find(mark);
    }

    /** How long the server took to show what was made first; undefined as long as it is not known to show things. */
    get lagMs(): number | undefined {
        return this.shownAfterMs;
    }

    /** Notes that nothing can carry an owner's marks yet. */
    drew(owner: string): void {
        this.drawnOwners.add(owner);
    }

    /**
     * Notes that the stack knows so many things that it has made under an owner. Whoever has made a second one has been
     * confirmed before that.
     */
    known(owner: string, things: number): void {
        const all = (this.knownThings.get(owner) ?? 0) + things;
        this.knownThings.set(owner, all);
        if (all > 1) this.unconfirmed.delete(owner);
    }

    /** Notes that a stack's owner was drawn at random, and that another run may have drawn its own for the same stack. */
    doubt(owner: string, stack: string): void {
        if ((this.knownThings.get(owner) ?? 0) <= 1) this.unconfirmed.set(owner, stack);
    }

    /**
     * The things that carry a mark already. Who has tried to make one in this run asks anew: the engine may call again
     * for what has failed.
     */
    async there<R extends MarkedRecord>(table: Table<R>, mark: string): Promise<readonly R[]> {
        const finder = this.of(table);
        if (this.tried.has(mark)) return finder.findNow(mark);
        this.tried.add(mark);
        return this.mayExist(mark) ? finder.find(mark) : [];
    }

    /** Whether there may be things with this mark from before. */
    mayExist(mark: string): boolean {
        const owner = parseMark(mark)?.owner;
        return owner === undefined || !this.drawnOwners.has(owner);
    }

    /**
     * Makes a thing with a mark. The first one of a run is then looked for, and the others wait for the outcome: a server
     * that does not show what it made cannot be asked, in the next run, whether a thing was made already.
     */
    async make<R extends MarkedRecord>(table: Table<R>, mark: string, { post, others }: Making<R>): Promise<R> {
        await this.beAlone(mark);
        while (this.mirror !== undefined) {
            if ((await this.mirror) === "seen") return post();
        }
        const made = post();
        const mirror = made.then(
            (record) => this.confirm(table, mark, record, others),
            () => {
                this.mirror = undefined;
                return "not made" as const;
            },
        );
        // Told to those who wait for it; the one that was made is made.
        mirror.catch(() => undefined);
        this.mirror = mirror;
        return made;
    }

    private async confirm<R extends MarkedRecord>(
        table: Table<R>,
        mark: string,
        made: R,
        others: ReadonlySet<string>,
    ): Promise<"seen"> {
        const id = table.idOf(made);
        const began = performance.now();
        for (const units of LOOKS) {
            await wait(units * this.connection.policy.firstWaitMs);
            const asked = performance.now();
            const [shown, isListed] = await Promise.all([this.of(table).findNow(mark), this.isListed(mark, id)]);
            if (!isListed || !shown.some((row) => table.idOf(row) === id)) continue;
            const [oldest] = shown.filter((row) => !others.has(table.idOf(row)));
            if (oldest !== undefined && table.idOf(oldest) !== id) throw new Error(madeTwice(table.idOf(oldest), id));
            this.shownAfterMs = asked - began;
            return "seen";
        }
        throw new Error(
            `${this.connection.settings.url} does not show what it has just made, so that nothing more is made: after a run that ` +
                `was cut off, things would be made twice. Its reads lag behind its writes; run again when they have caught up.`,
        );
    }

    /**
     * Whether a thing just made shows in the one list by which nothing was looked for: that of all marks of the stack. Throws
     * where this shows another owner that was first.
     */
    private async isListed(mark: string, id: string): Promise<boolean> {
        const { owner, project, stack } = parseMark(mark) ?? {};
        if (owner === undefined || (!this.drawnOwners.has(owner) && !this.unconfirmed.has(owner))) return true;
        const owners = await this.ownersOf(`${project}/${stack}`);
        if (!owners.get(owner)?.ids.has(id)) return false;
        const rival = this.unconfirmed.has(owner) ? olderRival(owners, owner) : undefined;
        if (rival !== undefined) throw new Error(rival);
        this.unconfirmed.delete(owner);
        return true;
    }

    /** Throws where an owner that was drawn in an earlier run is not the first of its stack. */
    private async beAlone(mark: string): Promise<void> {
        const owner = parseMark(mark)?.owner ?? "";
        const stack = this.unconfirmed.get(owner);
        // Where nothing is made yet, the first thing tells.
        if (stack === undefined || this.drawnOwners.has(owner)) return;
        const known = this.confirmations.get(owner);
        const confirmation = known ?? this.confirmOwner(owner, stack).finally(() => this.confirmations.delete(owner));
        this.confirmations.set(owner, confirmation);
        return confirmation;
    }

    private async confirmOwner(owner: string, stack: string): Promise<void> {
        const owners = await this.ownersOf(stack);
        const rival = olderRival(owners, owner);
        if (rival !== undefined) throw new Error(rival);
        if (owners.has(owner)) this.unconfirmed.delete(owner);
    }
}

function madeTwice(older: string, id: string): string {
    return (
        `${id} was made, and ${older} carries the same mark and is older: another "pulumi up" of this stack makes its things ` +
        `at the same time. Nothing more is made here. Let the other one end, set the key "pulumi" in the metadata of ${id} ` +
        `to null, and go on with the state of the other.`
    );
}
