import { describeWalks } from "./describeWalks";
import { LEDGER_WALKS } from "./ledgerWalks";

describeWalks("a ledger", LEDGER_WALKS);
