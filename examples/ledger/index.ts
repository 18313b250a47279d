import * as blnk from "pulumi-blnk";

// The name that Blnk shows can change at any time: the ledger is updated in place, never replaced.
const customers = new blnk.Ledger("customers", {
    name: "Customer Wallets",
    metadata: {
        product: "wallets",
        regulated: true,
        contact: { team: "treasury", channel: "#treasury" },
    },
});

// Without a name the ledger takes the name of the resource. Metadata can use outputs of other resources.
const fees = new blnk.Ledger("fees", {
    metadata: { collected_from: customers.id },
});

export const customersId = customers.id;
export const feesId = fees.id;
export const feesCreatedAt = fees.createdAt;
