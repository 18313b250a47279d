import * as v from "valibot";
import { metadataSchema, type Table } from "./records";

const schema = v.object({ transaction_id: v.pipe(v.string(), v.nonEmpty()), meta_data: metadataSchema });

/** The part of a transaction that tags need. */
export type TransactionRecord = v.InferOutput<typeof schema>;

export const transactions: Table<TransactionRecord> = {
    noun: "transaction",
    nouns: "transactions",
    idField: "transaction_id",
    idPrefix: "txn_",
    idOf: (record) => record.transaction_id,
    core: "/transactions",
    cloudFilter: "/transactions/filter",
    schema,
};
