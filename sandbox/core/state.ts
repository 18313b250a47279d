import { randomUUID } from "node:crypto";
import type { Settings } from "../settings";
import type { Waiting } from "../waiting";
import { clock, printMicros } from "./clock";
import type { BalanceRow, IdentityRow, LedgerRow, MonitorRow, RuleRow, TransactionRow } from "./rows";
import { Table } from "./table";

/** Id of the ledger that the first migration makes. */
export const generalLedger = "general_ledger_id";

/** Everything one Core instance holds. */
export class CoreState {
    readonly ledgers: Table<LedgerRow>;
    readonly balances: Table<BalanceRow>;
    readonly identities: Table<IdentityRow>;
    readonly transactions: Table<TransactionRow>;
    readonly rules: Table<RuleRow>;
    readonly monitors: Table<MonitorRow>;
    /** Transaction ids by reference, which is unique. */
    readonly references = new Map<string, string>();
    /** Balance ids by indicator and currency, which are unique together. */
    readonly indicators = new Map<string, string>();

    constructor(
        readonly settings: Settings,
        readonly waiting: Waiting,
    ) {
        this.ledgers = new Table(settings);
        this.balances = new Table(settings);
        this.identities = new Table(settings);
        this.transactions = new Table(settings);
        this.rules = new Table(settings);
        this.monitors = new Table(settings);
        const seeded = {
            ledger_id: generalLedger,
            name: "General Ledger",
            created_at: printMicros(clock.now()),
            meta_data: {},
        };
        // The first migration is old enough for any read lag.
        this.ledgers.insert(generalLedger, seeded, Number.NEGATIVE_INFINITY);
    }

    /** Deletes a row without a request. True if it existed. */
    forget(id: string): boolean {
        this.freeNames(id);
        return this.tables().some((table) => table.forget(id));
    }

    /** Hides a row as in an older dump, until it is shown. True if it existed. */
    hide(id: string): boolean {
        this.freeNames(id);
        return this.tables().some((table) => table.hide(id));
    }

    /** Shows a hidden row again. True if it was hidden. */
    show(id: string): boolean {
        if (!this.tables().some((table) => table.show(id))) {
            return false;
        }
        for (const [names, name] of this.namesOf(id)) {
            if (names.has(name)) {
                this.tables().some((table) => table.hide(id));
                throw new Error(`${id} cannot be shown: another row has taken its reference or indicator`);
            }
            names.set(name, id);
        }
        return true;
    }

    private tables() {
        const { ledgers, balances, identities, transactions, rules, monitors } = this;
        return [ledgers, balances, identities, transactions, rules, monitors];
    }

    private freeNames(id: string): void {
        for (const [names, name] of this.namesOf(id)) {
            names.delete(name);
        }
    }

    /** The unique names of a row, each with the map that holds it. */
    private namesOf(id: string): [names: Map<string, string>, name: string][] {
        const names: [Map<string, string>, string][] = [];
        const { indicator = "", currency = "" } = this.balances.get(id) ?? {};
        if (indicator !== "") {
            names.push([this.indicators, indicatorKey(indicator, currency)]);
        }
        const transaction = this.transactions.get(id);
        if (transaction !== undefined) {
            names.push([this.references, transaction.reference]);
        }
        return names;
    }
}

/** A new id in Core's format. */
export function newId(prefix: string): string {
    return `${prefix}_${randomUUID()}`;
}

/** The key under which a balance with an indicator is unique. */
export function indicatorKey(indicator: string, currency: string): string {
    return JSON.stringify([indicator, currency]);
}
