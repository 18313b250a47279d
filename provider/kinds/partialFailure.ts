import { mayHaveActed } from "../metadata/unsettledWrite";

/** An operation that failed after part of it was done. The stack records how far it got. */
export class PartialFailure extends Error {
    constructor(
        /** The thing's id, if the state does not hold it yet. */
        readonly id: string | undefined,
        /** The thing's current state, as far as it is known. */
        readonly state: object,
        cause: unknown,
    ) {
        super(cause instanceof Error ? cause.message : String(cause), { cause });
    }
}

/** One step of an update. */
export interface Step<State> {
    act(): Promise<void>;
    /** The changes in the state if the step succeeds. */
    readonly done: Partial<State>;
    /** The changes in the state if it is unknown whether the step succeeded. */
    readonly attempted: Partial<State>;
}

/**
 * Runs the steps of an update one after another. If one fails after something was changed, or may have been changed, throws
 * a PartialFailure with the state so far. Otherwise throws the error unchanged.
 */
export async function inSteps<State extends object>(before: State, steps: readonly Step<State>[]): Promise<State> {
    let state = before;
    for (const { act, done, attempted } of steps) {
        try {
            await act();
            state = { ...state, ...done };
        } catch (error) {
            if (mayHaveActed(error)) {
                throw new PartialFailure(undefined, { ...state, ...attempted }, error);
            }
            if (state === before) throw error;
            throw new PartialFailure(undefined, state, error);
        }
    }
    return state;
}
