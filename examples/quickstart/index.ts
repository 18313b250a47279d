import * as pulumi from "@pulumi/pulumi";
import * as blnk from "pulumi-blnk";

const config = new pulumi.Config();
const stage = config.get("stage") ?? "pilot";

const wallets = new blnk.Ledger("wallets", {
    name: config.get("ledgerName") ?? "Customer Wallets (pilot)",
});

const usd = new blnk.Balance("usd-float", { ledger: wallets, currency: "USD" });
const eur = new blnk.Balance("eur-float", { ledger: wallets, currency: "EUR" });

new blnk.MetadataTag("wallets-stage", { target: wallets, key: "stage", value: stage });
new blnk.MetadataTag("usd-float-stage", { target: usd, key: "stage", value: stage });
new blnk.MetadataTag("eur-float-stage", { target: eur, key: "stage", value: stage });

export const ledgerId = wallets.id;
export const usdBalanceId = usd.id;
export const eurBalanceId = eur.id;
