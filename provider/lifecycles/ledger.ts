import * as v from "valibot";
import { balances } from "../blnk/balances";
import { createLedger, type LedgerRecord, ledgers, renameLedger } from "../blnk/ledgers";
import { filterRecords, findRecord } from "../blnk/records";
import { toMicroseconds } from "../blnk/time";
import type { Lifecycle, Run } from "./lifecycle";
import { type MarkedKind, makeOnce } from "./makeOnce";
import {
    changeOwned,
    claimsOf,
    lookAhead,
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

    lookAhead: (marks, { mark }) => lookAhead(marks, marks.ledgers, mark),

    create: (run, inputs) => makeOnce(run, markedLedger, inputs),

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

    update: updateLedger,

    async delete(run, id, state) {
        staysInBlnk(run, this.describe(state, id), id);
    },
};

const markedLedger: MarkedKind<LedgerRecord, LedgerInputs, LedgerState> = {
    noun: "ledger",
    finder: (marks) => marks.ledgers,
    idOf: (record) => record.ledger_id,
    post: (run, inputs) => createLedger(run.blnk, { name: inputs.name, meta_data: metadataWithMark(inputs) }),
    stateOf: (record, inputs) => ({
        ...inputs,
        name: record.name,
        ...ownedOf(record.meta_data, inputs),
        createdAt: toMicroseconds(record.created_at),
    }),
    isUsed: (run, { ledger_id }) => holdsUsedBalance(run, ledger_id),
    update: updateLedger,
};

async function updateLedger(run: Run, id: string, state: LedgerState, inputs: LedgerInputs): Promise<LedgerState> {
    if (inputs.name !== state.name) await renameLedger(run.blnk, id, inputs.name);
    await changeOwned(run, id, state, inputs);
    return { ...inputs, createdAt: state.createdAt };
}

async function holdsUsedBalance(run: Run, ledgerId: string): Promise<boolean> {
    const sums = ["credit_balance", "debit_balance", "inflight_credit_balance", "inflight_debit_balance"];
    for (const field of sums) {
        const page = await filterRecords(run.blnk, balances, [
            { field: "ledger_id", operator: "eq", value: ledgerId },
            { field, operator: "gt", value: 0 },
        ]);
        if (page.rows.length > 0) return true;
    }
    return false;
}
