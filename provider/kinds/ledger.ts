import * as v from "valibot";
import { balances } from "../blnk/balances";
import { createLedger, type LedgerRecord, ledgers, renameLedger } from "../blnk/ledgers";
import { findRecord, pagesOf } from "../blnk/records";
import { GENERAL_LEDGER_ID } from "../blnk/server";
import { toMicroseconds } from "../blnk/time";
import { metadataChanges, propertyChange } from "../creation/adoption";
import type { Creatable } from "../creation/creatable";
import { createOnce } from "../creation/createOnce";
import { byMark } from "../creation/locator";
import { MARK_KEY, parseMark } from "../marks/mark";
import { metadataProblems, normaliseMetadata, valueProblems } from "../metadata/metadata";
import { nameCharacters } from "./characters";
import type { OperationContext } from "./context";
import type { InputsOf, Lifecycle } from "./lifecycle";
import {
    claimsOf,
    displayName,
    keysOf,
    type MarkedState,
    markedInputs,
    metadataWithMark,
    ownedOf,
    readMarked,
    refreshedOf,
    visibleMetadata,
} from "./marked";
import { metadataStep, preflightOwned } from "./ownedMetadata";
import { inSteps, type Step } from "./partialFailure";
import { preflightAdoption } from "./preflightAdoption";
import { type ReleaseCandidate, release } from "./release";
import { commonQuery, equal, knownById, listRecords, parseQuery, queryText, searchRecords } from "./search";

const inputs = { ...markedInputs, name: v.string() };

/** The inputs of a ledger. */
export type LedgerInputs = InputsOf<typeof inputs, "name">;

/** The state of a ledger. */
export type LedgerState = LedgerInputs & MarkedState & { readonly createdAt: string };

export const ledger: Lifecycle<LedgerInputs, LedgerState> = {
    noun: "ledger",
    inputs,
    required: ["name"],
    preservedOnAdopt: ["name"],
    defaults: (name) => ({ name }),
    replaceOn: [],

    // Everything about a ledger can be changed in place.
    identify: () => ({}),
    claims: claimsOf,
    keys: keysOf,
    describe: ({ mark }, id) => `ledger ${displayName(mark, id)}`,

    check({ inputs, isAdopting, old, held = old }) {
        const { name } = inputs;
        const problems = metadataProblems(inputs.metadata);
        // A name that Blnk holds already is not checked. For an adoption, preflightCreate compares it.
        const isNew = name !== held?.name && !(isAdopting && old === undefined);
        if (name !== undefined && isNew) problems.push(...nameProblems(name));
        return { inputs: normaliseMetadata(inputs), problems };
    },

    naturalId: ({ adopted }) => adopted,

    preflightCreate: (context, inputs, adoption) =>
        preflightAdoption(context, ledgers, inputs, adoption, ({ name }, asked) => ({
            inputs: { name, ...inputs },
            label: name,
            changes: propertyChange("name", inputs.name, name, asked),
            problems: inputs.name === undefined || inputs.name === name ? [] : nameProblems(inputs.name),
        })),

    // Blnk stores no metadata on its General Ledger.
    isClaimable: (id) => id !== GENERAL_LEDGER_ID,

    lookAhead: (markIndex, { mark }) => markIndex.lookAhead(ledgers, mark),

    create: (context, inputs) => createOnce(context, creatable, inputs),

    async read(context, id, state) {
        const record = await readMarked(context, ledgers, id, state);
        // The time of creation stays as in the state: the answer to the create and later reads differ slightly.
        return record && { ...state, name: record.name, ...refreshedOf(record.meta_data, state) };
    },

    lookUps: {
        async byId(context, id) {
            const record = await findRecord(context.blnk, ledgers, id);
            return record && visibleState(record);
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
            return records.map((record) => ({ id: record.ledger_id, ...visibleState(record) }));
        },
    },

    preflightUpdate: (context, id, state, inputs) =>
        preflightOwned(context, ledgers, id, state, inputs, isRenamed(state, inputs)),
    update: updateLedger,

    delete: (context, id, state) => release(context, ledgerToRelease(context, id, state)),
};

/** Problems with a new name. */
function nameProblems(name: string): string[] {
    if (name.trim() === "") return ["name must not be empty"];
    return [...valueProblems(name, "name"), ...nameCharacters(name, "name")].slice(0, 1);
}

const creatable: Creatable<OperationContext, LedgerRecord, LedgerInputs, LedgerState> = {
    table: ledgers,
    locate: (context, _inputs, mark) => byMark(context, ledgers, mark),
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
    update: updateLedger,
};

const ledgerQuery = { ...commonQuery, name: queryText };

/** The visible values of a ledger. */
function visibleState(record: LedgerRecord): Partial<LedgerState> {
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
    // Metadata first: if it would overwrite another writer's value, nothing is changed at all.
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

function ledgerToRelease(context: OperationContext, id: string, state: LedgerState): ReleaseCandidate {
    return {
        id,
        what: ledger.describe(state, id),
        // A ledger that another stack has taken over is always released.
        policy: state.takenBy === undefined ? state.onDelete : "forget",
        async usage() {
            const foreign = await foreignBalance(context, id, state);
            return foreign && `it holds balance ${foreign}, which does not belong to this stack`;
        },
    };
}

/** The id of a balance in the ledger without a mark of this stack and owner, if there is one. */
async function foreignBalance(
    context: OperationContext,
    ledgerId: string,
    state: LedgerState,
): Promise<string | undefined> {
    const own = parseMark(state.mark);
    const isOwn = (mark: ReturnType<typeof parseMark>) =>
        mark !== undefined &&
        mark.owner === context.owner &&
        (own === undefined || (mark.stack === own.stack && mark.project === own.project));
    const inLedger = [{ field: "ledger_id", operator: "eq" as const, value: ledgerId }];
    for await (const { rows } of pagesOf(context.blnk, balances, inLedger)) {
        const foreign = rows.find((row) => !isOwn(parseMark(row.meta_data[MARK_KEY])));
        if (foreign !== undefined) return foreign.balance_id;
    }
    return undefined;
}
