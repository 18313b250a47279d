import { BALANCE_WALKS } from "./balanceWalks";
import { describeWalks } from "./describeWalks";

describeWalks("a balance", BALANCE_WALKS);
