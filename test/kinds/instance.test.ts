import { describeWalks } from "./describeScenarios";
import { INSTANCE_WALKS } from "./instanceScenarios";

describeWalks("an Instance", INSTANCE_WALKS);
