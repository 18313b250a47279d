import { describeWalks } from "./describeScenarios";
import { LEDGER_WALKS } from "./ledgerScenarios";

describeWalks("a ledger", LEDGER_WALKS);
