import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { balancesOf, done, onSandbox } from "./stage";

describe("what stands on a member of a set under the real engine", () => {
    const stage = onSandbox();

    const shop =
        (balances: Record<string, blnk.BalanceSetMember>, tagged: string[], value = "pro") =>
        async () => {
            const ledger = new blnk.Ledger("customers");
            const set = new blnk.BalanceSet("wallets", { ledger, balances });
            for (const key of tagged) new blnk.MetadataTag(`tag-${key}`, { target: set.idOf(key), key: "plan", value });
            return { ids: set.ids };
        };

    it("is unchanged in the preview of the set's change where the member stays, and no other is", async () => {
        const usd = { currency: "USD" };
        const stack = await stage.open(shop({ alice: usd, bob: usd, toString: usd }, ["alice", "bob", "toString"]));
        expect(done(await stack.up()).changes).to.deep.equal({ create: 7 });
        const before = stack.stateText();
        expect(before).not.to.contain('"hint"');

        stack.program(
            shop({ alice: usd, bob: { currency: "EUR" }, toString: usd, carol: usd }, ["alice", "bob", "toString"]),
        );
        const preview = done(await stack.preview());
        expect(preview.changes).to.deep.equal({ same: 5, update: 1, replace: 1 });
        expect(preview.text)
            .to.match(/MetadataTag::tag-bob\]/)
            .and.not.to.match(/MetadataTag::tag-(alice|toString)\]/);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5, update: 1, replace: 1 });
        expect(stack.stateText()).not.to.contain('"hint"');
        expect(done(await stack.preview()).changes).to.deep.equal({ same: 7 });
        expect(balancesOf(stage.sandbox).map(({ currency, metadata }) => [currency, metadata])).to.have.deep.members([
            ["USD", { plan: "pro" }],
            ["USD", { plan: null }],
            ["USD", { plan: "pro" }],
            ["EUR", { plan: "pro" }],
            ["USD", {}],
        ]);
    });

    it("that changes with the set shows as an update, and is one", async () => {
        const usd = { currency: "USD" };
        const stack = await stage.open(shop({ alice: usd }, ["alice"]));
        done(await stack.up());
        stack.program(shop({ alice: { ...usd, metadata: { tier: "gold" } }, bob: usd }, ["alice"], "free"));
        expect(done(await stack.preview()).changes).to.deep.equal({ same: 3, update: 2 });
        expect(done(await stack.up()).changes).to.deep.equal({ same: 3, update: 2 });
    });

    it("is replaced where the whole set is, in the preview too", async () => {
        const usd = { currency: "USD" };
        const stack = await stage.open(shop({ alice: usd }, ["alice"]));
        done(await stack.up());
        stack.program(async () => {
            new blnk.Ledger("customers");
            const ledger = new blnk.Ledger("others");
            const set = new blnk.BalanceSet("wallets", { ledger, balances: { alice: usd } });
            new blnk.MetadataTag("tag-alice", { target: set.idOf("alice"), key: "plan", value: "pro" });
        });
        expect(done(await stack.preview()).changes).to.deep.include({ create: 1, replace: 2 });
        expect(done(await stack.up()).changes).to.deep.include({ create: 1, replace: 2 });
    });
});
