import type { PulumiFn } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { balancesOf, done, holds, ledgersOf, onSandbox, pay, written } from "./stage";

const shop: PulumiFn = async () => {
    const ledger = new blnk.Ledger("customers", { metadata: { env: "dev" } });
    new blnk.Balance("alice", { ledger, currency: "USD" });
};
const empty: PulumiFn = async () => {
    new blnk.Ledger("other");
};
const both: PulumiFn = async () => {
    await empty();
    await shop();
};

describe("a stack that knows things by their ids, under the real engine", () => {
    const stage = onSandbox();
    /** All marks; the balance from which money came has none. */
    const marks = () =>
        [...ledgersOf(stage.sandbox), ...balancesOf(stage.sandbox)].flatMap(({ mark }) => (mark ? [String(mark)] : []));

    it("takes over what `pulumi state move` brings, money or not: marks are rewritten in place, and nothing is made", async () => {
        const { sandbox } = stage;
        const source = await stage.open(shop);
        done(await source.up());
        const destination = await stage.open(empty, { stack: "prod", beside: source });
        done(await destination.up());
        const labels = ["Ledger customers", "Balance alice"];
        const ids = labels.map((label) => source.idOf(label));
        await pay(sandbox, ids[1] ?? "");
        const urns = labels.map((label) => source.urnOf(label));
        await source.command("state", "move", "--source", "dev", "--dest", "prod", ...urns, "--yes");
        const before = marks();
        sandbox.clearRequests();

        destination.program(both);
        const preview = done(await destination.preview());
        expect(preview.changes, preview.text).to.deep.equal({ same: 3, update: 2 });
        holds(preview.text, /takes over from shop\/dev\/customers@/, /takes over from shop\/dev\/alice@/);
        expect(written(sandbox)).to.deep.equal([]);
        const { changes, text } = done(await destination.up());
        expect(changes, text).to.deep.equal({ same: 3, update: 2 });
        expect(
            written(sandbox).map(({ body }) => Object.keys((body as { meta_data: object }).meta_data)),
        ).to.deep.equal([["pulumi"], ["pulumi"]]);
        expect(labels.map((label) => destination.idOf(label))).to.deep.equal(ids);
        expect(marks().filter((mark) => before.includes(mark))).to.have.length(1);
        expect(marks().filter((mark) => mark.startsWith("shop/prod/"))).to.have.length(3);
        expect(done(await destination.up({ refresh: true })).changes).to.deep.equal({ same: 5 });

        // What the source's program still declares, it makes anew, and touches nothing of what was moved.
        sandbox.clearRequests();
        done(await source.program(async () => undefined).up());
        expect(written(sandbox)).to.deep.equal([]);
    });

    it("takes over its own things after Instance was cut out of the state and blnk:owner set: the preview says so", async () => {
        const { sandbox } = stage;
        const stack = await stage.open(shop);
        done(await stack.up());
        await pay(sandbox, stack.idOf("Balance alice"));
        const state = stack.exported();
        const isInstance = (urn: string) => urn.includes("blnk:Instance::");
        const { resources = [] } = state;
        const without = resources
            .filter(({ urn }) => !isInstance(urn))
            .map((entry) =>
                JSON.parse(JSON.stringify(entry), (_key, value) =>
                    Array.isArray(value) ? value.filter((it) => typeof it !== "string" || !isInstance(it)) : value,
                ),
            );
        stack.import({ ...state, resources: without });
        await stack.configure("blnk:owner", "second");
        sandbox.clearRequests();

        const preview = done(await stack.preview());
        expect(preview.changes, preview.text).to.deep.equal({ create: 1, same: 1, update: 2 });
        holds(preview.text, /takes over from shop\/dev\/customers@/, /takes over from shop\/dev\/alice@/);
        const { changes, text } = done(await stack.up());
        expect(changes, text).to.deep.equal({ create: 1, same: 1, update: 2 });
        expect(ledgersOf(sandbox)).to.have.length(1);
        expect(balancesOf(sandbox)).to.have.length(2);
        for (const mark of marks()) expect(mark).to.contain("@second#");
        expect(done(await stack.up({ refresh: true })).changes).to.deep.equal({ same: 4 });
    });

    it("puts a set back whose update failed on the way, when the program is reverted", async () => {
        const { sandbox } = stage;
        const keys = Array.from({ length: 20 }, (_, n) => `m${n}`);
        const set =
            (tier: string): PulumiFn =>
            async () => {
                const ledger = new blnk.Ledger("customers");
                const balances = Object.fromEntries(keys.map((key) => [key, { currency: "USD", metadata: { tier } }]));
                new blnk.BalanceSet("wallets", { ledger, balances });
            };
        const tiers = () => balancesOf(sandbox).map(({ metadata }) => metadata.tier);
        const stack = await stage.open(set("v1"));
        done(await stack.up());
        sandbox.trouble({
            match: { method: "POST", path: "/metadata$", nth: 16 },
            do: {
                kind: "answer",
                status: 400,
                body: { error_detail: { code: "GEN_BAD_REQUEST", message: "not now" } },
            },
        });
        const failed = await stack.program(set("v2")).up();
        expect(failed.ok, failed.text).to.equal(false);
        holds(failed.text, /balance "m\d+": .* Done: \d+ of 20 balances\./);
        expect(tiers()).to.include.members(["v1", "v2"]);
        expect(done(await stack.program(set("v1")).preview()).changes).to.deep.equal({ same: 3, update: 1 });
        expect(done(await stack.up()).changes).to.deep.equal({ same: 3, update: 1 });
        expect(tiers()).to.deep.equal(keys.map(() => "v1"));
        expect(done(await stack.up({ refresh: true })).changes).to.deep.equal({ same: 4 });
    });
});
