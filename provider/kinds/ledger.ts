import * as v from "valibot";
import { balances } from "../blnk/balances";
import { createLedger, type LedgerRecord, ledgers, renameLedger } from "../blnk/ledgers";
import { filterRecords, findRecord, pagesOf } from "../blnk/records";
import { GENERAL_LEDGER_ID } from "../blnk/server";
import { toMicroseconds } from "../blnk/time";
import { adopts, heldMark, markProblems, metadataChanges, propertyChange } from "../creation/adoption";
import { createOnce, type MarkedKind } from "../creation/createOnce";
import { MARK_KEY, parseMark } from "../marks/mark";
import { metadataProblems, normaliseMetadata, valueProblems } from "../metadata/metadata";
import { parseBinding } from "../wire/binding";
import { nameCharacters } from "./characters";
import type { Lifecycle, OperationContext } from "./lifecycle";
import {
    calledBy,
    claimsOf,
    keysOf,
    lookAhead,
    type Marked,
    type MarkedState,
    markedInputs,
    metadataStep,
    metadataWithMark,
    ownedOf,
    preflightOwned,
    readMarked,
    refreshedOf,
    visibleMetadata,
} from "./marked";
import { inSteps, type Step } from "./partialFailure";
import { type Leaving, release } from "./release";
import { commonQuery, equal, knownById, listRecords, parseQuery, queryText, searchRecords } from "./search";

/** What a program asks of a ledger. */
export interface LedgerInputs extends Marked {
    readonly name: string;
}

/** What a stack remembers of a ledger. */
export interface LedgerState extends LedgerInputs, MarkedState {
    readonly createdAt: string;
}

export const ledger: Lifecycle<LedgerInputs, LedgerState> = {
    noun: "ledger",
    inputs: { ...markedInputs, name: v.string() },
    required: ["name"],
    preservedOnAdopt: ["name"],
    defaults: (name) => ({ name }),
    replaceOn: [],

    // Everything about a ledger can be changed in place.
    identify: () => ({}),
    claims: claimsOf,
    keys: keysOf,
    describe: ({ mark }, id) => `ledger ${calledBy(mark, id)}`,

    check({ inputs, isAdopting, old, held = old }) {
        const { name } = inputs;
        const problems = metadataProblems(inputs.metadata);
        // A name that Blnk holds already stays; whether one that is to be adopted has it is seen there.
        const isNew = name !== held?.name && !(isAdopting && old === undefined);
        if (name !== undefined && isNew) problems.push(...nameProblems(name));
        return { inputs: normaliseMetadata(inputs), problems };
    },

    naturalId: ({ adopted }) => adopted,

    async preflightCreate(context, inputs, adoption) {
        if (adoption === undefined) return undefined;
        const { id } = adoption;
        const record = await findRecord(context.blnk, ledgers, id);
        if (record === undefined)
            return { inputs, problems: [`there is no ledger ${id} to adopt in ${context.server}`] };
        const mark = heldMark(record.meta_data);
        const changes = [
            ...propertyChange("name", inputs.name, record.name, adoption),
            ...metadataChanges(inputs.metadata, record.meta_data),
        ];
        return {
            inputs: { name: record.name, ...inputs },
            problems: [
                ...markProblems(adoption, mark),
                ...(inputs.name === undefined || inputs.name === record.name ? [] : nameProblems(inputs.name)),
            ],
            mark,
            held: record.meta_data,
            says: adopts(id, record.name, changes, mark),
        };
    },

    // Blnk takes no metadata for its General Ledger.
    isClaimable: (id) => id !== GENERAL_LEDGER_ID,

    lookAhead: (marks, { mark }) => lookAhead(marks, marks.ledgers, mark),

    create: (context, inputs) => createOnce(context, markedLedger, inputs),

    async read(context, id, state) {
        const record = await readMarked(context, context.refreshReads.ledgers, id, state);
        // The time of making stays as remembered: the create's answer and later reads differ by a hair.
        return record && { ...state, name: record.name, ...refreshedOf(record.meta_data, state) };
    },

    async lookUp(context, id) {
        const record = await findRecord(context.blnk, ledgers, id);
        return record && seen(record);
    },

    async search(context, query) {
        const { id, name, metadata } = parseQuery(ledgerQuery, query);
        if (id !== undefined) return knownById(id);
        return searchRecords(context.blnk, searchedLedgers, equal("name", name), metadata);
    },

    async list(context, query) {
        const { id, name, metadata } = parseQuery(ledgerQuery, query, "may be empty");
        const conditions = [...equal("ledger_id", id), ...equal("name", name)];
        const records = await listRecords(context.blnk, ledgers, conditions, metadata);
        return records.map((record) => ({ id: record.ledger_id, ...seen(record) }));
    },

    preflightUpdate: (context, id, state, inputs) =>
        preflightOwned(context, context.refreshReads.ledgers, id, state, inputs, isRenamed(state, inputs)),
    update: updateLedger,

    delete: (context, id, state) => release(context, leavingLedger(context, id, state)),
};

