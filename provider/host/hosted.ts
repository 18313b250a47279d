import { EngineWatch } from "./engineWatch";
import { silenceEmptyErrors } from "./errors";
import { Host } from "./host";
import { hostKinds } from "./hostKinds";

/** How long open requests may still take after the engine is gone. */
const LAST_ANSWERS_MS = 30_000;

silenceEmptyErrors(console);
// Open requests finish. Then the process ends: nobody is left to serve.
const engine = new EngineWatch(process.argv.at(-1), () => setTimeout(() => process.exit(0), LAST_ANSWERS_MS));

// Every existing stack loads this module by its path: it must not be moved or renamed.
export = hostKinds(new Host(process.env, engine));
