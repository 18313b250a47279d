import { BlnkError } from "../blnk/errors";

/** A metadata write that went out and was not seen to last. */
export class UnsettledWrite extends Error {}

/** Whether Blnk may have done what failed. */
export function mayHaveActed(error: unknown): boolean {
    return error instanceof UnsettledWrite || (error instanceof BlnkError && error.mayHaveActed);
}
