import { describeScenarios } from "./describeScenarios";
import { LEDGER_SCENARIOS } from "./ledgerScenarios";

describeScenarios("a ledger", LEDGER_SCENARIOS);
