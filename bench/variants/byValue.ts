import * as pulumi from "@pulumi/pulumi";
import { balancesAsked, SAVES_OFF, type Variant } from "./variant";

/*
 * What a user would write by hand: two dynamic providers over Blnk's HTTP interface, as Pulumi's documentation shows them. Pulumi
 * stores their code with each resource.
 */

type Metadata = Readonly<Record<string, unknown>>;

interface LedgerInputs {
    readonly name: string;
}

interface BalanceInputs {
    readonly ledger: string;
    readonly currency: string;
    readonly metadata: Metadata;
}

/** Blnk Cloud's proxy. */
class Blnk {
    constructor(private readonly config: pulumi.dynamic.Config) {}

    /** The answer's body; undefined where there is no such thing. */
    async send(method: string, path: string, body?: unknown): Promise<Record<string, unknown> | undefined> {
        const instance = this.config.require("blnk:instanceId");
        const url = `${this.config.require("blnk:cloudUrl")}/proxy${path}?instance_id=${instance}`;
        const response = await fetch(url, {
            method,
            headers: {
                authorization: `Bearer ${this.config.require("blnk:accessToken")}`,
                "content-type": "application/json",
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        if (response.status === 404) return undefined;
        const text = await response.text();
        if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
        return JSON.parse(text);
    }
}

const ledgerProvider: pulumi.dynamic.ResourceProvider & { blnk?: Blnk } = {
    async configure({ config }) {
        this.blnk = new Blnk(config);
    },
    async create(inputs: LedgerInputs) {
        const made = await this.blnk?.send("POST", "/ledgers", { name: inputs.name });
        return { id: String(made?.ledger_id), outs: inputs };
    },
    async read(id) {
        const ledger = await this.blnk?.send("GET", `/ledgers/${id}`);
        return ledger === undefined ? {} : { id, props: { name: ledger.name } };
    },
    async diff(_id, olds: LedgerInputs, news: LedgerInputs) {
        return { changes: olds.name !== news.name };
    },
    async update(id, _olds: LedgerInputs, news: LedgerInputs) {
        await this.blnk?.send("PUT", `/ledgers/${id}`, { name: news.name });
        return { outs: news };
    },
};

const balanceProvider: pulumi.dynamic.ResourceProvider & { blnk?: Blnk } = {
    async configure({ config }) {
        this.blnk = new Blnk(config);
    },
    async create({ ledger, currency, metadata }: BalanceInputs) {
        const body = { ledger_id: ledger, currency, meta_data: metadata };
        const made = await this.blnk?.send("POST", "/balances", body);
        return { id: String(made?.balance_id), outs: { ledger, currency, metadata } };
    },
    async read(id) {
        const balance = await this.blnk?.send("GET", `/balances/${id}`);
        if (balance === undefined) return {};
        const { ledger_id, currency, meta_data } = balance;
        return { id, props: { ledger: ledger_id, currency, metadata: meta_data } };
    },
    async diff(_id, olds: BalanceInputs, news: BalanceInputs) {
        const replaces = (["ledger", "currency"] as const).filter((name) => olds[name] !== news[name]);
        const isOther = JSON.stringify(olds.metadata) !== JSON.stringify(news.metadata);
        return { changes: replaces.length > 0 || isOther, replaces };
    },
    async update(id, _olds: BalanceInputs, news: BalanceInputs) {
        await this.blnk?.send("POST", `/${id}/metadata`, { meta_data: news.metadata });
        const { ledger, currency, metadata } = news;
        return { outs: { ledger, currency, metadata } };
    },
    async delete() {
        // Blnk deletes no balance.
    },
};

class Ledger extends pulumi.dynamic.Resource {
    constructor(name: string, args: { name: pulumi.Input<string> }) {
        super(ledgerProvider, name, args, undefined, "blnk", "Ledger");
    }
}

class Balance extends pulumi.dynamic.Resource {
    constructor(
        name: string,
        args: { ledger: pulumi.Input<string>; currency: pulumi.Input<string>; metadata: pulumi.Input<Metadata> },
    ) {
        super(balanceProvider, name, args, undefined, "blnk", "Balance");
    }
}

/** The plain `pulumi.dynamic.Resource`, whose code travels by value. */
export const byValue: Variant = {
    name: "by value",
    program: (size, edited) => async () => {
        const ledger = new Ledger("customers", { name: "Customers" });
        for (const { name, currency, metadata } of balancesAsked(size, edited)) {
            new Balance(name, { ledger: ledger.id, currency, metadata });
        }
    },
};

/** The same while the engine saves the state only once, at the end. */
export const byValueUnsaved: Variant = { ...byValue, name: "by value, saves off", environment: SAVES_OFF };
