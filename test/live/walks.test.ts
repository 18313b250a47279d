import { CLOUD_URL } from "../../provider/settings/settings";
import { BALANCE_SCENARIOS } from "../kinds/balanceScenarios";
import { BALANCE_SET_SCENARIOS } from "../kinds/balanceSetScenarios";
import { INSTANCE_SCENARIOS } from "../kinds/instanceScenarios";
import { LEDGER_SCENARIOS } from "../kinds/ledgerScenarios";
import { METADATA_TAG_SCENARIOS } from "../kinds/metadataTagScenarios";
import { runScenario, runsAnywhere, type Scenario } from "../kinds/scenario";
import { cloudServer, coreServer, type TestServer } from "../kinds/servers";

const {
    BLNK_LIVE_CORE_URL: coreUrl,
    BLNK_LIVE_CORE_KEY: coreKey = "",
    BLNK_LIVE_TOKEN: token,
    BLNK_LIVE_INSTANCE: instance,
    BLNK_LIVE_CLOUD_URL: cloudUrl = CLOUD_URL,
} = process.env;

/** The server that the environment names, anew for each scenario: every scenario has names of its own. */
function newServer(): TestServer | undefined {
    if (coreUrl) return coreServer(coreUrl.replace(/\/+$/, ""), coreKey);
    if (token && instance) return cloudServer(cloudUrl.replace(/\/+$/, ""), token, instance);
    return undefined;
}

const ALL: readonly Scenario[] = [
    ...LEDGER_SCENARIOS,
    ...BALANCE_SCENARIOS,
    ...BALANCE_SET_SCENARIOS,
    ...METADATA_TAG_SCENARIOS,
    ...INSTANCE_SCENARIOS,
];

describe("the same scenarios on a real Blnk", () => {
    if (newServer() === undefined) {
        it("skipped: set BLNK_LIVE_CORE_URL and BLNK_LIVE_CORE_KEY, or BLNK_LIVE_TOKEN and BLNK_LIVE_INSTANCE", function () {
            this.skip();
        });
        return;
    }
    for (const scenario of ALL) {
        if (!runsAnywhere(scenario)) {
            it(`${scenario.kind}: ${scenario.title} (only where things can be taken out)`, function () {
                this.skip();
            });
            continue;
        }
        it(`${scenario.kind}: ${scenario.title}`, async () => {
            const server = newServer();
            if (server !== undefined) await runScenario(scenario, server);
        });
    }
});
