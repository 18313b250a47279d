import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../blnk/connection";
import type { MarkedRecord, Table } from "../blnk/records";
import { ExistingByMark } from "./existingByMark";
import { parseMark } from "./mark";
import { type Owned, olderRival, ownersOf } from "./owners";
import { PerTable } from "./perTable";

/** The waits before each search for the first created thing, in units of the first wait. After the last one the run stops. */
const SEARCH_WAITS = [0, 0.5, 1, 2];

/** How a thing is created. */
export interface Making<R> {
    /** Sends the create, and searches for the thing if the outcome is unknown. */
    post(): Promise<R>;
    /** Ids of things with its mark that are not this thing. */
    readonly others: ReadonlySet<string>;
}

/**
 * What one run knows of the marks on its server: which things exist already, and whether the server shows new things soon
 * after they are created.
 */
export class MarkIndex {
    private readonly existing = new PerTable();
    private readonly drawnOwners = new Set<string>();
    /** Owners that may have a rival, with their stack: another first run may have drawn its own owner at the same time. */
    private readonly unconfirmed = new Map<string, string>();
    private readonly knownThings = new Map<string, number>();
    private readonly confirmations = new Map<string, Promise<void>>();
    private readonly attempted = new Set<string>();
    /** Whether the server shows the first thing that this run created. */
    private firstShown: Promise<"shown" | "not created"> | undefined;
    private shownAfterMs: number | undefined;

    constructor(
        private readonly connection: Connection,
        /** The tables of all kinds whose things carry marks. */
        readonly tables: readonly Table<MarkedRecord>[],
    ) {}

    /** Searches one table by mark. */
    of<R extends MarkedRecord>(table: Table<R>): ExistingByMark<R> {
        return this.existing.get(table, () => new ExistingByMark(this.connection, table));
    }

    /** The owners of a stack's things. `stack` is `<project>/<stack>`. */
    ownersOf(stack: string): Promise<Map<string, Owned>> {
        return ownersOf(this.connection, this.tables, stack);
    }

    /** Starts a search for the things with a mark, which `create` will need. */
    lookAhead<R extends MarkedRecord>(table: Table<R>, mark: string | undefined): void {
        if (mark !== undefined && this.mayExist(mark)) void this.of(table).find(mark);
    }

    /** How long the server took to show the first created thing. Undefined until it has. */
    get lagMs(): number | undefined {
        return this.shownAfterMs;
    }

    /** Records that an owner is new, so that no thing carries its marks yet. */
    drew(owner: string): void {
        this.drawnOwners.add(owner);
    }

    /**
     * Records how many things of an owner the stack knows. An owner with two things is confirmed: a second thing is created
     * only after that.
     */
    known(owner: string, things: number): void {
        const all = (this.knownThings.get(owner) ?? 0) + things;
        this.knownThings.set(owner, all);
        if (all > 1) this.unconfirmed.delete(owner);
    }

    /** Records that an owner was drawn at random: another run may have drawn its own for the same stack. */
    doubt(owner: string, stack: string): void {
        if ((this.knownThings.get(owner) ?? 0) <= 1) this.unconfirmed.set(owner, stack);
    }

    /**
     * The things that carry a mark already. A second attempt in one run asks again, because the engine may retry a failed
     * create.
     */
    async there<R extends MarkedRecord>(table: Table<R>, mark: string): Promise<readonly R[]> {
        const finder = this.of(table);
        if (this.attempted.has(mark)) return finder.findNow(mark);
        this.attempted.add(mark);
        return this.mayExist(mark) ? finder.find(mark) : [];
    }

    /** Whether earlier runs may have created things with this mark. */
    mayExist(mark: string): boolean {
        const owner = parseMark(mark)?.owner;
        return owner === undefined || !this.drawnOwners.has(owner);
    }

    /**
     * Creates a thing with a mark. After the first one of a run, the others wait until a search shows it. If the server does not
     * show it, the next run could not find existing things, so nothing more is created.
     */
    async make<R extends MarkedRecord>(table: Table<R>, mark: string, { post, others }: Making<R>): Promise<R> {
        await this.confirmOwnerOf(mark);
        while (this.firstShown !== undefined) {
            if ((await this.firstShown) === "shown") return post();
        }
        const created = post();
        const firstShown = created.then(
            (record) => this.confirm(table, mark, record, others),
            () => {
                this.firstShown = undefined;
                return "not created" as const;
            },
        );
        // Those that wait for it see its failure. The create itself succeeded.
        firstShown.catch(() => undefined);
        this.firstShown = firstShown;
        return created;
    }

    private async confirm<R extends MarkedRecord>(
        table: Table<R>,
        mark: string,
        created: R,
        others: ReadonlySet<string>,
    ): Promise<"shown"> {
        const id = table.idOf(created);
        const began = performance.now();
        for (const units of SEARCH_WAITS) {
            await wait(units * this.connection.policy.firstWaitMs);
            const asked = performance.now();
            const [shown, isListed] = await Promise.all([this.of(table).findNow(mark), this.isListed(mark, id)]);
            if (!isListed || !shown.some((row) => table.idOf(row) === id)) continue;
            const [oldest] = shown.filter((row) => !others.has(table.idOf(row)));
            if (oldest !== undefined && table.idOf(oldest) !== id)
                throw new Error(createdTwice(table.idOf(oldest), id));
            this.shownAfterMs = asked - began;
            return "shown";
        }
        throw new Error(
            `${this.connection.settings.url} does not return the record it just created; stopping to avoid duplicates. Its reads lag ` +
                `behind its writes, so after an interrupted run things would be created twice. Run again when the reads have caught up.`,
        );
    }

    /**
     * Whether a new owner's first thing shows in the list of all marks of the stack. That list was the only proof that the owner
     * had nothing yet. Throws if the list shows another owner that was first.
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

    /** Throws if an owner from an earlier run is not the first one of its stack. */
    private async confirmOwnerOf(mark: string): Promise<void> {
        const owner = parseMark(mark)?.owner ?? "";
        const stack = this.unconfirmed.get(owner);
        // A new owner is confirmed after its first thing.
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

function createdTwice(older: string, id: string): string {
    return (
        `${id} was created, but ${older} carries the same mark and is older: another "pulumi up" of this stack is running at ` +
        `the same time. Nothing more is created here. Wait until the other one ends, set the key "pulumi" in the metadata of ` +
        `${id} to null, and continue with the state of the other.`
    );
}
