/** All orders in which a balance that tracks lineage spends. */
export const ALLOCATION_STRATEGIES = ["FIFO", "LIFO", "PROPORTIONAL"] as const;

/** In which order a balance that tracks lineage spends the funds that it received. */
export type AllocationStrategy = (typeof ALLOCATION_STRATEGIES)[number];
