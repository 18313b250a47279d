import { DEFAULT_POLICY, type Policy } from "../../provider/blnk/policy";

/** Retries without waiting, for as long as a test causes failures. */
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

/** Never waits and never retries. */
export const HASTY: Policy = { ...PATIENT, budgetMs: 0, unreachableBudgetMs: 0 };
