/** What is done with each stack, one after the other. */
export const ACTS = ["up", "no-op up", "one change", "refresh", "destroy"] as const;

export type Act = (typeof ACTS)[number];
