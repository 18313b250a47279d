import { describeScenarios } from "./describeScenarios";
import { INSTANCE_SCENARIOS } from "./instanceScenarios";

describeScenarios("an Instance", INSTANCE_SCENARIOS);
