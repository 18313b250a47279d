import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { core } from "../sandbox/client";
import { asked, done, onSandbox, refused, written } from "./stage";

describe("finding and listing under the real engine", () => {
    const stage = onSandbox();

    const ledger = async (name: string, meta_data?: object): Promise<string> =>
        (await core(stage.sandbox, "POST", "/ledgers", { name, meta_data })).body.ledger_id;
    const balance = async (body: object): Promise<string> =>
        (await core(stage.sandbox, "POST", "/balances", body)).body.balance_id;

    it("find answers undefined where nothing matches, in the preview of a new stack too, and the thing where one does", async () => {
        const seen: unknown[] = [];
        const stack = await stage.open(async () => {
            const found = await blnk.findLedger({ name: "Treasury" });
            const usd = await blnk.findBalance({ currency: "USD", metadata: { purpose: "float" } });
            const none = blnk.findLedgerOutput({ id: pulumi.output("ldg_1") }).apply((it) => it?.id ?? "none");
            seen.push([found?.id, usd?.id]);
            return { none };
        });
        done(await stack.preview());
        done(await stack.up());
        expect(seen).to.deep.equal(Array(2).fill([undefined, undefined]));
        expect(stack.outputs()).to.deep.equal({ none: "none" });
        const id = await ledger("Treasury");
        const float = await balance({ ledger_id: id, currency: "USD", meta_data: { purpose: "float" } });
        done(await stack.refresh());
        done(await stack.preview());
        expect(seen.at(-1)).to.deep.equal([id, float]);
        done(await stack.up());
        stage.sandbox.forget(id);
        done(await stack.refresh());
        done(await stack.up());
        expect(seen.at(-1)).to.deep.equal([undefined, float]);
        await ledger("Treasury");
        await ledger("Treasury");
        refused(await stack.preview(), 'ledger with name "Treasury": found 2 matches in');
        expect(written(stage.sandbox).filter(({ request }) => request.includes("/proxy/"))).to.deep.equal([]);
    });

    it("lists hold all that matches, oldest first, all pages of it, in previews too; refresh and destroy leave them be", async () => {
        const names = Array.from({ length: 120 }, (_, index) => `L${index}`);
        for (const name of names) await ledger(name, { team: name === "L7" ? "other" : "payments" });
        const only = await ledger("Only");
        const balances = [
            await balance({ ledger_id: only, currency: "EUR" }),
            await balance({ ledger_id: only, currency: "USD" }),
        ];
        const seen: unknown[] = [];
        const stack = await stage.open(async () => {
            const ofTeam = await blnk.getLedgers({ metadata: { team: "payments" } });
            const all = await blnk.getLedgers();
            const inOnly = await blnk.getBalances({ ledger: { id: only } });
            const none = await blnk.getBalances({ currency: "XXX" });
            const late = blnk.getBalancesOutput({ ledger: pulumi.output(only) });
            seen.push([ofTeam.map(({ name }) => name), all.length, inOnly.map(({ id }) => id), none]);
            return {
                late: late.apply((list) => list.map(({ currency }) => currency)),
                ids: inOnly.map(({ id }) => id),
            };
        });
        done(await stack.preview());
        done(await stack.up());
        for (const one of seen) {
            expect(one).to.deep.equal([names.filter((name) => name !== "L7"), 122, balances, []]);
        }
        expect(stack.outputs()).to.deep.equal({ late: ["EUR", "USD"], ids: balances });
        stage.sandbox.forget(only);
        stage.sandbox.clearRequests();
        done(await stack.refresh());
        done(await stack.destroy());
        expect(
            asked(stage.sandbox).filter((request) => /ledger\/filter|balances\/filter/.test(request)),
        ).to.have.length.lessThan(4);
    });

    it("what a query holds of secrets is in no name, no id, no error, and its answer is secret", async () => {
        const PIN = "PIN-4711";
        const id = await ledger(`Name ${PIN}`, { pin: PIN, seen: `answer ${PIN}` });
        const program = (name: string) => async () => {
            const byPin = blnk.getLedgerOutput({ metadata: { pin: pulumi.secret(PIN) } });
            const byName = blnk.findLedgerOutput({ name: pulumi.secret(name) });
            const all = blnk.getLedgersOutput({ name: pulumi.secret(`Name ${PIN}`) });
            const byId = blnk.getLedgerOutput({ id: pulumi.secret(id) });
            new blnk.MetadataTag("tag", { target: byPin, key: "tagged", value: byPin.name });
            return { name: byPin.name, found: byName.apply((it) => it?.name), all, byId: byId.name };
        };
        const stack = await stage.open(program(`Name ${PIN}`));
        const preview = done(await stack.preview());
        expect(preview.text).not.to.contain(PIN);
        const up = done(await stack.up());
        expect(up.text).not.to.contain(PIN);
        const refresh = done(await stack.refresh());
        expect(refresh.text).not.to.contain(PIN);
        expect(stack.stateText()).not.to.contain(PIN);
        const states = [...stack.state().values()].filter(({ external }) => external);
        const ids = states.map((it) => it.id);
        expect(ids.filter((it) => it === id)).to.deep.equal([id]);
        await ledger(`Name ${PIN}`);
        const several = refused(await stack.preview(), "found 2 matches in", id);
        expect(several.text).not.to.contain(PIN);
        stack.program(async () => ({
            x: blnk.getBalanceOutput({ indicator: pulumi.secret("@secret-world"), currency: "USD" }).id,
        }));
        const none = refused(await stack.preview(), "cannot look up balance with", "no match in");
        expect(none.text).not.to.contain("secret-world");
    });
});
