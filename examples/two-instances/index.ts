import * as pulumi from "@pulumi/pulumi";
import * as blnk from "pulumi-blnk";

const config = new pulumi.Config();

// Lives in the instance that the stack's configuration names (blnk:instanceId and so on).
const customers = new blnk.Ledger("customers", { name: "Customer Wallets" });

// A second instance needs its own provider. It reads neither blnk: settings nor BLNK_ variables by itself.
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
