import * as v from "valibot";
import { createLedger, ledgers, renameLedger } from "../blnk/ledgers";
import { findRecord } from "../blnk/records";
import { toMicroseconds } from "../blnk/time";
import type { Lifecycle } from "./lifecycle";
import {
    changeOwned,
    claimsOf,
    type Marked,
    markedInputs,
    metadataWithMark,
    ownedOf,
    staysInBlnk,
    visibleMetadata,
} from "./marked";
import { metadataProblems, normaliseMetadata } from "./metadata";

/** What a program asks of a ledger. */
export interface LedgerInputs extends Marked {
    readonly name: string;
}

/** What a stack remembers of a ledger. */
export interface LedgerState extends LedgerInputs {
    readonly createdAt: string;
}

export const ledger: Lifecycle<LedgerInputs, LedgerState> = {
    noun: "ledger",
    inputs: { ...markedInputs, name: v.string() },
    required: ["name"],
    replaceOn: [],

    // Everything about a ledger can be changed in place.
    identify: () => ({}),
    claims: claimsOf,
    describe: ({ name }, id) => `ledger ${name === undefined ? id : `"${name}"`}`,

    check({ inputs }) {
        const problems = metadataProblems(inputs.metadata);
        if (inputs.name?.trim() === "") problems.push("name must not be empty");
        return { inputs: normaliseMetadata(inputs), problems };
    },

    async create(run, inputs) {
        const record = await createLedger(run.blnk, {
            name: inputs.name,
            meta_data: metadataWithMark(inputs),
        });
        return { id: record.ledger_id, state: { ...inputs, createdAt: toMicroseconds(record.created_at) } };
    },

    async read(run, id, state) {
        const record = await findRecord(run.blnk, ledgers, id);
        // The time of making stays as remembered: the create's answer and later reads differ by a hair.
        return record && { ...state, name: record.name, ...ownedOf(record.meta_data, state) };
    },

    async lookUp(run, id) {
        const record = await findRecord(run.blnk, ledgers, id);
        return (
            record && {
                name: record.name,
                ...visibleMetadata(record.meta_data),
                createdAt: toMicroseconds(record.created_at),
            }
        );
    },

    async update(run, id, state, inputs) {
        if (inputs.name !== state.name) await renameLedger(run.blnk, id, inputs.name);
        await changeOwned(run, id, state, inputs);
        return { ...inputs, createdAt: state.createdAt };
    },

    async delete(run, id, state) {
        staysInBlnk(run, this.describe(state, id), id);
    },
};
