import { CLOUD_URL } from "../../provider/settings/settings";
import { BALANCE_WALKS } from "../kinds/balanceScenarios";
import { BALANCE_SET_WALKS } from "../kinds/balanceSetScenarios";
import { INSTANCE_WALKS } from "../kinds/instanceScenarios";
import { LEDGER_WALKS } from "../kinds/ledgerScenarios";
import { METADATA_TAG_WALKS } from "../kinds/metadataTagScenarios";
import { type Scenario, take, worksAnywhere } from "../kinds/scenario";
import { cloudGround, coreGround, type Ground } from "../kinds/servers";

const {
    BLNK_LIVE_CORE_URL: coreUrl,
    BLNK_LIVE_CORE_KEY: coreKey = "",
    BLNK_LIVE_TOKEN: token,
    BLNK_LIVE_INSTANCE: instance,
    BLNK_LIVE_CLOUD_URL: cloudUrl = CLOUD_URL,
} = process.env;

/** The server that the environment names, anew for each walk: every walk has names of its own. */
function ground(): Ground | undefined {
    if (coreUrl) return coreGround(coreUrl.replace(/\/+$/, ""), coreKey);
    if (token && instance) return cloudGround(cloudUrl.replace(/\/+$/, ""), token, instance);
    return undefined;
}

const ALL: readonly Scenario[] = [
    ...LEDGER_WALKS,
    ...BALANCE_WALKS,
    ...BALANCE_SET_WALKS,
    ...METADATA_TAG_WALKS,
    ...INSTANCE_WALKS,
];

describe("the same walks on a real Blnk", () => {
    if (ground() === undefined) {
        it("skipped: set BLNK_LIVE_CORE_URL and BLNK_LIVE_CORE_KEY, or BLNK_LIVE_TOKEN and BLNK_LIVE_INSTANCE", function () {
            this.skip();
        });
        return;
    }
    for (const walk of ALL) {
        if (!worksAnywhere(walk)) {
            it(`${walk.kind}: ${walk.title} (only where things can be taken out)`, function () {
                this.skip();
            });
            continue;
        }
        it(`${walk.kind}: ${walk.title}`, async () => {
            const server = ground();
            if (server !== undefined) await take(walk, server);
        });
    }
});
