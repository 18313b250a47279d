import * as pulumi from "@pulumi/pulumi";
import * as blnk from "pulumi-blnk";

const config = new pulumi.Config();

// A ledger that another team made, by the name that people see. Names are not unique in Blnk: a metadata key makes sure.
const treasury = blnk.getLedger({ name: "Treasury", metadata: { team: "finance" } });

// What was looked up goes wherever a Ledger or a Balance of this program goes.
const payroll = new blnk.Balance("payroll-usd", { ledger: treasury, currency: "USD" });

// The balance that Blnk itself keeps for money from outside, one for each currency.
const world = blnk.getBalance({ indicator: "@world", currency: "USD" });
new blnk.MetadataTag("world-owner", { target: world, key: "owner", value: "treasury" });

// With values that are known only while the program runs, as those of another stack.
const ledgerId = config.get("ledgerId");
const reserves = blnk.getLedgerOutput(ledgerId ? { id: ledgerId } : { name: config.get("ledgerName") ?? "Reserves" });
const reserve = blnk.getBalanceOutput({ ledger: reserves, currency: "EUR" });

// What may not be there: undefined where it is not.
const legacy = blnk.findLedgerOutput({ name: "Legacy" });

// All that there are, oldest first.
const inReserves = blnk.getBalancesOutput({ ledger: reserves });

export const payrollId = payroll.id;
export const payrollLedger = payroll.ledger;
export const reservesName = reserves.name;
export const reserveId = reserve.id;
export const legacyId = legacy.apply((ledger) => ledger?.id ?? "none");
export const reserveCurrencies = inReserves.apply((all) => all.map(({ currency }) => currency));
