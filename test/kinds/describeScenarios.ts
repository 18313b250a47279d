import { MODES } from "../blnk/connections";
import { runScenario, type Scenario } from "./scenario";
import { sandboxServer } from "./servers";

/** Runs each scenario on a sandbox, through Blnk Cloud and straight to a Core. */
export function describeScenarios(what: string, scenarios: readonly Scenario[]): void {
    for (const mode of MODES) {
        describe(`the life of ${what} over ${mode}`, () => {
            for (const scenario of scenarios) {
                it(scenario.title, async () => {
                    const server = await sandboxServer(mode);
                    try {
                        await runScenario(scenario, server);
                    } finally {
                        await server.stop();
                    }
                });
            }
        });
    }
}
