/** What Blnk holds between the acts of the quickstart: shown as a table, and put into words that can be compared. */
import type { LedgerRow, Sandbox } from "../../sandbox/sandbox";

/** Every Blnk has this ledger from the start. It is shown, and otherwise none of our business. */
const GENERAL = "general_ledger_id";

/** What the example asks for, or what somebody made of it. */
export interface Wanted {
    readonly ledgerName: string;
    /** The value of the tag `stage` on all three things. */
    readonly stage: string | null;
    /** Its value on the balance in USD where that differs. */
    readonly usdStage?: string;
}

/** What Blnk should hold, in the words of {@link describe}. */
export function expected({ ledgerName, stage, usdStage }: Wanted): readonly string[] {
    return [
        inWords(`ledger "${ledgerName}"`, stage),
        inWords(`balance EUR in "${ledgerName}"`, stage),
        inWords(`balance USD in "${ledgerName}"`, usdStage ?? stage),
    ];
}

/** What the sandbox holds, a sentence for each ledger and balance. */
export function describe(sandbox: Sandbox): readonly string[] {
    const names = new Map(sandbox.ledgers().map((ledger) => [ledger.ledger_id, ledger.name]));
    const ledgers = ourLedgers(sandbox).map((it) => inWords(`ledger "${it.name}"`, it.meta_data?.stage));
    const balances = sandbox
        .balances()
        .map((it) => inWords(`balance ${it.currency} in "${names.get(it.ledger_id)}"`, it.meta_data?.stage))
        .sort();
    return [...ledgers, ...balances];
}

/** The ledgers in the sandbox, but for Blnk's own. */
export function ourLedgers(sandbox: Sandbox): LedgerRow[] {
    return sandbox.ledgers().filter((ledger) => ledger.ledger_id !== GENERAL);
}

/** The ids of our ledgers and balances in the sandbox. */
export function ids(sandbox: Sandbox): readonly string[] {
    return [
        ...ourLedgers(sandbox).map((ledger) => ledger.ledger_id),
        ...sandbox.balances().map((balance) => balance.balance_id),
    ].sort();
}

/** What the sandbox holds, as a table with a row for each ledger and balance. */
export function table(sandbox: Sandbox): string {
    const rows = [
        ["KIND", "ID", "NAME OR CURRENCY", "METADATA"],
        ...sandbox.ledgers().map((it) => ["ledger", short(it.ledger_id), it.name, listed(it.meta_data)]),
        ...sandbox
            .balances()
            .map((it) => [
                "balance",
                short(it.balance_id),
                `${it.currency} in ${short(it.ledger_id)}`,
                listed(it.meta_data),
            ]),
    ];
    const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
    return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd()).join("\n");
}

function inWords(thing: string, stage: unknown): string {
    return `${thing} with stage ${JSON.stringify(stage ?? null)}`;
}

function short(id: string): string {
    return `${id.slice(0, 8)}…`;
}

function listed(metadata: Readonly<Record<string, unknown>> | null): string {
    return Object.entries(metadata ?? {})
        .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
        .join(" ");
}
