import { balance } from "../kinds/balance";
import { balanceSet } from "../kinds/balanceSet/balanceSet";
import { instance } from "../kinds/instance";
import { ledger } from "../kinds/ledger";
import { metadataTag } from "../kinds/metadataTag";
import { EngineWatch } from "./engineWatch";
import { silenceEmptyErrors } from "./errors";
import { Host } from "./host";
import { HostedLifecycle } from "./hostedLifecycle";

/** How long requests that were out when the engine went may still take. */
const LAST_ANSWERS_MS = 30_000;

silenceEmptyErrors(console);
// What is on the wire finishes; then there is nobody left to serve.
const engine = new EngineWatch(process.argv.at(-1), () => setTimeout(() => process.exit(0), LAST_ANSWERS_MS));
const host = new Host(process.env, engine);

// Every stack ever made asks this module for these names: neither may be moved, renamed or removed.
export const Ledger = new HostedLifecycle(host, "Ledger", ledger);
export const Balance = new HostedLifecycle(host, "Balance", balance);
export const BalanceSet = new HostedLifecycle(host, "BalanceSet", balanceSet);
export const MetadataTag = new HostedLifecycle(host, "MetadataTag", metadataTag);
export const Instance = new HostedLifecycle(host, "Instance", instance);
