import { describeWalks } from "./describeWalks";
import { METADATA_TAG_WALKS } from "./metadataTagWalks";

describeWalks("a metadata tag", METADATA_TAG_WALKS);
