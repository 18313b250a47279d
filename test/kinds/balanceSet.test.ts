import { BALANCE_SET_WALKS } from "./balanceSetScenarios";
import { describeWalks } from "./describeScenarios";

describeWalks("a balance set", BALANCE_SET_WALKS);
