import { createHash } from "node:crypto";
import { isLosslessNumber } from "lossless-json";
import type { Metadata } from "../json";
import { invalid, Refusal } from "./answers";
import type { Bound } from "./body";
import { printMicros, printNanos, zeroTime } from "./clock";
import { timeComplaint } from "./goTime";
import { majorText, minorUnits, writtenDigits } from "./money";
import type { TransactionRow } from "./rows";

/** The fields of a transaction request. Others, `dry_run` among them, are ignored: the money moves all the same. */
export const transactionShape = {
    amount: "number",
    precise_amount: "raw",
    precision: "number",
    currency: "string",
    reference: "string",
    description: "string",
    source: "string",
    destination: "string",
    sources: "list",
    destinations: "list",
    allow_overdraft: "bool",
    overdraft_limit: "number",
    inflight: "bool",
    inflight_expiry_date: "string",
    inflight_commit_date: "string",
    scheduled_for: "string",
    effective_date: "time",
    skip_queue: "bool",
    atomic: "bool",
    meta_data: "map",
} as const;

/** A transaction that was asked for and passes validation. */
export interface Draft {
    preciseAmount: bigint;
    amount: number;
    /** Exact text of the amount, given when minor units were sent. */
    amountText?: string;
    precision: number;
    currency: string;
    reference: string;
    description: string;
    source: string;
    destination: string;
    allowOverdraft: boolean;
    overdraftLimit: number;
    inflight: boolean;
    skipQueue: boolean;
    atomic: boolean;
    dates: Record<"effective_date" | "scheduled_for" | "inflight_expiry_date" | "inflight_commit_date", string>;
    metadata: Metadata;
}

const badDate = "please format the scheduled date as 'YYYY-MM-DDTHH:MM:SS+00:00' (e.g., 2024-04-22T15:28:03+00:00)";

/** Refusal of a transaction whose fields are not of their types: Core does not say which. */
export function invalidInput(): Refusal {
    return new Refusal(400, "GEN_MALFORMED_REQUEST", "Invalid input");
}

/** Checks a request before anything is stored. */
export function draftOf(body: Bound<typeof transactionShape>): Draft {
    if (body.sources !== undefined || body.destinations !== undefined) {
        throw new Refusal(400, "GEN_VALIDATION_ERROR", "split transactions are not played by this sandbox");
    }
    const complaints: Record<string, string> = {};
    for (const field of ["currency", "reference", "description"] as const) {
        if ((body[field] ?? "") === "") {
            complaints[field] = "cannot be blank";
        }
    }
    for (const field of ["source", "destination"] as const) {
        if ((body[field] ?? "") === "") {
            complaints[field] = `either ${field} or ${field}s is required, not both`;
        }
    }
    for (const field of ["inflight_expiry_date", "inflight_commit_date", "scheduled_for"] as const) {
        if ((body[field] ?? "") !== "" && timeComplaint(body[field] ?? "") !== undefined) {
            complaints[field] = badDate;
        }
    }
    const precision = Number(body.precision ?? 0) || 1;
    if (!Number.isInteger(precision)) {
        throw new Refusal(400, "TXN_PRECISION_NOT_INTEGER", "precision must be a whole number", {});
    }
    const precise = body.precise_amount;
    if (precise !== undefined && !(isLosslessNumber(precise) && /^-?\d+$/.test(precise.value))) {
        throw invalidInput();
    }
    const amount = Number(body.amount ?? 0);
    if (amount !== 0 && precise !== undefined) {
        complaints.amount = "either amount or precise_amount should be provided, not both";
    } else if (amount === 0 && precise === undefined) {
        complaints.amount = "either amount or precise_amount is required";
    } else if (writtenDigits(amount) > 15) {
        complaints.amount =
            "amount has more than 15 significant digits which may cause rounding errors; use precise_amount instead";
    }
    if (Object.keys(complaints).length > 0) {
        throw invalid(complaints, "TXN_VALIDATION_ERROR");
    }
    if (amount < 0) {
        const message = "failed to split transaction: total distributions exceed 100% or total amount";
        throw new Refusal(400, "TXN_VALIDATION_ERROR", message);
    }
    const sent = precise === undefined ? undefined : BigInt(String(precise));
    const major = sent === undefined ? undefined : majorText(sent, precision);
    return {
        preciseAmount: sent ?? minorUnits(body.amount?.value ?? "0", String(precision)),
        amount: major === undefined ? amount : Number(major),
        ...(major !== undefined && { amountText: major }),
        precision,
        currency: body.currency ?? "",
        reference: body.reference ?? "",
        description: body.description ?? "",
        source: body.source ?? "",
        destination: body.destination ?? "",
        allowOverdraft: body.allow_overdraft ?? false,
        overdraftLimit: Number(body.overdraft_limit ?? 0),
        inflight: body.inflight ?? false,
        skipQueue: body.skip_queue ?? false,
        atomic: body.atomic ?? false,
        dates: {
            effective_date: body.effective_date ?? "",
            scheduled_for: body.scheduled_for || zeroTime,
            inflight_expiry_date: body.inflight_expiry_date || zeroTime,
            inflight_commit_date: body.inflight_commit_date || zeroTime,
        },
        metadata: {
            ...body.meta_data,
            ...(body.allow_overdraft === true && { allow_overdraft: true }),
            ...(body.inflight === true && { inflight: true }),
        },
    };
}

/** The row a draft becomes. */
export function rowOf(draft: Draft, id: string, status: string, created: bigint, parent = ""): TransactionRow {
    const { currency, reference, description, source, destination } = draft;
    const joined = `${draft.amount.toFixed(6)}${reference}${currency}${source}${destination}`;
    return {
        precise_amount: draft.preciseAmount,
        amount: draft.amount,
        precision: draft.precision,
        transaction_id: id,
        parent_transaction: parent,
        source,
        destination,
        reference,
        currency,
        description,
        status,
        hash: createHash("sha256").update(joined).digest("hex"),
        created_at: printMicros(created),
        effective_date: draft.dates.effective_date || printMicros(created),
        meta_data: draft.metadata,
    };
}

/** The create answer: it shows what was asked for, which later reads do not. */
export function createdBody(draft: Draft, row: TransactionRow, created: bigint): object {
    const { inflight, ...metadata } = row.meta_data;
    const { meta_data, ...rest } = row;
    return {
        ...rest,
        ...(draft.amountText !== undefined && { amount_string: draft.amountText }),
        overdraft_limit: draft.overdraftLimit,
        allow_overdraft: draft.allowOverdraft,
        inflight: inflight === true,
        skip_queue: draft.skipQueue,
        atomic: draft.atomic,
        created_at: printNanos(created),
        ...draft.dates,
        effective_date: draft.dates.effective_date || printNanos(created),
        ...(Object.keys(metadata).length === 0 ? {} : { meta_data: metadata }),
    };
}
