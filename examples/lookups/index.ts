import * as pulumi from "@pulumi/pulumi";
import * as blnk from "pulumi-blnk";

const config = new pulumi.Config();

// A ledger of another team, by its name in Blnk. Names are not unique there: add a metadata key to be sure.
const treasury = blnk.getLedger({ name: "Treasury", metadata: { team: "finance" } });

// The answer goes wherever a Ledger or a Balance of this program goes.
const payroll = new blnk.Balance("payroll-usd", { ledger: treasury, currency: "USD" });

// Blnk's own balance for money from outside. There is one for each currency.
const world = blnk.getBalance({ indicator: "@world", currency: "USD" });
new blnk.MetadataTag("world-owner", { target: world, key: "owner", value: "treasury" });

// With values that are known only while the program runs, such as outputs of another stack.
const ledgerId = config.get("ledgerId");
const reserves = blnk.getLedgerOutput(ledgerId ? { id: ledgerId } : { name: config.get("ledgerName") ?? "Reserves" });
const reserve = blnk.getBalanceOutput({ ledger: reserves, currency: "EUR" });

// A ledger that may not exist: undefined where it does not.
const legacy = blnk.findLedgerOutput({ name: "Legacy" });

// All balances of a ledger, oldest first.
const inReserves = blnk.getBalancesOutput({ ledger: reserves });

export const payrollId = payroll.id;
export const payrollLedger = payroll.ledger;
export const reservesName = reserves.name;
export const reserveId = reserve.id;
export const legacyId = legacy.apply((ledger) => ledger?.id ?? "none");
export const reserveCurrencies = inReserves.apply((all) => all.map(({ currency }) => currency));
