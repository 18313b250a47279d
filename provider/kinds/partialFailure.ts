import { mayHaveActed } from "../metadata/unsettledWrite";

/** An operation that failed when part of it was done: the stack remembers how far it got. */
export class PartialFailure extends Error {
    constructor(
        /** The thing's id, where the state does not know it yet. */
        readonly id: string | undefined,
        /** What the thing is now, as far as that is known. */
        readonly state: object,
        cause: unknown,
    ) {
        super(cause instanceof Error ? cause.message : String(cause), { cause });
    }
}

/** One step of an update. */
export interface Step<State> {
    act(): Promise<void>;
    /** What the step changes, where it is done. */
    readonly done: Partial<State>;
    /** What it changes, where it may have been done. */
    readonly attempted: Partial<State>;
}

/**
 * Takes the steps of an update one after another. When one fails, and something was changed or may have been, the failure
 * says how far it got; else it is passed on as it is.
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
