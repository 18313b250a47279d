import { EngineWatch } from "./engineWatch";
import { silenceEmptyErrors } from "./errors";
import { Host } from "./host";
import { hostKinds } from "./hostKinds";

/** How long requests that were out when the engine went may still take. */
const LAST_ANSWERS_MS = 30_000;

silenceEmptyErrors(console);
// What is on the wire finishes; then there is nobody left to serve.
const engine = new EngineWatch(process.argv.at(-1), () => setTimeout(() => process.exit(0), LAST_ANSWERS_MS));

// Every stack ever made asks this module for the names of the kinds: it may not be moved or renamed.
export = hostKinds(new Host(process.env, engine));
