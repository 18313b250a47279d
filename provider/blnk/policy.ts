/** How patiently a server is asked. Times are in milliseconds. */
export interface Policy {
    /** How long Blnk may be busy (429, 423, 503), or a read may fail, before an operation gives up. */
    readonly budgetMs: number;
    /** How long a server may refuse connections, as during a restart, before an operation gives up. */
    readonly unreachableBudgetMs: number;
    /** The first wait; each further one is twice as long, with jitter. */
    readonly firstWaitMs: number;
    readonly longestWaitMs: number;
    /** How many requests are out at once, at most. Halved by every 429, and won back slowly. */
    readonly concurrency: number;
    /** After so long a wait the display says what is being waited for. */
    readonly silentMs: number;
    /** How long a metadata write of another writer may be under way when ours is done: after that we look again. */
    readonly settleMs: number;
    /** How long reads may take to show a metadata write. */
    readonly lagMs: number;
    /** A create that a busy server answered may still land: it is sent again after so long at the earliest. */
    readonly landingMs: number;
    /** How long all pages of one list may take together. */
    readonly listingMs: number;
    /** The most rows that one list may have. */
    readonly mostRows: number;
}

export const DEFAULT_POLICY: Policy = {
    budgetMs: 60_000,
    unreachableBudgetMs: 15_000,
    firstWaitMs: 250,
    longestWaitMs: 5_000,
    concurrency: 16,
    silentMs: 3_000,
    settleMs: 250,
    lagMs: 15_000,
    landingMs: 3_000,
    listingMs: 120_000,
    mostRows: 500_000,
};
