import * as pulumi from "@pulumi/pulumi";
import * as blnk from "pulumi-blnk";

const config = new pulumi.Config();

const payouts = new blnk.Ledger("payouts", { name: "Payouts" });
const reserve = new blnk.Balance("reserve", { ledger: payouts, currency: "USD" });

// A tag owns one key of one target. It leaves every other key as it is.
new blnk.MetadataTag("cost-centre", { target: payouts, key: "cost_centre", value: "CC-1042" });

// The value is any JSON. When a part of it changes, the whole value is written.
new blnk.MetadataTag("limits", {
    target: reserve,
    key: "limits",
    value: { daily: 50_000, alerts: ["treasury", "risk"], hard: true },
});

// The target can be a thing that this program does not manage, named by its id.
const existing = config.get("existingLedgerId");
if (existing) {
    new blnk.MetadataTag("reviewed", { target: existing, key: "reviewed", value: true });
}

export const payoutsId = payouts.id;
export const reserveId = reserve.id;
