import * as v from "valibot";
import {
    ALLOCATION_STRATEGIES,
    type AllocationStrategy,
    type BalanceRecord,
    balances,
    createBalance,
    isUsed,
    setBalanceIdentity,
} from "../blnk/balances";
import { findRecord } from "../blnk/records";
import { toMicroseconds } from "../blnk/time";
import type { Asked, Lifecycle, Run } from "./lifecycle";
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

/** What a program asks of a balance. */
export interface BalanceInputs extends Marked {
    readonly ledger: string;
    readonly currency: string;
    readonly identity?: string;
    readonly trackFundLineage?: boolean;
    readonly allocationStrategy?: AllocationStrategy;
}

/** What a stack remembers of a balance. */
export interface BalanceState extends BalanceInputs {
    readonly createdAt: string;
}

const IMMUTABLE = ["ledger", "currency", "trackFundLineage", "allocationStrategy"] as const;

export const balance: Lifecycle<BalanceInputs, BalanceState> = {
    noun: "balance",
    inputs: {
        ...markedInputs,
        ledger: v.string(),
        currency: v.string(),
        identity: v.string(),
        trackFundLineage: v.boolean(),
        allocationStrategy: v.picklist(ALLOCATION_STRATEGIES),
    },
    required: ["ledger", "currency"],
    replaceOn: IMMUTABLE,

    identify: ({ ledger, currency, trackFundLineage, allocationStrategy }) => ({
        ledger,
        currency,
        ...(trackFundLineage ? { trackFundLineage } : {}),
        ...(allocationStrategy && allocationStrategy !== "FIFO" ? { allocationStrategy } : {}),
    }),
    claims: claimsOf,
    describe: ({ currency, mark }, id) => {
        const named =
            mark === undefined
                ? id
                : `"${mark.slice(mark.indexOf("/", mark.indexOf("/") + 1) + 1, mark.lastIndexOf("@"))}"`;
        return `balance ${named ?? ""}${currency === undefined ? "" : ` in ${currency}`}`;
    },

    check(asked) {
        return {
            inputs: normaliseMetadata(asked.inputs),
            problems: [...metadataProblems(asked.inputs.metadata), ...ownProblems(asked)],
        };
    },

    lookAhead: (marks, { mark }) => lookAhead(marks, marks.balances, mark),

    create: (run, inputs) => makeOnce(run, markedBalance, inputs),

    async read(run, id, state) {
        const record = await findRecord(run.blnk, balances, id);
        if (record === undefined) return undefined;
        // Lineage and strategy stay as remembered: they cannot change, and some answers tell them wrongly.
        const { identity: _identity, ...rest } = state;
        return {
            ...rest,
            ledger: record.ledger_id,
            currency: record.currency,
            ...identityOf(record),
            ...ownedOf(record.meta_data, state),
        };
    },

    async lookUp(run, id) {
        const record = await findRecord(run.blnk, balances, id);
        return (
            record && {
                ledger: record.ledger_id,
                currency: record.currency,
                ...identityOf(record),
                ...(record.track_fund_lineage ? { trackFundLineage: true } : {}),
                ...strategyOf(record),
                ...visibleMetadata(record.meta_data),
                createdAt: toMicroseconds(record.created_at),
            }
        );
    },

    update: updateBalance,

    async delete(run, id, state) {
        staysInBlnk(run, this.describe(state, id), id);
    },
};

const markedBalance: MarkedKind<BalanceRecord, BalanceInputs, BalanceState> = {
    noun: "balance",
    finder: (marks) => marks.balances,
    idOf: (record) => record.balance_id,
    post: (run, inputs) =>
        createBalance(run.blnk, {
            ledger_id: inputs.ledger,
            currency: inputs.currency,
            ...(inputs.identity === undefined ? {} : { identity_id: inputs.identity }),
            ...(inputs.trackFundLineage === undefined ? {} : { track_fund_lineage: inputs.trackFundLineage }),
            ...(inputs.allocationStrategy === undefined ? {} : { allocation_strategy: inputs.allocationStrategy }),
            meta_data: metadataWithMark(inputs),
        }),
    stateOf(record, { identity: _identity, ...inputs }) {
        // What cannot be changed is as declared: the mark covers it.
        return {
            ...inputs,
            ...identityOf(record),
            ...ownedOf(record.meta_data, inputs),
            createdAt: toMicroseconds(record.created_at),
        };
    },
    isUsed: async (_run, record) => isUsed(record),
    update: updateBalance,
};

async function updateBalance(run: Run, id: string, state: BalanceState, inputs: BalanceInputs): Promise<BalanceState> {
    if (inputs.identity !== undefined && inputs.identity !== state.identity) {
        await setBalanceIdentity(run.blnk, id, inputs.identity);
    }
    await changeOwned(run, id, state, inputs);
    return { ...inputs, createdAt: state.createdAt };
}

function identityOf(record: BalanceRecord): { identity?: string } {
    return record.identity_id === "" ? {} : { identity: record.identity_id };
}

function strategyOf({ allocation_strategy }: BalanceRecord): { allocationStrategy?: AllocationStrategy } {
    const strategy = ALLOCATION_STRATEGIES.find((known) => known === allocation_strategy);
    return strategy === undefined ? {} : { allocationStrategy: strategy };
}

function ownProblems({ inputs, unknown, old }: Asked<BalanceInputs>): string[] {
    const { ledger, currency, identity, trackFundLineage } = inputs;
    const problems: string[] = [];
    if (ledger !== undefined && !/^ldg_./.test(ledger)) {
        problems.push(
            ledger === "general_ledger_id"
                ? "ledger is the General Ledger, where Blnk alone makes balances, when a transaction names an indicator"
                : `ledger must be a Ledger or the id of one ("ldg_…"), not "${ledger}"`,
        );
    }
    if (identity !== undefined && !/^idt_./.test(identity)) {
        problems.push(`identity must be the id of an identity ("idt_…"), not "${identity}"`);
    }
    if (currency !== undefined && currency.trim() === "") problems.push("currency must not be empty");
    else if (currency !== undefined && currency !== currency.trim()) {
        problems.push(`currency has space around it, which Blnk would keep for ever: "${currency}"`);
    }
    if (trackFundLineage && identity === undefined && !unknown.has("identity")) {
        problems.push("trackFundLineage needs an identity: Blnk traces funds by the identity behind a balance");
    }
    const isReplaced = IMMUTABLE.some((name) => old !== undefined && !unknown.has(name) && inputs[name] !== old[name]);
    if (old?.identity !== undefined && identity === undefined && !unknown.has("identity") && !isReplaced) {
        problems.push(
            `identity cannot be taken away once it is set: Blnk only replaces it by another. ` +
                `Keep it, or declare a balance of another name`,
        );
    }
    return problems;
}
