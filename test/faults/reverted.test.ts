import type { PulumiFn } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import * as blnk from "../../provider";
import type { Trouble } from "../../sandbox/sandbox";
import { fault, refused, seeds, succeeded } from "./fault";
import { changed, programOf, SHOP, upTo } from "./plan";

const MEMBERS = 20;
const REFUSAL = { error: "no", error_detail: { code: "GEN_BAD_REQUEST", message: "no" } };

/** A ledger with a set of balances that all have one value in their metadata. */
function tiers(tier: string): PulumiFn {
    return async () => {
        const ledger = new blnk.Ledger("customers");
        const keys = upTo(MEMBERS).map((n) => `customer-${n}`);
        const balances = Object.fromEntries(keys.map((key) => [key, { currency: "USD", metadata: { tier } }]));
        new blnk.BalanceSet("wallets", { ledger, balances });
    };
}

describe("updates that fail, then the program reverted", () => {
    fault(
        `a set of ${MEMBERS} whose metadata changes, and one write is refused`,
        async (run) => {
            const stack = await run.openWith(tiers("v1"));
            succeeded(await stack.up());
            const nth = run.between(2, MEMBERS);
            const match = { path: "/metadata$", body: '"tier":"v2"', nth };
            run.sandbox.trouble({ match, do: { kind: "answer", status: 400, body: REFUSAL } });
            stack.program(tiers("v2"));
            refused(await stack.up());
            const held = () =>
                run.sandbox.balances().flatMap((row) => (run.app.own.has(row.balance_id) ? [] : [row.meta_data?.tier]));
            const changedTo = held().filter((tier) => tier === "v2").length;
            run.tell(`write ${nth} refused, ${changedTo} changed`);
            expect(changedTo).to.be.above(0);
            stack.program(tiers("v1"));
            succeeded(await stack.up());
            expect(held()).to.deep.equal(upTo(MEMBERS).map(() => "v1"));
            expect(succeeded(await stack.up()).text).not.to.match(/(created|updated|replaced|deleted)\n/);
            return { outcome: "all as before" };
        },
        { seeds: seeds(0.5) },
    );

    const halves: [refused: string, match: NonNullable<Trouble["match"]>][] = [
        ["its metadata", { path: "/metadata$", body: '"team":"treasury"' }],
        ["its name", { method: "PUT", path: "/ledgers/" }],
    ];
    for (const [half, match] of halves) {
        fault(`a ledger whose name and metadata change, and ${half} is refused`, async (run) => {
            const stack = await run.openMade(SHOP);
            const edited = changed(SHOP, {
                ledgers: (it, n) => (n === 0 ? { ...it, title: "Renamed", metadata: { team: "treasury" } } : it),
            });
            run.sandbox.trouble({ match, do: { kind: "answer", status: 400, body: REFUSAL } });
            stack.program(programOf(edited));
            refused(await stack.up());
            const [row] = run.sandbox.ledgers().filter((it) => /\/ledger-0@/.test(String(it.meta_data?.pulumi)));
            run.tell(`called ${row?.name}, of the team ${row?.meta_data?.team}`);
            stack.program(programOf(SHOP));
            succeeded(await stack.up());
            run.expectExactly({ stack, plan: SHOP });
            expect(succeeded(await stack.up()).text).not.to.match(/(created|updated|replaced|deleted)\n/);
            return { outcome: "all as before" };
        });
    }
});
