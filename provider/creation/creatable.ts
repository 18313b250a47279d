import type { MarkedRecord, Table } from "../blnk/records";
import type { Locator } from "./locator";

/** What a kind provides so that its things are created exactly once. */
export interface Creatable<Context, R extends MarkedRecord, Inputs, State> {
    readonly table: Table<R>;
    /** How to locate the thing with this mark. */
    locate(context: Context, inputs: Inputs, mark: string): Locator<R>;
    /** Sends the one POST. */
    post(context: Context, inputs: Inputs): Promise<R>;
    /** The state of a thing that was created or found. */
    stateOf(record: R, inputs: Inputs): State;
    /** Whether the immutable values of a thing are as declared. Absent for kinds without immutable values. */
    matches?(context: Context, record: R, inputs: Inputs): Promise<boolean>;
    /** The names of the values that an update of a found thing would change. */
    changes(record: R, inputs: Inputs): readonly string[];
    update(context: Context, id: string, state: State, inputs: Inputs): Promise<State>;
}

/** A thing that was created. */
export interface Created<State> {
    readonly id: string;
    readonly state: State;
}
