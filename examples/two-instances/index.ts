import * as pulumi from "@pulumi/pulumi";
import * as blnk from "pulumi-blnk";

const config = new pulumi.Config();

// Kept in the instance that the stack's own configuration names (blnk:instanceId and so on).
const customers = new blnk.Ledger("customers", { name: "Customer Wallets" });

// A second instance needs a provider of its own, which reads nothing from the stack's configuration or environment.
const eu = new blnk.Provider("eu", {
    instanceId: config.require("euInstanceId"),
    accessToken: config.requireSecret("euAccessToken"),
    cloudUrl: config.get("euCloudUrl"),
});
const euCustomers = new blnk.Ledger("customers-eu", { name: "Customer Wallets (EU)" }, { provider: eu });
const euFloat = new blnk.Balance("float-eu", { ledger: euCustomers, currency: "EUR" }, { provider: eu });

export const customersId = customers.id;
export const euCustomersId = euCustomers.id;
export const euFloatId = euFloat.id;
