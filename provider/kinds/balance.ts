import { type BalanceRecord, balances, createBalance, hasMoneyMoved, setBalanceIdentity } from "../blnk/balances";
import { isNotFound } from "../blnk/errors";
import { findRecord } from "../blnk/records";
import { toMicroseconds } from "../blnk/time";
import { type Adoption, metadataChanges, propertyChange } from "../creation/adoption";
import type { Creatable } from "../creation/creatable";
import { createOnce } from "../creation/createOnce";
import { byMark } from "../creation/locator";
import { metadataProblems, normaliseMetadata } from "../metadata/metadata";
import {
    type BalanceInputs,
    type BalanceState,
    balanceInputs,
    balanceProblems,
    IMMUTABLE,
    identityOf,
    immutableProblems,
    immutablesOf,
    otherImmutables,
    withoutDefaults,
} from "./balanceInputs";
import type { OperationContext } from "./context";
import type { Lifecycle } from "./lifecycle";
import {
    claimsOf,
    displayName,
    keysOf,
    type MarkedState,
    metadataWithMark,
    ownedOf,
    readMarked,
    refreshedOf,
    visibleMetadata,
} from "./marked";
import type { OnDelete } from "./onDelete";
import { metadataStep, preflightOwned } from "./ownedMetadata";
import { inSteps, type Step } from "./partialFailure";
import { preflightAdoption } from "./preflightAdoption";
import { checkReplaced, type ReleaseCandidate, release } from "./release";
import { commonQuery, equal, knownById, listRecords, parseQuery, queryText, searchRecords } from "./search";

export const balance: Lifecycle<BalanceInputs, BalanceState> = {
    noun: "balance",
    inputs: balanceInputs,
    required: ["ledger", "currency"],
    preservedOnAdopt: [...IMMUTABLE, "identity"],
    replaceOn: IMMUTABLE,

    identify: ({ ledger, currency, trackFundLineage, allocationStrategy }) => ({
        ledger,
        currency,
        ...(trackFundLineage ? { trackFundLineage } : {}),
        ...(allocationStrategy && allocationStrategy !== "FIFO" ? { allocationStrategy } : {}),
    }),
    claims: claimsOf,
    keys: keysOf,
    // Without the currency, which may be secret.
    describe: ({ mark }, id) => `balance ${displayName(mark, id)}`,

    check(asked) {
        const inputs = withoutDefaults(normaliseMetadata(asked.inputs));
        return { inputs, problems: [...metadataProblems(inputs.metadata), ...balanceProblems({ ...asked, inputs })] };
    },

    naturalId: ({ adopted }) => adopted,

    async checkRelease(context, id, state, { onDelete }, replaces) {
        if (replaces.length > 0) await checkReplaced(context, balanceToReplace(context, id, state, onDelete));
    },

    preflightCreate: (context, inputs, adoption) =>
        preflightAdoption(context, balances, inputs, adoption, (record, asked) => ({
            inputs: { ...immutablesOf(record), ...identityOf(record), ...inputs },
            label: labelOf(record, inputs, asked),
            changes: propertyChange("identity", inputs.identity, record.identity_id, asked),
            problems: immutableProblems(asked.id, inputs, record, asked.secret),
        })),

    lookAhead: (markIndex, { mark }) => markIndex.lookAhead(balances, mark),

    async create(context, inputs) {
        if (context.replacing !== undefined) {
            const { id, state } = context.replacing;
            const leaving = balanceToReplace(context, id, state as BalanceState, inputs.onDelete);
            await checkReplaced(context, { ...leaving, what: "the balance that it would replace" });
        }
        return createOnce(context, creatable, inputs);
    },

    async read(context, id, state) {
        const record = await readMarked(context, balances, id, state);
        if (record === undefined) return undefined;
        const others = otherImmutables(record, state);
        if (others.length > 0) throw new Error(notTheSame(id, others));
        // Lineage and strategy stay as in the state: they cannot change, and some of Blnk's answers report them wrongly.
        // An identity that the program does not declare is not managed.
        const { identity: declared, ...rest } = state;
        return {
            ...rest,
            ledger: record.ledger_id,
            currency: record.currency,
            ...(declared === undefined ? {} : identityOf(record)),
            ...refreshedOf(record.meta_data, state),
        };
    },

    lookUps: {
        async byId(context, id) {
            const record = await findRecord(context.blnk, balances, id);
            return (
                record && {
                    ...immutablesOf(record),
                    ...identityOf(record),
                    ...visibleMetadata(record.meta_data),
                    createdAt: toMicroseconds(record.created_at),
                }
            );
        },

        async search(context, query) {
            const { id, ledger, currency, identity, indicator, metadata } = parseQuery(balanceQuery, query);
            if (id !== undefined) return knownById(id);
            refuseOtherName(indicator);
            if (indicator !== undefined && currency === undefined) {
                throw new Error("indicator names one balance in each currency: set currency as well.");
            }
            return searchRecords(
                context.blnk,
                searchedBalances,
                conditionsOf({ ledger, currency, identity, indicator }),
                metadata,
            );
        },

        async list(context, query) {
            const { id, metadata, ...columns } = parseQuery(balanceQuery, query, "may be empty");
            refuseOtherName(columns.indicator);
            const conditions = [...equal("balance_id", id), ...conditionsOf(columns)];
            const records = await listRecords(context.blnk, balances, conditions, metadata);
            // Blnk's lists report lineage and strategy wrongly.
            return records.map((record) => ({
                id: record.balance_id,
                ledger: record.ledger_id,
                currency: record.currency,
                ...identityOf(record),
                ...visibleMetadata(record.meta_data),
                createdAt: toMicroseconds(record.created_at),
            }));
        },
    },

    preflightUpdate: (context, id, state, inputs) =>
        preflightOwned(context, balances, id, state, inputs, isRelinked(state, inputs)),
    update: updateBalance,

    delete: (context, id, state) => release(context, balanceToRelease(context, id, state)),
};

