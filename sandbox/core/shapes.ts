import { zeroTime } from "./clock";
import type { Entity } from "./fields";
import type { BalanceRow, IdentityRow, LedgerRow, TransactionRow } from "./rows";

/** A balance as get-by-id shows it. */
export function wholeBalance(row: BalanceRow): object {
    const { indicator, ...rest } = row;
    return indicator === "" ? rest : { ...rest, indicator };
}

/** A balance as lists and filters show it: three columns are not read, so they come back empty. */
export function listedBalance(row: BalanceRow): object {
    const { allocation_strategy, ...rest } = { ...row, version: 0, track_fund_lineage: false };
    const { indicator, ...plain } = rest;
    return indicator === "" ? plain : rest;
}

/** A transaction as reads show it: most of what was asked for is not read back. */
export function readTransaction(row: TransactionRow): object {
    const { effective_date, meta_data, ...rest } = row;
    const { inflight, ...metadata } = meta_data;
    return {
        ...rest,
        overdraft_limit: 0,
        allow_overdraft: false,
        inflight: inflight === true,
        skip_queue: false,
        atomic: false,
        scheduled_for: zeroTime,
        inflight_expiry_date: zeroTime,
        inflight_commit_date: zeroTime,
        ...(Object.keys(metadata).length === 0 ? {} : { meta_data: metadata }),
    };
}

/** A row of any kind as lists and filters show it. */
export function listed(entity: Entity, row: object): object {
    switch (entity) {
        case "balances":
            return listedBalance(row as BalanceRow);
        case "transactions":
            return readTransaction(row as TransactionRow);
        case "ledgers":
            return row as LedgerRow;
        case "identities":
            return row as IdentityRow;
    }
}

/** A row of any kind as get-by-id shows it. */
export function whole(entity: Entity, row: object): object {
    return entity === "balances" ? wholeBalance(row as BalanceRow) : listed(entity, row);
}
