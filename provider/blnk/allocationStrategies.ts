/** All allocation strategies of Blnk. */
export const ALLOCATION_STRATEGIES = ["FIFO", "LIFO", "PROPORTIONAL"] as const;

/** The order in which a balance with fund lineage spends the funds it received. */
export type AllocationStrategy = (typeof ALLOCATION_STRATEGIES)[number];
