import { balance } from "../lifecycles/balance";
import { instance } from "../lifecycles/instance";
import { ledger } from "../lifecycles/ledger";
import { metadataTag } from "../lifecycles/metadataTag";
import { silenceEmptyErrors } from "./errors";
import { Host } from "./host";
import { HostedLifecycle } from "./hostedLifecycle";

silenceEmptyErrors(console);
const host = new Host(process.env);

// Every stack ever made asks this module for these names: neither may be moved, renamed or removed.
export const Ledger = new HostedLifecycle(host, "Ledger", ledger);
export const Balance = new HostedLifecycle(host, "Balance", balance);
export const MetadataTag = new HostedLifecycle(host, "MetadataTag", metadataTag);
export const Instance = new HostedLifecycle(host, "Instance", instance);
