import * as blnk from "pulumi-blnk";

/** The words in the recorded state that stand for what a test's own sandboxes have, beside those of `states.ts`. */
export const ADOPTED = {
    /** The address of the second server, and its identity. */
    elsewhereUrl: "http://elsewhere.invalid",
    elsewhere: "core_elsewhere",
    /** The ledger there. */
    elsewhereLedger: "ldg_elsewhere",
    /** The members of the set: one adopted, one created. */
    eve: "bln_recorded_eve",
    fred: "bln_recorded_fred",
    /** When the ledger and the balance that are looked up were created. */
    ledgerCreatedAt: "2026-11-27T11:40:49.060963Z",
    balanceCreatedAt: "2026-11-27T11:40:49.093744Z",
} as const;

/** Ids of things that others have created. */
export interface Things {
    readonly ledger: string;
    readonly balance: string;
    readonly eve: string;
}

/**
 * The program of which `0.1.0-adopted.json` was recorded: every kind adopted, looked up in each way, and a second provider.
 * `tier` is what the program declares on the adopted balance.
 */
export async function recordedAdopted({ ledger: id, balance, eve }: Things, coreUrl: string, tier = "gold") {
    const ledger = new blnk.Ledger("customers", { adopt: id });
    new blnk.Balance("alice", { adopt: balance, metadata: { tier } });
    new blnk.BalanceSet("wallets", { ledger, balances: { eve: { adopt: eve }, fred: { currency: "USD" } } });
    new blnk.MetadataTag("plan", { adopt: `${id}/plan` });
    blnk.Ledger.get("seen", id);
    blnk.Balance.get("seen", balance);
    blnk.MetadataTag.get("seen", `${id}/plan`);
    const found = await blnk.getLedger({ name: "Customers" });
    await blnk.getBalance({ ledger: found, metadata: { customer: "alice" } });
    const core = new blnk.Provider("core", { coreUrl, coreKeyEnv: "BLNK_OTHER_KEY", owner: "recorded" });
    new blnk.Ledger("elsewhere", { name: "Elsewhere" }, { provider: core });
}
