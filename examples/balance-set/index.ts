import * as blnk from "pulumi-blnk";

const customers = new blnk.Ledger("customers", { name: "Customer wallets" });

// One resource for all balances: Pulumi does not save its state for each of them.
const wallets = new blnk.BalanceSet("wallets", {
    ledger: customers,
    balances: {
        "alice-usd": { currency: "USD" },
        "bob-usd": { currency: "USD", metadata: { tier: "gold" } },
        "bob-eur": { currency: "EUR" },
        // Any number more, from a file or an API. Each balance is found again by its key.
        ...Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`customer-${n + 1}`, { currency: "USD" }])),
    },
});

// One of the balances, to be used wherever a balance is accepted.
new blnk.MetadataTag("alice-plan", { target: wallets.idOf("alice-usd"), key: "plan", value: "pro" });

export const bobInEuro = wallets.idOf("bob-eur");
