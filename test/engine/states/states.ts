/**
 * States of stacks as each release wrote them. As a script it writes the one of this version: run it once for a release
 * that changed what is kept, and never again for that release.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as blnk from "pulumi-blnk";
import { startSandbox } from "../../../sandbox/sandbox";
import { EngineStack } from "../../engines/engineStack";

/** The words in a recorded state that stand for what a test's own sandbox has. */
export const PLACES = { url: "http://recorded.invalid", ledger: "ldg_recorded", balance: "bln_recorded" } as const;

/** The members of the recorded set, by key: what each is made of, and the word that stands for its id. */
export const MEMBERS = {
    bob: { id: "bln_recorded_bob", currency: "USD" },
    carol: { id: "bln_recorded_carol", currency: "USD", metadata: { tier: { level: 1 } } },
    dora: { id: "bln_recorded_dora", currency: "EUR" },
} as const;

/** The program of which the states were recorded that are called by a version alone. */
export async function recordedProgram(): Promise<void> {
    const ledger = new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
    const balance = new blnk.Balance("alice", { ledger, currency: "USD", metadata: { tier: { level: 1 } } });
    new blnk.MetadataTag("billing", { target: balance, key: "billing", value: { plan: "pro" } });
}

/** The same of the states that are called by a version and `-set`. */
export async function recordedSet(): Promise<void> {
    const ledger = new blnk.Ledger("customers", { name: "Customers", metadata: { env: "dev" } });
    const balances = Object.entries(MEMBERS).map(([key, { id: _id, ...member }]) => [key, member] as const);
    new blnk.BalanceSet("wallets", { ledger, balances: Object.fromEntries(balances) });
}

async function main(): Promise<void> {
    const { version } = require("../../../package.json");
    await record(`${version}.json`, recordedProgram, (stack) => ({
        [stack.idOf("Balance alice")]: PLACES.balance,
    }));
    await record(`${version}-set.json`, recordedSet, (stack) => {
        const ids = stack.state().get("BalanceSet wallets")?.outputs.ids as Record<string, string>;
        return Object.fromEntries(Object.entries(MEMBERS).map(([key, { id }]) => [ids[key], id]));
    });
}

/** Writes the state of a program, with words that stand for what no two runs have in common. */
async function record(
    file: string,
    program: PulumiFn,
    placesOf: (stack: EngineStack) => Record<string, string>,
): Promise<void> {
    const sandbox = await startSandbox();
    const stack = await EngineStack.open(program, {
        config: { "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url, "blnk:owner": "recorded" },
        environment: { BLNK_ACCESS_TOKEN: sandbox.token },
    });
    try {
        const { ok, text } = await stack.up();
        if (!ok) throw new Error(text);
        const places = {
            [sandbox.url]: PLACES.url,
            [stack.idOf("Ledger customers")]: PLACES.ledger,
            ...placesOf(stack),
        };
        const state = Object.entries(places).reduce(
            (text, [own, place]) => text.replaceAll(own, place),
            JSON.stringify({ version: 3, deployment: stack.exported() }),
        );
        // Where the program was written, which the engine notes beside each resource, is nobody's business.
        const isPlace = (key: string) => key === "sourcePosition" || key === "stackTrace";
        const bare = JSON.parse(state, (key, value) => (isPlace(key) ? undefined : value));
        writeFileSync(join(__dirname, file), `${JSON.stringify(bare, null, 2)}\n`);
    } finally {
        stack.close();
        await sandbox.stop();
    }
}

if (require.main === module) void main();
