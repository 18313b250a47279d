import { setTimeout as wait } from "node:timers/promises";
import { type BalanceRecord, balances } from "../blnk/balances";
import type { Connection } from "../blnk/connection";
import { type LedgerRecord, ledgers } from "../blnk/ledgers";
import { parseMark } from "./mark";
import type { MarkedRecord } from "./markedRows";
import { MarkFinder } from "./markFinder";

/** How often a thing just made is looked for before the server counts as blind, and in units of the first wait. */
const LOOKS = [0, 0.5, 1, 2];

/**
 * What one run of a program knows of the marks on its server: which things there are already, and whether the server shows
 * what was made at all.
 */
export class Marks {
    readonly ledgers: MarkFinder<LedgerRecord>;
    readonly balances: MarkFinder<BalanceRecord>;
    private readonly drawnOwners = new Set<string>();
    private readonly tried = new Set<string>();
    private mirror: Promise<"seen" | "not made"> | undefined;

    constructor(private readonly connection: Connection) {
        this.ledgers = new MarkFinder(connection, ledgers);
        this.balances = new MarkFinder(connection, balances);
    }

    /** Notes that an owner's word was drawn in this run: nothing can carry its marks yet. */
    drew(owner: string): void {
        this.drawnOwners.add(owner);
    }

    /**
     * The things that carry a mark already. Who has tried to make one in this run asks anew: the engine may call again
     * for what has failed.
     */
    async there<R extends MarkedRecord>(finder: MarkFinder<R>, mark: string): Promise<readonly R[]> {
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
    async make<R extends MarkedRecord>(finder: MarkFinder<R>, mark: string, post: () => Promise<R>): Promise<R> {
        while (this.mirror !== undefined) {
            if ((await this.mirror) === "seen") return post();
        }
        const made = post();
        const mirror = made.then(
            (record) => this.confirm(finder, mark, record),
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

    private async confirm<R extends MarkedRecord>(finder: MarkFinder<R>, mark: string, made: R): Promise<"seen"> {
        for (const units of LOOKS) {
            await wait(units * this.connection.policy.firstWaitMs);
            if (await finder.shows(mark, made)) return "seen";
        }
        throw new Error(
            `${this.connection.settings.url} does not show what it has just made, so that nothing more is made: after a run that ` +
                `was cut off, things would be made twice. Its reads lag behind its writes; run again when they have caught up.`,
        );
    }
}
