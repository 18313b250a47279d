import { BALANCE_WALKS } from "./balanceScenarios";
import { describeWalks } from "./describeScenarios";

describeWalks("a balance", BALANCE_WALKS);
