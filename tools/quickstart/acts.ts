/** What the quickstart plays, one act after the other, and what Blnk has to hold after each. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox } from "../../sandbox/sandbox";
import { expected, ourLedgers, type Wanted } from "./contents";
import { FOLDER, type Stage } from "./stage";

/** One act: what is said before it, what happens in it, and what must be true after it. */
export interface Act {
    readonly says: string;
    play(stage: Stage, sandbox: Sandbox): Promise<void>;
    /** What Blnk holds afterwards. */
    readonly leaves: readonly string[];
    /** Whether Pulumi may send nothing that changes Blnk. */
    readonly onlyReads: boolean;
}

const pilot: Wanted = { ledgerName: "Customer Wallets (pilot)", stage: "pilot" };
const live: Wanted = { ledgerName: "Customer Wallets", stage: "live" };
const drifted: Wanted = { ledgerName: "Renamed by hand", stage: "live", usdStage: "broken" };

export const acts: readonly Act[] = [
    {
        says: "Preview: what Pulumi would make. Nothing is written to Blnk.",
        play: (stage) => stage.preview(),
        leaves: [],
        onlyReads: true,
    },
    {
        says: "Up: one ledger, two balances, and a tag on each of the three.",
        play: async (stage) => {
            await stage.up();
            await writeFile(join(FOLDER, "state.json"), `${JSON.stringify(await stage.state(), undefined, 2)}\n`);
        },
        leaves: expected(pilot),
        onlyReads: false,
    },
    {
        says: `A change, previewed: the ledger is to be called "${live.ledgerName}", all stages are to be "${live.stage}".`,
        play: async (stage) => {
            await stage.configure({ ledgerName: live.ledgerName, stage: "live" });
            await stage.previewInDetail();
        },
        leaves: expected(pilot),
        onlyReads: true,
    },
    {
        says: "The change, applied: in place, under the same ids.",
        play: (stage) => stage.up(),
        leaves: expected(live),
        onlyReads: false,
    },
    {
        says: "Drift: a rename and an overwritten tag behind Pulumi's back. A refresh finds both, a preview shows the way back.",
        play: async (stage, sandbox) => {
            const usd = sandbox.balances().find((balance) => balance.currency === "USD");
            sandbox.editLedger(ourLedgers(sandbox)[0]?.ledger_id ?? "", { name: drifted.ledgerName });
            sandbox.editMetadata(usd?.balance_id ?? "", { stage: drifted.usdStage });
            await stage.refresh();
            await stage.previewInDetail();
        },
        leaves: expected(drifted),
        onlyReads: true,
    },
    {
        says: "Up again: what the program says is put back.",
        play: (stage) => stage.up(),
        leaves: expected(live),
        onlyReads: false,
    },
    {
        says: "And again, with nothing to do: not one write is sent.",
        play: (stage) => stage.up(),
        leaves: expected(live),
        onlyReads: true,
    },
    {
        says: "Destroy: tags are taken back. Blnk can delete no ledger and no balance: they stay, Pulumi forgets them.",
        play: (stage) => stage.destroy(),
        leaves: expected({ ...live, stage: null }),
        onlyReads: false,
    },
];
