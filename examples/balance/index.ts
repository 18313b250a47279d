import * as pulumi from "@pulumi/pulumi";
import * as blnk from "pulumi-blnk";

const config = new pulumi.Config();

const treasury = new blnk.Ledger("treasury", { name: "Treasury" });

// One balance per currency. Ledger and currency never change: another currency replaces the balance.
const floats = ["USD", "EUR", "NGN"].map(
    (currency) =>
        new blnk.Balance(`float-${currency.toLowerCase()}`, {
            ledger: treasury,
            currency,
            metadata: { purpose: "float" },
        }),
);

// A balance can belong to an identity that exists in Blnk. It can then trace where its funds came from.
const identity = config.get("identity");
const credits = identity
    ? new blnk.Balance("credits", {
          ledger: treasury,
          currency: "CREDITS",
          identity,
          trackFundLineage: true,
          allocationStrategy: "FIFO",
      })
    : undefined;

export const floatIds = floats.map((float) => float.id);
export const creditsId = credits?.id;
