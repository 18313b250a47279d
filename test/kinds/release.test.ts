import { describeWalks } from "./describeScenarios";
import { LEAVING_BALANCE_WALKS, LEAVING_LEDGER_WALKS } from "./releaseScenarios";

describeWalks("a balance at its end", LEAVING_BALANCE_WALKS);
describeWalks("a ledger at its end", LEAVING_LEDGER_WALKS);
