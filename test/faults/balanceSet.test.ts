import type { PulumiFn } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import * as blnk from "../../provider";
import type { EngineStack } from "../engines/engineStack";
import { type FaultRun, fault, seeds, succeeded } from "./fault";
import { afterKill, endWhile, type Kill } from "./kill";
import { upTo } from "./plan";

/** As many as a large customer base, and as the documentation promises. */
const MANY = 10_000;

type Members = Readonly<Record<string, { currency: string; metadata?: Record<string, string> }>>;

const members = (count: number): Members =>
    Object.fromEntries(upTo(count).map((n) => [`customer-${n}`, { currency: n % 4 === 3 ? "EUR" : "USD" }]));

/** Every third balance tagged, every fifth in another currency, the last tenth gone, and as many new ones. */
function changedMembers(count: number): Members {
    const kept = Object.entries(members(count)).slice(0, Math.floor(count * 0.9));
    const changed = kept.map(([key, member], n) => {
        if (n % 5 === 0) return [key, { currency: "NGN" }] as const;
        return [key, n % 3 === 0 ? { ...member, metadata: { tier: "gold" } } : member] as const;
    });
    const added = upTo(Math.floor(count / 10)).map((n) => [`new-${n}`, { currency: "USD" }] as const);
    return Object.fromEntries([...changed, ...added]);
}

function programOf(balances: Members): PulumiFn {
    return async () => {
        const ledger = new blnk.Ledger("customers");
        new blnk.BalanceSet("wallets", { ledger, balances });
    };
}

const MISSED = { missed: "it was over before it could be killed" };

describe("balance sets", () => {
    const kills: [name: string, count: number, kill: Pick<Kill, "who" | "signal">, share: number][] = [
        [
            `kill -9 of the engine while making ${MANY} balances of a set; up at once`,
            MANY,
            { who: "engine", signal: "SIGKILL" },
            1,
        ],
        [
            "kill -9 of the provider host while making 2000 balances of a set",
            2000,
            { who: "host", signal: "SIGKILL" },
            0.5,
        ],
        ["Ctrl-C while making 2000 balances of a set", 2000, { who: "engine", signal: "SIGINT" }, 0.5],
    ];
    for (const [name, count, kill, share] of kills) {
        fault(
            name,
            async (run) => {
                const stack = await run.openWith(programOf(members(count)));
                const afterWrites = run.between(2, Math.floor(count * 0.9));
                const ended = await endWhile(run, stack, stack.up(), { ...kill, afterWrites, lookEveryMs: 20 });
                // After Ctrl-C what is under way is finished, and that is the whole set.
                if (ended === undefined || (ended.ok && kill.signal === "SIGKILL")) return MISSED;
                run.tell(`${run.sandbox.balances().length} there`);
                await afterKill(stack, false);
                await run.upUntilClean(stack);
                expectExactly(run, stack, members(count));
                return { outcome: "each balance once" };
            },
            { seeds: seeds(share) },
        );
    }

    fault("kill -9 of the engine while a set is changed; up again", async (run) => {
        const [before, after] = [members(300), changedMembers(300)];
        const stack = await run.openWith(programOf(before));
        succeeded(await stack.up());
        run.sandbox.clearRequests();
        run.sandbox.latency(run.between(5, 20));
        stack.program(programOf(after));
        const kill = { who: "engine", signal: "SIGKILL", afterWrites: run.between(2, 120) } as const;
        const ended = await endWhile(run, stack, stack.up(), kill);
        if (ended === undefined || ended.ok) return MISSED;
        await afterKill(stack, false);
        run.sandbox.latency(0);
        await run.upUntilClean(stack, { refresh: true });
        expectExactly(run, stack, after, before);
        return { outcome: "each balance once, as declared" };
    });

    fault("connections dropped and storms of 429 while a set of 500 is made", async (run) => {
        for (const kind of ["dropBefore", "dropAfter"] as const) {
            const match = { path: "/balances$" };
            run.sandbox.trouble({ match, times: 6, probability: 0.05, seed: run.between(1, 1e9), do: { kind } });
        }
        const storm = { kind: "answer", status: 429 } as const;
        run.sandbox.trouble({
            match: { path: "." },
            times: 60,
            probability: 0.2,
            seed: run.between(1, 1e9),
            do: storm,
        });
        const stack = await run.openWith(programOf(members(500)));
        await run.upUntilClean(stack);
        expectExactly(run, stack, members(500));
        return { outcome: "each balance once" };
    });
});

/** Every member is there once, as the state says and as it is declared; of former ones, one of each may be left. */
function expectExactly({ sandbox, app }: FaultRun, stack: EngineStack, wanted: Members, former: Members = {}): void {
    const ids = (stack.state().get("BalanceSet wallets")?.outputs.ids ?? {}) as Record<string, string>;
    const held = new Map(
        sandbox.balances().flatMap((row) => (app.own.has(row.balance_id) ? [] : [[row.balance_id, row]])),
    );
    const wrong: string[] = [];
    for (const [key, { currency, metadata }] of Object.entries(wanted)) {
        const row = held.get(ids[key] ?? "");
        const { pulumi, ...rest } = (row?.meta_data ?? {}) as Record<string, unknown>;
        const isMarked = String(pulumi).includes(`/wallets/${key}@`);
        const present = Object.entries(rest).filter(([, value]) => value !== null);
        const isAsDeclared = JSON.stringify(Object.fromEntries(present)) === JSON.stringify(metadata ?? {});
        if (row === undefined || row.currency !== currency || !isMarked || !isAsDeclared)
            wrong.push(`${key} is not as declared`);
        held.delete(ids[key] ?? "");
    }
    // What is left was declared before: the same keys in other currencies, or keys that were dropped.
    const left = [...held.values()].map(
        (row) => `${/\/wallets\/(.*)@/.exec(String(row.meta_data?.pulumi))?.[1]} ${row.currency}`,
    );
    const mayBeLeft = new Set(Object.entries(former).map(([key, { currency }]) => `${key} ${currency}`));
    wrong.push(
        ...left.filter((one, n) => !mayBeLeft.has(one) || left.indexOf(one) !== n).map((one) => `${one} is too many`),
    );
    if (Object.keys(ids).length !== Object.keys(wanted).length)
        wrong.push(`the state has ${Object.keys(ids).length} ids`);
    expect(wrong).to.deep.equal([]);
}
