/** All policies for a thing that cannot be deleted. */
export const ON_DELETE = ["refuseIfUsed", "forget", "refuse"] as const;

/** What happens when a ledger or balance, which Blnk cannot delete, leaves the program. */
export type OnDelete = (typeof ON_DELETE)[number];
