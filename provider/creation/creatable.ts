import type { MarkedRecord, Table } from "../blnk/records";
import type { Locator } from "./locator";

/** What it takes to create one kind of thing exactly once. */
export interface Creatable<Context, R extends MarkedRecord, Inputs, State> {
    readonly table: Table<R>;
    /** How the thing is located, given its mark. */
    locate(context: Context, inputs: Inputs, mark: string): Locator<R>;
    /** Sends the one POST. */
    post(context: Context, inputs: Inputs): Promise<R>;
    /** The state of a thing that was created, or found. */
    stateOf(record: R, inputs: Inputs): State;
    /** Whether a thing is what is declared, in what Blnk cannot change; absent where it can change everything. */
    matches?(context: Context, record: R, inputs: Inputs): Promise<boolean>;
    /** Names of what an update would change about a thing that was found. */
    changes(record: R, inputs: Inputs): readonly string[];
    update(context: Context, id: string, state: State, inputs: Inputs): Promise<State>;
}

/** A thing that was created. */
export interface Created<State> {
    readonly id: string;
    readonly state: State;
}