function notTheSame(id: string, others: readonly string[]): string {
    return (
        `Blnk returned a balance with a different ${others.join(" and ")} for ${id}. The ledger and the currency of a balance ` +
        `never change, so this is another balance. Check the server's address, and any gateway in between. ` +
        `Nothing was dropped from the state.`
    );
}

const creatable: Creatable<OperationContext, BalanceRecord, BalanceInputs, BalanceState> = {
    table: balances,
    locate: (context, _inputs, mark) => byMark(context, balances, mark),
    post: (context, inputs) =>
        createBalance(context.blnk, {
            ledger_id: inputs.ledger,
            currency: inputs.currency,
            ...(inputs.identity === undefined ? {} : { identity_id: inputs.identity }),
            ...(inputs.trackFundLineage === undefined ? {} : { track_fund_lineage: inputs.trackFundLineage }),
            ...(inputs.allocationStrategy === undefined ? {} : { allocation_strategy: inputs.allocationStrategy }),
            meta_data: metadataWithMark(inputs),
        }),
    stateOf(record, { identity: _identity, ...inputs }) {
        // Immutable values are as declared: the mark covers them.
        return {
            ...inputs,
            ...identityOf(record),
            ...ownedOf(record.meta_data, inputs),
            createdAt: toMicroseconds(record.created_at),
        };
    },
    async matches(context, record, inputs) {
        if (otherImmutables(record, inputs).length > 0) return false;
        const isPlain = !inputs.trackFundLineage && (inputs.allocationStrategy ?? "FIFO") === "FIFO";
        // Blnk's lists do not report lineage and strategy.
        const whole =
            isPlain || record.track_fund_lineage ? record : await findRecord(context.blnk, balances, record.balance_id);
        return isPlain || (whole !== undefined && immutableProblems("", inputs, whole).length === 0);
    },
    changes: (record, { identity, metadata }) => [
        ...(identity === undefined || identity === record.identity_id ? [] : ["identity"]),
        ...metadataChanges(metadata, record.meta_data),
    ],
    update: updateBalance,
};

