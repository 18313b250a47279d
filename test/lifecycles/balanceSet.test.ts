import { BALANCE_SET_WALKS } from "./balanceSetWalks";
import { describeWalks } from "./describeWalks";

describeWalks("a balance set", BALANCE_SET_WALKS);
