import { describeScenarios } from "./describeScenarios";
import { LEAVING_BALANCE_SCENARIOS, LEAVING_LEDGER_SCENARIOS } from "./releaseScenarios";

describeScenarios("a balance at its end", LEAVING_BALANCE_SCENARIOS);
describeScenarios("a ledger at its end", LEAVING_LEDGER_SCENARIOS);