const balanceQuery = {
    ...commonQuery,
    ledger: queryText,
    currency: queryText,
    identity: queryText,
    indicator: queryText,
};

const searchedBalances = {
    table: balances,
    hitOf: ({ balance_id, currency }: BalanceRecord) => ({ id: balance_id, label: currency }),
};

function conditionsOf(
    query: { readonly [Name in "ledger" | "currency" | "identity" | "indicator"]?: string | undefined },
) {
    return [
        ...equal("ledger_id", query.ledger),
        ...equal("currency", query.currency),
        ...equal("identity_id", query.identity),
        ...equal("indicator", query.indicator),
    ];
}

/** Throws if the indicator is not valid. The message does not quote it: it may be a secret. */
function refuseOtherName(indicator: string | undefined): void {
    if (indicator === undefined || indicator.startsWith("@")) return;
    throw new Error('indicator must begin with "@", such as "@world".');
}

/** Whether an update changes the identity. */
export function isRelinked(state: BalanceState, { identity }: Partial<BalanceInputs>): boolean {
    return identity !== undefined && identity !== state.identity;
}

/** A label for an adopted balance. A declared currency is shown only if it is known not to be secret. */
function labelOf(record: BalanceRecord, { currency }: Partial<BalanceInputs>, { secret }: Adoption): string {
    const mayShow = currency === undefined || secret?.has("currency") === false;
    return `${mayShow ? `${record.currency} ` : ""}in ${record.ledger_id}`;
}

async function updateBalance(
    context: OperationContext,
    id: string,
    state: BalanceState,
    inputs: BalanceInputs,
): Promise<BalanceState> {
    const { identity } = inputs;
    // Metadata first: if it would overwrite another writer's value, nothing is changed at all.
    const steps: Step<BalanceState>[] = [metadataStep(context, id, state, inputs, isRelinked(state, inputs))];
    if (identity !== undefined && (isRelinked(state, inputs) || state.unsettled)) {
        const act = () =>
            setBalanceIdentity(context.blnk, id, identity).catch((error: unknown) => {
                // The balance was just read, so it is the identity that Blnk does not find.
                if (isNotFound(error))
                    throw new Error(`its identity was not found in ${context.server}. Check the argument identity.`);
                throw error;
            });
        steps.push({ act, done: { identity }, attempted: { identity, unsettled: [] } });
    }
    await inSteps(state, steps);
    return { ...inputs, createdAt: state.createdAt };
}

function balanceToRelease(
    context: OperationContext,
    id: string,
    { onDelete, ...rest }: BalanceInputs & MarkedState,
): ReleaseCandidate {
    // A balance that another stack has taken over is always released.
    const policy = rest.takenBy === undefined ? onDelete : "forget";
    return {
        id,
        what: balance.describe(rest, id),
        policy,
        async usage() {
            const record = await findRecord(context.blnk, balances, id);
            return record && usageOf(record);
        },
    };
}

/** A balance that is being replaced, with the new policy. */
function balanceToReplace(
    context: OperationContext,
    id: string,
    state: BalanceState,
    policy: OnDelete | undefined,
): ReleaseCandidate {
    return {
        id,
        what: balance.describe(state, id),
        policy,
        usage: () => batchedUsage(context, id),
    };
}

/** How a balance is used now. Reads of many are batched. */
export async function batchedUsage({ refreshReads }: OperationContext, id: string): Promise<string | undefined> {
    const now = await refreshReads.of(balances).read(id);
    return now && usageOf(now.record);
}

/** How a balance is used, as part of a sentence; undefined if no money has ever moved on it. */
function usageOf(record: BalanceRecord): string | undefined {
    return hasMoneyMoved(record) ? `money has moved on it (${amountsOf(record)})` : undefined;
}

function amountsOf(record: BalanceRecord): string {
    const inflight = record.inflight_credit_balance + record.inflight_debit_balance;
    return (
        `credit ${record.credit_balance}, debit ${record.debit_balance}` +
        `${inflight === 0n ? "" : `, inflight ${inflight}`}, in the smallest unit`
    );
}