/** What is wrong with a new name. */
function nameProblems(name: string): string[] {
    if (name.trim() === "") return ["name must not be empty"];
    return [...valueProblems(name, "name"), ...nameCharacters(name, "name")].slice(0, 1);
}

const markedLedger: MarkedKind<LedgerRecord, LedgerInputs, LedgerState> = {
    table: ledgers,
    finder: (marks) => marks.ledgers,
    post: (context, inputs) => createLedger(context.blnk, { name: inputs.name, meta_data: metadataWithMark(inputs) }),
    stateOf: (record, inputs) => ({
        ...inputs,
        name: record.name,
        ...ownedOf(record.meta_data, inputs),
        createdAt: toMicroseconds(record.created_at),
    }),
    changes: (record, { name, metadata }) => [
        ...(name === record.name ? [] : ["name"]),
        ...metadataChanges(metadata, record.meta_data),
    ],
    isUsed: (context, { ledger_id }) => holdsUsedBalance(context, ledger_id),
    update: updateLedger,
};

const ledgerQuery = { ...commonQuery, name: queryText };

/** What there is to see of a ledger. */
function seen(record: LedgerRecord): Partial<LedgerState> {
    return {
        name: record.name,
        ...visibleMetadata(record.meta_data),
        createdAt: toMicroseconds(record.created_at),
    };
}

const searchedLedgers = {
    table: ledgers,
    hitOf: ({ ledger_id, name }: LedgerRecord) => ({ id: ledger_id, label: `"${name}"` }),
};

function isRenamed(state: LedgerState, { name }: Partial<LedgerInputs>): boolean {
    return name !== undefined && name !== state.name;
}

async function updateLedger(
    context: OperationContext,
    id: string,
    state: LedgerState,
    inputs: LedgerInputs,
): Promise<LedgerState> {
    const { name } = inputs;
    // The metadata first: where it meets what somebody else put there, nothing is changed at all.
    const steps: Step<LedgerState>[] = [metadataStep(context, id, state, inputs, isRenamed(state, inputs))];
    if (isRenamed(state, inputs) || state.unsettled) {
        steps.push({
            act: async () => void (await renameLedger(context.blnk, id, name)),
            done: { name },
            attempted: { name, unsettled: [] },
        });
    }
    await inSteps(state, steps);
    return { ...inputs, createdAt: state.createdAt };
}

async function holdsUsedBalance(context: OperationContext, ledgerId: string): Promise<boolean> {
    const sums = ["credit_balance", "debit_balance", "inflight_credit_balance", "inflight_debit_balance"];
    for (const field of sums) {
        const page = await filterRecords(context.blnk, balances, [
            { field: "ledger_id", operator: "eq", value: ledgerId },
            { field, operator: "gt", value: 0 },
        ]);
        if (page.rows.length > 0) return true;
    }
    return false;
}

function leavingLedger(context: OperationContext, id: string, state: LedgerState): Leaving {
    return {
        id,
        what: ledger.describe(state, id),
        // What another stack has taken over is that one's to judge.
        policy: state.takenBy === undefined ? state.onDelete : "forget",
        async usage() {
            const foreign = await foreignBalance(context, id, state);
            return foreign && `it holds the balance ${foreign}, which is not this stack's`;
        },
    };
}

/** A balance of a ledger that does not carry a mark of this stack and owner, if there is one. */
async function foreignBalance(
    context: OperationContext,
    ledgerId: string,
    state: LedgerState,
): Promise<string | undefined> {
    const own = { ...parseMark(state.mark), owner: parseBinding(state.instance).owner };
    const isOwn = (mark: ReturnType<typeof parseMark>) =>
        mark?.owner === own.owner &&
        (own.stack === undefined || (mark.stack === own.stack && mark.project === own.project));
    const inLedger = [{ field: "ledger_id", operator: "eq" as const, value: ledgerId }];
    for await (const { rows } of pagesOf(context.blnk, balances, inLedger)) {
        const foreign = rows.find((row) => !isOwn(parseMark(row.meta_data[MARK_KEY])));
        if (foreign !== undefined) return foreign.balance_id;
    }
    return undefined;
}
