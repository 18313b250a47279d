/** Waits, retries and limits. Times are in milliseconds. */
export interface Policy {
    /** How long an operation retries while Blnk is busy (429, 423, 503). */
    readonly budgetMs: number;
    /** How long an operation retries while the server fails or refuses connections, as during a restart. */
    readonly unreachableBudgetMs: number;
    /** The first wait. Each next wait is twice as long, with jitter. */
    readonly firstWaitMs: number;
    readonly longestWaitMs: number;
    /** The most requests in flight. Each 429 halves it, and answers raise it slowly. */
    readonly concurrency: number;
    /** After this wait the display shows what the operation waits for. */
    readonly silentMs: number;
    /** How long to wait after a metadata write before reading back: another writer's write may still be in flight. */
    readonly settleMs: number;
    /** How long reads may take to show a metadata write. */
    readonly lagMs: number;
    /** The shortest time before a create is sent again: a busy server may still carry out the first one. */
    readonly landingMs: number;
    /** The time limit for all pages of one list. */
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
