import { identityTexts } from "./rows";

/** The four kinds of rows that lists and filters know. */
export type Entity = "ledgers" | "balances" | "transactions" | "identities";

/** What a column holds, which decides how it is compared. */
export type ColumnKind = "text" | "number" | "time";

function columns(kind: ColumnKind, names: readonly string[]): [string, ColumnKind][] {
    return names.map((name) => [name, kind]);
}

const amounts = ["balance", "inflight_balance"].flatMap((name) => [
    name,
    name.replace("balance", "credit_balance"),
    name.replace("balance", "debit_balance"),
]);

/** The filterable columns of each kind, apart from metadata. */
export const filterable: Record<Entity, ReadonlyMap<string, ColumnKind>> = {
    ledgers: new Map([...columns("text", ["ledger_id", "name"]), ...columns("time", ["created_at"])]),
    balances: new Map([
        ...columns("text", ["balance_id", "ledger_id", "identity_id", "indicator", "currency"]),
        ...columns("number", amounts),
        ...columns("time", ["created_at"]),
    ]),
    transactions: new Map([
        ...columns("text", ["transaction_id", "parent_transaction", "currency", "source", "destination", "balance_id"]),
        ...columns("text", ["reference", "status", "indicator", "description"]),
        ...columns("number", ["amount", "precision"]),
        ...columns("time", ["created_at", "effective_date"]),
    ]),
    identities: new Map([
        ...columns("text", ["identity_id", ...identityTexts]),
        ...columns("time", ["dob", "created_at"]),
    ]),
};

/** The tables behind the four kinds, as error texts name them. */
export const tableNames: Record<Entity, string> = {
    ledgers: "ledgers",
    balances: "balances",
    transactions: "transactions",
    identities: "identity",
};

/** The values of a column in a row; `balance_id` of a transaction stands for both of its sides. */
export function columnValues(entity: Entity, field: string, row: Readonly<Record<string, unknown>>): unknown[] {
    if (entity === "transactions" && field === "balance_id") {
        return [row.source, row.destination];
    }
    // These two columns are NULL, not empty, when nothing was given.
    if (entity === "balances" && (field === "identity_id" || field === "indicator") && row[field] === "") {
        return [null];
    }
    return [row[field] ?? null];
}
