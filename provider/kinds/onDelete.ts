/** What happens to a thing that cannot be deleted when it leaves the program. */
export const ON_DELETE = ["refuseIfUsed", "forget", "refuse"] as const;

export type OnDelete = (typeof ON_DELETE)[number];
