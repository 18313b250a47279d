import { BALANCE_SCENARIOS } from "./balanceScenarios";
import { describeScenarios } from "./describeScenarios";

describeScenarios("a balance", BALANCE_SCENARIOS);
