import { BlnkError } from "../blnk/errors";

/** A metadata write that was sent and could not be verified. */
export class UnsettledWrite extends Error {}

/** Whether Blnk may have carried out the failed request. */
export function mayHaveActed(error: unknown): boolean {
    return error instanceof UnsettledWrite || (error instanceof BlnkError && error.mayHaveActed);
}
