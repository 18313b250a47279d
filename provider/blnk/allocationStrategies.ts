/** How a balance that tracks lineage spends the funds it received. */
export const ALLOCATION_STRATEGIES = ["FIFO", "LIFO", "PROPORTIONAL"] as const;

export type AllocationStrategy = (typeof ALLOCATION_STRATEGIES)[number];
