import type { Sandbox } from "../../sandbox/sandbox";

type Keys = Record<string, unknown>;

/** Another application that works with the same server: it has things of its own, and keys on ours. */
export class Application {
    /** Its keys on things, by the id of the thing. */
    readonly keys = new Map<string, Keys>();
    /** The ids of what it has made itself. */
    readonly own = new Set<string>();

    constructor(private readonly sandbox: Sandbox) {}

    /** Makes a ledger with two balances, marked as ours are not. */
    async settle(): Promise<void> {
        const ledger = await this.make("ledgers", "Ledger 1");
        for (const _ of ["one", "two"]) await this.make("balances", ledger);
    }

    /** Makes a ledger of a name, or a balance in a ledger. */
    async make(kind: "ledgers" | "balances", nameOrLedger: string, currency = "USD"): Promise<string> {
        const meta_data = { app: "shop", shelf: "theirs", plan: "theirs" };
        const body = kind === "ledgers" ? { name: nameOrLedger } : { ledger_id: nameOrLedger, currency };
        const made = (await this.send(`/${kind}`, { ...body, meta_data })) as {
            ledger_id: string;
            balance_id?: string;
        };
        const id = made.balance_id ?? made.ledger_id;
        this.own.add(id);
        this.note(id, meta_data);
        return id;
    }

    /** Puts a key of its own on everything there is, as time goes by: not racing with anybody. */
    touchAll(): void {
        const ids = [
            ...this.sandbox.ledgers().map(({ ledger_id }) => ledger_id),
            ...this.sandbox.balances().map(({ balance_id }) => balance_id),
        ];
        for (const id of ids.filter((it) => it !== "general_ledger_id")) {
            const patch = { app_note: `seen ${id}`, app_terms: { days: 30 } };
            this.sandbox.editMetadata(id, patch);
            this.note(id, patch);
        }
    }

    /** Sends a metadata write as any client would, and notes it where it was answered. */
    async write(id: string, patch: Keys): Promise<void> {
        await this.send(`/${id}/metadata`, { meta_data: patch });
        this.note(id, patch);
    }

    /** Puts a thing's mark on one of its own, as whoever copies whole metadata does. */
    copyMark(from: string, to: string): void {
        const rows = [...this.sandbox.ledgers(), ...this.sandbox.balances()];
        const row = rows.find((it) => ("balance_id" in it ? it.balance_id : it.ledger_id) === from);
        this.sandbox.editMetadata(to, { pulumi: row?.meta_data?.pulumi });
    }

    /** Moves money into a balance. */
    async pay(balance: string, currency: string): Promise<void> {
        await this.send("/transactions", {
            ...{ amount: 5, precision: 100, currency, reference: `pay ${balance}`, description: "a payment" },
            ...{ source: "@world", destination: balance, allow_overdraft: true, skip_queue: true },
        });
        for (const { indicator, balance_id } of this.sandbox.balances()) {
            if (indicator === "@world") this.own.add(balance_id);
        }
    }

    private note(id: string, patch: Keys): void {
        this.keys.set(id, { ...this.keys.get(id), ...patch });
    }

    private async send(path: string, body: unknown): Promise<unknown> {
        const response = await fetch(`${this.sandbox.coreUrl}${path}?application`, {
            method: "POST",
            headers: { "x-blnk-key": this.sandbox.coreKey, "content-type": "application/json" },
            body: JSON.stringify(body),
        });
        if (!response.ok) throw new Error(`the application's POST ${path} was answered ${response.status}`);
        return response.json();
    }
}

/** Whether a request was the application's and not ours. */
export function isApplications({ query }: { readonly query: Readonly<Record<string, string>> }): boolean {
    return "application" in query;
}
