import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import type { EngineStack } from "../engines/engineStack";
import { asked, done, identityReads, onSandbox, reasonsOf, refused, warningsOf, written } from "./stage";

const shop = async () => {
    const ledger = new blnk.Ledger("customers", { name: "Customers" });
    const balance = new blnk.Balance("alice", { ledger, currency: "USD" });
    new blnk.BalanceSet("wallets", { ledger, balances: { a: { currency: "USD" } } });
    new blnk.MetadataTag("billing", { target: balance, key: "billing", value: "pro" });
};
const ALL = 6;

describe("a preview under the real engine", () => {
    const stage = onSandbox();

    /** What a preview, and what an up says: the same, in one sentence. */
    async function bothRefuse(stack: EngineStack, told: string | RegExp): Promise<void> {
        const preview = reasonsOf(refused(await stack.preview(), told));
        expect(preview).to.deep.equal(reasonsOf(refused(await stack.up(), told)));
    }

    type Wrong = { config?: Record<string, string>; environment?: Record<string, string> };
    const wrongs: [what: string, mode: "cloud" | "core", change: () => Wrong, told: string | RegExp][] = [
        [
            "a wrong token",
            "cloud",
            () => ({ environment: { BLNK_ACCESS_TOKEN: "wrong" } }),
            "Blnk refused the access token (401). Check BLNK_ACCESS_TOKEN",
        ],
        [
            "a Core's address",
            "cloud",
            () => ({ config: { "blnk:cloudUrl": stage.sandbox.coreUrl } }),
            "is a Blnk Core that asks for its key (401), not Blnk Cloud",
        ],
        [
            "an instance that is not there",
            "cloud",
            () => ({ config: { "blnk:instanceId": "inst_none" } }),
            /404.*"inst_none"|live in inst_sandbox/,
        ],
        ["a wrong key", "core", () => ({ environment: { BLNK_CORE_KEY: "wrong" } }), /the key/],
        [
            "a Blnk Cloud's address",
            "core",
            () => ({ config: { "blnk:coreUrl": stage.sandbox.url } }),
            /Check blnk:coreUrl/,
        ],
    ];
    for (const [what, mode, change, told] of wrongs) {
        it(`says what up would say of ${what} (${mode}), in a new stack, and in one that has run`, async () => {
            const spoil = async (stack: EngineStack) => {
                const { config = {}, environment = {} } = change();
                for (const [key, value] of Object.entries(config)) await stack.configure(key, value);
                for (const [key, value] of Object.entries(environment)) stack.setEnvironment(key, value);
            };
            const fresh = await stage.open(shop, { mode, stack: "fresh" });
            await spoil(fresh);
            await bothRefuse(fresh, told);
            const stack = await stage.open(shop, { mode });
            done(await stack.up());
            await spoil(stack);
            stage.sandbox.clearRequests();
            await bothRefuse(stack, told);
            expect(written(stage.sandbox)).to.deep.equal([]);
        });
    }

    it("of named resources alone fails as well, in one sentence", async () => {
        const stack = await stage.open(shop);
        done(await stack.up());
        const target = [stack.urnOf("Ledger customers"), stack.urnOf("Balance alice")];
        stack.setEnvironment("BLNK_ACCESS_TOKEN", "wrong");
        refused(await stack.preview({ target }), "Blnk refused the access token (401)");
    });

    it("and an up, a refresh and a destroy each read once, with data:read alone", async () => {
        const { sandbox } = stage;
        const stack = await stage.open(shop);
        for (const [run, changes] of [
            [() => stack.preview(), { create: ALL }],
            [() => stack.up(), { create: ALL }],
            [() => stack.preview(), { same: ALL }],
            [() => stack.up(), { same: ALL }],
            [() => stack.refresh(), { same: ALL }],
            [() => stack.destroy(), { delete: ALL }],
        ] as const) {
            sandbox.clearRequests();
            expect(done(await run()).changes).to.deep.equal(changes);
            expect(identityReads(sandbox)).to.equal(1);
        }
        sandbox.addToken("reader", ["data:read"]);
        const fresh = await stage.open(shop, { stack: "fresh" });
        fresh.setEnvironment("BLNK_ACCESS_TOKEN", "reader");
        expect(done(await fresh.preview()).changes).to.deep.equal({ create: ALL });
    });

    it("of an explicit provider fails like that of the stack's own", async () => {
        const { sandbox } = stage;
        const stack = await stage.open(async () => {
            const { url: cloudUrl, instance: instanceId } = sandbox;
            const provider = new blnk.Provider("there", { instanceId, cloudUrl, accessToken: "wrong" });
            new blnk.Ledger("l", {}, { provider });
        });
        await bothRefuse(stack, "Blnk refused the access token (401)");
    });

    it("works where the settings of an explicit provider are not known yet", async () => {
        const { sandbox } = stage;
        sandbox.addInstance("inst_eu");
        const stack = await stage.open(async () => {
            const { url: cloudUrl, token } = sandbox;
            const first = new blnk.Ledger("first");
            const accessToken = first.id.apply(() => token);
            const provider = new blnk.Provider("there", { instanceId: "inst_eu", cloudUrl, accessToken });
            const ledger = new blnk.Ledger("l", {}, { provider });
            new blnk.Balance("b", { ledger, currency: "USD" }, { provider });
        });
        expect(warningsOf(done(await stack.preview()))).to.deep.equal([]);
        done(await stack.up());
    });

    it("of a program without resources of this package asks nothing", async () => {
        const stack = await stage.open(async () => undefined);
        done(await stack.preview());
        expect(asked(stage.sandbox)).to.deep.equal([]);
        expect(identityReads(stage.sandbox)).to.equal(0);
    });
});
