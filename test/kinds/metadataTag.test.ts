import { describeWalks } from "./describeScenarios";
import { METADATA_TAG_WALKS } from "./metadataTagScenarios";

describeWalks("a metadata tag", METADATA_TAG_WALKS);
