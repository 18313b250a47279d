import { BALANCE_SET_SCENARIOS } from "./balanceSetScenarios";
import { describeScenarios } from "./describeScenarios";

describeScenarios("a balance set", BALANCE_SET_SCENARIOS);
