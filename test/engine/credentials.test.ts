import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import type { Outcome } from "../engines/engineStack";
import { asked, balancesOf, done, holds, ledgersOf, onSandbox, PROBE, refused, warningsOf, written } from "./stage";

const shop = async () => {
    const ledger = new blnk.Ledger("customers", { name: "Customers" });
    new blnk.MetadataTag("billing", { target: ledger, key: "billing", value: "pro" });
};

describe("credentials and secrets under the real engine", () => {
    const stage = onSandbox();
    const cloud = () => ({ "blnk:instanceId": stage.sandbox.instance, "blnk:cloudUrl": stage.sandbox.url });

    type Settings = Record<string, string>;
    const unusable: [what: string, config: () => Settings, environment: () => Settings, told: (string | RegExp)[]][] = [
        [
            "no settings",
            () => ({}),
            () => ({}),
            [
                "blnk:instanceId",
                "blnk:accessToken",
                "BLNK_ACCESS_TOKEN",
                "BLNK_INSTANCE_ID",
                "blnk:coreUrl",
                "BLNK_CORE_URL",
            ],
        ],
        ["no token", cloud, () => ({}), ["blnk:accessToken is missing", "set BLNK_ACCESS_TOKEN"]],
        [
            "both modes in the configuration",
            () => ({ ...cloud(), "blnk:coreUrl": stage.sandbox.coreUrl }),
            () => ({}),
            ["the configuration names both", "blnk:instanceId", "blnk:coreUrl"],
        ],
        [
            "both modes in the environment",
            () => ({}),
            () => ({ BLNK_INSTANCE_ID: stage.sandbox.instance, BLNK_CORE_URL: stage.sandbox.coreUrl }),
            ["the environment names both", "BLNK_INSTANCE_ID", "BLNK_CORE_URL"],
        ],
        [
            "plain http to another machine",
            () => ({ ...cloud(), "blnk:cloudUrl": "http://blnk.example.com" }),
            () => ({ BLNK_ACCESS_TOKEN: stage.sandbox.token }),
            ["blnk:cloudUrl uses plain http to blnk.example.com", "https"],
        ],
        [
            "plain http to a Core on another machine",
            () => ({}),
            () => ({ BLNK_CORE_URL: "http://10.0.0.7:5001", BLNK_CORE_KEY: stage.sandbox.coreKey }),
            ["BLNK_CORE_URL uses plain http to 10.0.0.7", "https"],
        ],
    ];
    for (const [what, config, environment, told] of unusable) {
        it(`${what}: the error names keys and variables, before any request`, async () => {
            const stack = await stage.open(shop, { config: config(), environment: environment() });
            refused(await stack.preview(), ...told);
            refused(await stack.up(), ...told);
            expect(asked(stage.sandbox)).to.deep.equal([]);
        });
    }

    it("a wrong token is refused in one sentence that says where it came from, and nothing is made", async () => {
        const { sandbox } = stage;
        const wrong = "wrong_token_in_clear";
        const stack = await stage.open(shop, { config: cloud(), environment: { BLNK_ACCESS_TOKEN: wrong } });
        refused(await stack.preview(), "Blnk refused the access token (401). Check BLNK_ACCESS_TOKEN");
        const up = refused(await stack.up(), "Blnk refused the access token (401). Check BLNK_ACCESS_TOKEN");
        expect(`${up.text}${stack.stateText()}`).not.to.include(wrong);
        expect(written(sandbox)).to.deep.equal([]);
        expect([...stack.state().keys()]).to.deep.equal([]);
    });

    it("a token rotated since the last up reaches refresh and destroy by the environment", async () => {
        const { sandbox } = stage;
        const config = { ...cloud(), "blnk:accessToken": sandbox.token };
        const stack = await stage.open(shop, { config, environment: {} });
        done(await stack.up());
        sandbox.addToken(sandbox.token, ["*"], { expired: true });
        sandbox.addToken("token_of_today", ["*"]);
        const before = stack.state();
        const refresh = await stack.refresh();
        expect(refresh.ok).to.equal(false);
        holds(refresh.text, "Blnk refused the access token (401). Check blnk:accessToken, or set BLNK_ACCESS_TOKEN");
        expect([...stack.state().keys()]).to.deep.equal([...before.keys()]);
        stack.setEnvironment("BLNK_ACCESS_TOKEN", "token_of_today");
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: 4 });
        done(await stack.destroy());
        expect(ledgersOf(sandbox).map(({ metadata }) => metadata)).to.deep.equal([{ billing: null }]);
    });

    it("a read-only token previews and refreshes; up names the missing scope and leaves nothing behind", async () => {
        const { sandbox } = stage;
        sandbox.addToken("reader", ["data:read"]);
        const told = "the access token lacks the scope proxy:write (403)";
        const stack = await stage.open(shop, { config: cloud(), environment: { BLNK_ACCESS_TOKEN: "reader" } });
        expect(done(await stack.preview()).changes).to.deep.equal({ create: 4 });
        refused(await stack.up(), told);
        expect(asked(sandbox).at(-1)).to.equal(PROBE.replace("404", "403"));
        expect([...stack.state().keys()]).to.deep.equal([]);

        stack.setEnvironment("BLNK_ACCESS_TOKEN", sandbox.token);
        done(await stack.up());
        stack.setEnvironment("BLNK_ACCESS_TOKEN", "reader");
        sandbox.editLedger(stack.idOf("Ledger customers"), { name: "Drifted" });
        sandbox.clearRequests();
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: 3, update: 1 });
        expect(done(await stack.preview()).changes).to.deep.equal({ same: 3, update: 1 });
        refused(await stack.up(), `cannot update ledger "customers"`, told);
        expect(written(sandbox)).to.deep.equal([]);
        expect(ledgersOf(sandbox).map(({ name }) => name)).to.deep.equal(["Drifted"]);
    });

    it("up that goes on after errors makes nothing where the Instance could not be made", async () => {
        const { sandbox } = stage;
        sandbox.addToken("reader", ["data:read"]);
        const stack = await stage.open(shop, { config: cloud(), environment: { BLNK_ACCESS_TOKEN: "reader" } });
        const { ok, text } = await stack.up({ continueOnError: true });
        expect(ok, text).to.equal(false);
        expect(asked(sandbox)).to.deep.equal([
            "POST /ledger/filter 200",
            "POST /balances/filter 200",
            PROBE.replace("404", "403"),
        ]);
        expect([...stack.state().keys()]).to.deep.equal([]);
    });

    it("a write-only token is refused in the preview, which names data:read, and before anything is made", async () => {
        const { sandbox } = stage;
        sandbox.addToken("writer", ["proxy:write", "proxy:read"]);
        const stack = await stage.open(shop, { config: cloud(), environment: { BLNK_ACCESS_TOKEN: "writer" } });
        refused(await stack.preview(), "lacks the scope data:read (403)");
        refused(await stack.up(), "lacks the scope data:read (403)");
        expect(written(sandbox)).to.deep.equal([]);
        expect([...stack.state().keys()]).to.deep.equal([]);
    });

    it("a Core key with scopes is refused before anything is made", async () => {
        const { sandbox } = stage;
        sandbox.addCoreKey("scoped_core_key", ["ledgers:*", "balances:*"]);
        const config = { "blnk:coreUrl": sandbox.coreUrl };
        const stack = await stage.open(shop, { config, environment: { BLNK_CORE_KEY: "scoped_core_key" } });
        refused(await stack.up(), "master key", "BLNK_CORE_KEY");
        expect(written(sandbox)).to.deep.equal([]);
        expect([...stack.state().keys()]).to.deep.equal([]);
    });

    for (const place of ["environment", "secret configuration"] as const) {
        it(`a token from the ${place} is nowhere in state, output, errors or requests`, async () => {
            const { sandbox } = stage;
            const config = place === "environment" ? cloud() : { ...cloud(), "blnk:accessToken": sandbox.token };
            const environment = place === "environment" ? { BLNK_ACCESS_TOKEN: sandbox.token } : {};
            const stack = await stage.open(shop, { config, environment });
            const runs: Outcome[] = [await stack.preview(), await stack.up()];
            // Blnk's answer to a write quotes the token, as a careless gateway would.
            const body = { error: `no right for ${sandbox.token}` };
            sandbox.trouble({ match: { method: "PUT" }, do: { kind: "answer", status: 400, body } });
            stack.program(async () => void new blnk.Ledger("customers", { name: "Others" }));
            runs.push(await stack.up());
            expect(runs.map(({ ok }) => ok)).to.deep.equal([true, true, false]);
            const state = stack.stateText();
            expect(state.includes("blnk:accessToken")).to.equal(place !== "environment");
            runs.push(await stack.refresh(), await stack.destroy());
            const text = `${runs.map((run) => run.text)}${state}${JSON.stringify(sandbox.requests())}`;
            expect(text).not.to.include(sandbox.token);
        });
    }

    it("each run warns once of a credential in plain text and of an unknown setting, and not of a secret", async () => {
        const { sandbox } = stage;
        const stack = await stage.open(shop, { config: cloud(), environment: {} });
        await stack.configure("blnk:accessToken", sandbox.token, true);
        expect(warningsOf(done(await stack.preview()))).to.deep.equal([]);
        await stack.configure("blnk:accessToken", sandbox.token, false);
        await stack.configure("blnk:instance", "inst_other");
        const told = [
            "Unknown setting blnk:instance (ignored). Did you mean blnk:instanceId? Known settings: " +
                "blnk:accessToken, blnk:instanceId, blnk:cloudUrl, blnk:coreUrl, blnk:coreKey, blnk:requestTimeout, blnk:owner, blnk:movedFrom.",
            "blnk:accessToken is not set as a secret: it is stored in plain text in the stack's configuration and state. Set a " +
                'new value with "pulumi config set --secret blnk:accessToken …", and revoke the old one, because old states keep it.',
        ];
        for (const run of [await stack.preview(), await stack.up()]) {
            expect(warningsOf(done(run))).to.deep.equal(told);
            expect(run.text.match(/is not set as a secret/g)).to.have.length(1);
        }
        expect(stack.stateText()).to.include(sandbox.token);
    });

    it("secrets in metadata and tags stay encrypted in state, at any depth, and are not shown by any run", async () => {
        const { sandbox } = stage;
        const secrets = ["outer-hush", "inner-hush", "tag-hush", "list-hush"];
        const [outer, inner, tag, list] = secrets.map((text) => pulumi.secret(text));
        const program = (name: string) => async () => {
            const metadata = { plain: "seen", outer, nested: { inner, list: [list, "b"] } };
            const ledger = new blnk.Ledger("customers", { name, metadata });
            const balance = new blnk.Balance("alice", { ledger, currency: "USD", metadata });
            new blnk.MetadataTag("billing", { target: balance, key: "billing", value: { tag } });
        };
        const stack = await stage.open(program("Customers"));
        const hidden = async (...outcomes: Outcome[]) => {
            const text = `${outcomes.map((run) => done(run).text)}${stack.stateText()}`;
            for (const secret of secrets) expect(text).not.to.include(secret);
        };
        await hidden(await stack.preview(), await stack.up());
        expect(balancesOf(sandbox)[0]?.metadata).to.deep.equal({
            plain: "seen",
            outer: "outer-hush",
            nested: { inner: "inner-hush", list: ["list-hush", "b"] },
            billing: { tag: "tag-hush" },
        });
        await hidden(await stack.program(program("Renamed")).up());
        sandbox.editMetadata(stack.idOf("Balance alice"), { plain: "changed", billing: { tag: "other" } });
        await hidden(await stack.refresh(), await stack.preview(), await stack.up());
        await hidden(await stack.destroy());
    });
});
