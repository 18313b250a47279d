import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { asked, balancesOf, done, INSTANCE_MADE, ledgersOf, MIRROR_TEST, onSandbox, refused, written } from "./stage";

describe("several servers in one stack under the real engine", () => {
    const stage = onSandbox();

    it("each thing is made in the server of its provider, each server has one Instance, and destroy keeps them apart", async () => {
        const { sandbox } = stage;
        sandbox.addInstance("inst_eu");
        const core = await stage.another();
        const stack = await stage.open(
            async () => {
                const { url: cloudUrl } = sandbox;
                const eu = new blnk.Provider("eu", { instanceId: "inst_eu", cloudUrl, accessTokenEnv: "EU_TOKEN" });
                const own = new blnk.Provider("own", { coreUrl: core.coreUrl, coreKey: core.coreKey });
                const places = { here: {}, eu: { provider: eu }, own: { provider: own } };
                for (const [name, options] of Object.entries(places)) {
                    const ledger = new blnk.Ledger(`ledger-${name}`, {}, options);
                    new blnk.Balance(`balance-${name}`, { ledger, currency: "USD" }, options);
                    new blnk.MetadataTag(`tag-${name}`, { target: ledger, key: "where", value: name }, options);
                }
            },
            {
                config: { "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url },
                environment: { BLNK_ACCESS_TOKEN: sandbox.token, EU_TOKEN: sandbox.token },
            },
        );
        done(await stack.preview());
        expect(written(sandbox)).to.deep.equal([]);
        done(await stack.up());
        const named = (rows: { name: string; metadata: object }[]) =>
            rows.map(({ name, metadata }) => [name, metadata]);
        expect(named(ledgersOf(sandbox))).to.deep.equal([["ledger-here", { where: "here" }]]);
        expect(named(ledgersOf(sandbox, "inst_eu"))).to.deep.equal([["ledger-eu", { where: "eu" }]]);
        expect(named(ledgersOf(core))).to.deep.equal([["ledger-own", { where: "own" }]]);
        for (const [box, instance] of [[sandbox], [sandbox, "inst_eu"], [core]] as const) {
            expect(balancesOf(box, instance).map(({ ledger }) => ledger)).to.deep.equal(
                ledgersOf(box, instance).map(({ id }) => id),
            );
        }
        const state = stack.state();
        const instances = [...state.keys()].filter((label) => label.startsWith("Instance "));
        expect(instances).to.have.members(["Instance blnk", "Instance eu", "Instance own"]);
        expect(stack.stateText()).not.to.match(new RegExp(`${sandbox.token}|${core.coreKey}`));

        sandbox.clearRequests();
        core.clearRequests();
        expect(done(await stack.up()).changes).to.deep.equal({ same: 15 });
        expect(asked(sandbox)).to.deep.equal([]);
        expect(asked(core)).to.deep.equal(["GET /ledgers/general_ledger_id 200"]);
        done(await stack.destroy());
        const nothing = { meta_data: { where: null } };
        expect(written(sandbox).map(({ body }) => body)).to.deep.equal([nothing, nothing]);
        expect(written(core).map(({ body }) => body)).to.deep.equal([nothing]);
    });

    it("a component hands its provider to what is inside it", async () => {
        const { sandbox } = stage;
        sandbox.addInstance("inst_eu");
        const stack = await stage.open(async () => {
            const { url: cloudUrl, token: accessToken } = sandbox;
            const eu = new blnk.Provider("eu", { instanceId: "inst_eu", cloudUrl, accessToken });
            const tenant = new pulumi.ComponentResource("shop:index:Tenant", "acme", {}, { providers: [eu] });
            new blnk.Ledger("inside", {}, { parent: tenant });
        });
        done(await stack.up());
        expect(ledgersOf(sandbox)).to.deep.equal([]);
        expect(ledgersOf(sandbox, "inst_eu").map(({ name }) => name)).to.deep.equal(["inside"]);
        expect(asked(sandbox)).to.have.members([...INSTANCE_MADE, "POST /proxy/ledgers 201", ...MIRROR_TEST]);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
    });

    it("an explicit provider reads neither the configuration nor the environment, and says what it lacks", async () => {
        const { sandbox } = stage;
        const stack = await stage.open(async () => {
            const eu = new blnk.Provider("eu", { instanceId: "inst_eu", cloudUrl: sandbox.url });
            new blnk.Ledger("there", {}, { provider: eu });
        });
        refused(await stack.up(), "this blnk.Provider is set up for Blnk Cloud, but accessToken is missing. Set it.");
        expect(asked(sandbox)).to.deep.equal([]);
    });

    it("an explicit provider that names another instance later is refused", async () => {
        const { sandbox } = stage;
        sandbox.addInstance("inst_eu");
        sandbox.addInstance("inst_us");
        const at = (instanceId: string) => async () => {
            const { url: cloudUrl, token: accessToken } = sandbox;
            const there = new blnk.Provider("there", { instanceId, cloudUrl, accessToken });
            new blnk.Ledger("ledger", {}, { provider: there });
        };
        const stack = await stage.open(at("inst_eu"));
        done(await stack.up());
        sandbox.clearRequests();
        const told = "this stack's resources live in inst_eu, but the configuration names inst_us; nothing was changed";
        stack.program(at("inst_us"));
        refused(await stack.preview(), told);
        refused(await stack.up(), told);
        expect(asked(sandbox)).to.deep.equal([]);
    });
});
