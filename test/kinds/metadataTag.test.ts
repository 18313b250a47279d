import { describeScenarios } from "./describeScenarios";
import { METADATA_TAG_SCENARIOS } from "./metadataTagScenarios";

describeScenarios("a metadata tag", METADATA_TAG_SCENARIOS);
