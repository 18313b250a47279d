/**
 * States of stacks as each release wrote them. As a script it writes the one of this version: run it once for a release
 * that changed what is kept, and never again for that release.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as blnk from "pulumi-blnk";
import { startSandbox } from "../../../sandbox/sandbox";
import { TestStack } from "../testStack";

/** The words in a recorded state that stand for what a test's own sandbox has. */
export const PLACES = { url: "http://recorded.invalid", ledger: "ldg_recorded", balance: "bln_recorded" } as const;

/** The program of which every state was recorded. */
export async function recordedProgram(): Promise<void> {
    const ledger = new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
    const balance = new blnk.Balance("alice", { ledger, currency: "USD", metadata: { tier: { level: 1 } } });
    new blnk.MetadataTag("billing", { target: balance, key: "billing", value: { plan: "pro" } });
}

async function main(): Promise<void> {
    const { version } = require("../../../package.json");
    const sandbox = await startSandbox();
    const stack = await TestStack.open(recordedProgram, {
        config: { "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url, "blnk:owner": "recorded" },
        environment: { BLNK_ACCESS_TOKEN: sandbox.token },
    });
    try {
        const { ok, text } = await stack.up();
        if (!ok) throw new Error(text);
        const state = (await stack.stateText())
            .replaceAll(sandbox.url, PLACES.url)
            .replaceAll(await stack.idOf("Ledger customers"), PLACES.ledger)
            .replaceAll(await stack.idOf("Balance alice"), PLACES.balance);
        // Where the program was written, which the engine notes beside each resource, is nobody's business.
        const place = (key: string) => key === "sourcePosition" || key === "stackTrace";
        const bare = JSON.parse(state, (key, value) => (place(key) ? undefined : value));
        writeFileSync(join(__dirname, `${version}.json`), `${JSON.stringify(bare, null, 2)}\n`);
    } finally {
        stack.close();
        await sandbox.stop();
    }
}

if (require.main === module) void main();
