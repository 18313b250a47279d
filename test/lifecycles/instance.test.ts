import { describeWalks } from "./describeWalks";
import { INSTANCE_WALKS } from "./instanceWalks";

describeWalks("an Instance", INSTANCE_WALKS);
