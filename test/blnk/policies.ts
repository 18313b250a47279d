import { DEFAULT_POLICY, type Policy } from "../../provider/blnk/policy";

/** Waits for nothing, and repeats what may be repeated for as long as a test makes trouble. */
export const PATIENT: Policy = {
    ...DEFAULT_POLICY,
    budgetMs: 60_000,
    unreachableBudgetMs: 60_000,
    firstWaitMs: 0,
    longestWaitMs: 0,
    settleMs: 0,
    lagMs: 200,
    landingMs: 0,
};

/** Waits for nothing, and repeats nothing. */
export const HASTY: Policy = { ...PATIENT, budgetMs: 0, unreachableBudgetMs: 0 };
