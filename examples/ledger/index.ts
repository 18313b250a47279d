import * as blnk from "pulumi-blnk";

// The name that Blnk shows can be changed at any time: the ledger is renamed, never made anew.
const customers = new blnk.Ledger("customers", {
    name: "Customer Wallets",
    metadata: {
        product: "wallets",
        regulated: true,
        contact: { team: "treasury", channel: "#treasury" },
    },
});

// Without a name the ledger is called like the resource. Metadata can use what other resources give.
const fees = new blnk.Ledger("fees", {
    metadata: { collected_from: customers.id },
});

export const customersId = customers.id;
export const feesId = fees.id;
export const feesCreatedAt = fees.createdAt;
