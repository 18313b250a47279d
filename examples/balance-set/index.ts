import * as blnk from "pulumi-blnk";

const customers = new blnk.Ledger("customers", { name: "Customer wallets" });

// One resource for all of them: Pulumi saves its state once, not twice for each balance.
const wallets = new blnk.BalanceSet("wallets", {
    ledger: customers,
    balances: {
        "alice-usd": { currency: "USD" },
        "bob-usd": { currency: "USD", metadata: { tier: "gold" } },
        "bob-eur": { currency: "EUR" },
        // Any number more, from a file or an API of one's own: the key is how each of them is found again.
        ...Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`customer-${n + 1}`, { currency: "USD" }])),
    },
});

// One of them, wherever a balance is accepted.
new blnk.MetadataTag("alice-plan", { target: wallets.idOf("alice-usd"), key: "plan", value: "pro" });

export const bobInEuro = wallets.idOf("bob-eur");
