import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import type { Trouble } from "../../sandbox/sandbox";
import { done, holds, ledgersOf, onSandbox, refused, warningsOf, written } from "./stage";

const TIME_LIMIT = 2;
/** The longest that a run may take: the engine's own second, and a few requests that each end in time. */
const SECONDS = 60;

const shop = async () => {
    const ledger = new blnk.Ledger("customers", { name: "Customers" });
    const balance = new blnk.Balance("alice", { ledger, currency: "USD" });
    new blnk.MetadataTag("billing", { target: balance, key: "billing", value: "pro" });
};

describe("a server in trouble under the real engine", () => {
    const stage = onSandbox();
    const impatient = () => ({
        config: {
            "blnk:instanceId": stage.sandbox.instance,
            "blnk:cloudUrl": stage.sandbox.url,
            "blnk:requestTimeout": String(TIME_LIMIT),
        },
    });

    const failed = { error: "panic", error_detail: { code: "GEN_INTERNAL", message: "panic" } };
    const troubles: [what: string, act: Trouble["do"], told: string | RegExp][] = [
        [
            "an instance that is not known",
            { kind: "answer", status: 404, body: { error: "no such instance" } },
            /404.*the instance "inst_sandbox"/,
        ],
        ["a web page instead of JSON", { kind: "html" }, "answered with a web page that is not Blnk's JSON"],
        [
            "a redirect",
            { kind: "redirect", to: "https://login.example.com/?next=x" },
            "a redirect to https://login.example.com (302), which is not followed",
        ],
        ["an answer of 5 MB", { kind: "large", bytes: 5_000_000 }, "more than 4 MB"],
        ["a hung connection", { kind: "hang" }, `did not answer within ${TIME_LIMIT} s`],
        ["a connection that is cut", { kind: "dropBefore" }, "was lost"],
        ["a server that fails", { kind: "answer", status: 500, body: failed }, "Blnk failed (500): panic"],
    ];
    for (const [what, act, told] of troubles) {
        it(`${what}: up and refresh end in time with a sentence each, and nothing is made or lost`, async () => {
            const stack = await stage.open(shop, impatient());
            stage.sandbox.trouble({ times: "always", do: act });
            const start = Date.now();
            refused(await stack.up(), told);
            expect(Date.now() - start).to.be.below(SECONDS * 1000);
            expect([...stack.state().keys()]).to.deep.equal([]);

            stage.sandbox.clearTrouble();
            done(await stack.up());
            const before = stack.state();
            stage.sandbox.trouble({ times: "always", do: act });
            stage.sandbox.clearRequests();
            const again = Date.now();
            const refresh = await stack.refresh();
            expect(Date.now() - again).to.be.below(SECONDS * 1000);
            expect(refresh.ok, refresh.text).to.equal(false);
            holds(refresh.text, told, 'cannot read ledger "customers": ');
            expect(written(stage.sandbox)).to.deep.equal([]);
            expect([...stack.state()].map(([label, { id }]) => [label, id])).to.deep.equal(
                [...before].map(([label, { id }]) => [label, id]),
            );
        });
    }

    for (const mode of ["cloud", "core"] as const) {
        it(`an address where nobody is (${mode}): up and refresh say so, and nothing is lost`, async () => {
            const second = await stage.another();
            const url = mode === "cloud" ? second.url : second.coreUrl;
            const config: Record<string, string> =
                mode === "cloud"
                    ? { "blnk:instanceId": second.instance, "blnk:cloudUrl": url }
                    : { "blnk:coreUrl": url };
            const environment: Record<string, string> =
                mode === "cloud" ? { BLNK_ACCESS_TOKEN: second.token } : { BLNK_CORE_KEY: second.coreKey };
            const stack = await stage.open(shop, { config, environment });
            done(await stack.up());
            const before = [...stack.state().keys()];
            await second.stop();
            const told = `${url} cannot be reached (ECONNREFUSED)`;
            const refresh = await stack.refresh();
            expect(refresh.ok).to.equal(false);
            holds(refresh.text, told);
            expect([...stack.state().keys()]).to.deep.equal(before);
            const key = mode === "cloud" ? "blnk:cloudUrl" : "blnk:coreUrl";
            refused(await stack.preview(), told, key);
            const fresh = await stage.open(shop, { config, environment, stack: "fresh" });
            refused(await fresh.preview(), told, key);
            refused(await fresh.up(), told, key);
        });
    }

    for (const mode of ["cloud", "core"] as const) {
        it(`a server that is slow (${mode}) is waited for by a preview, without a warning`, async () => {
            const { sandbox } = stage;
            const stack = await stage.open(shop, { mode });
            sandbox.trouble({ do: { kind: "delay", ms: 4000 } });
            expect(warningsOf(done(await stack.preview()))).to.deep.equal([]);
        });

        it(`a server that hangs (${mode}) is refused by a preview, and by an up without effect`, async () => {
            const { sandbox } = stage;
            const stack = await stage.open(shop, { mode });
            await stack.configure("blnk:requestTimeout", String(TIME_LIMIT));
            sandbox.trouble({ times: "always", do: { kind: "hang" } });
            refused(await stack.preview(), `did not answer within ${TIME_LIMIT} s`);
            refused(await stack.up(), `did not answer within ${TIME_LIMIT} s`);
            expect(ledgersOf(sandbox)).to.deep.equal([]);
        });
    }

    const late: [what: string, act: Trouble["do"]][] = [
        ["answered too late", { kind: "delayAnswer", ms: 60_000 }],
        ["whose connection is cut after it acted", { kind: "dropAfter" }],
        ["answered by a failing gateway", { kind: "answerAfter", status: 502 }],
    ];
    for (const [what, act] of late) {
        it(`a POST ${what} is not sent again: what it made is found by its mark`, async () => {
            const { sandbox } = stage;
            const stack = await stage.open(shop, impatient());
            sandbox.trouble({ match: { method: "POST", path: "^/proxy/ledgers$" }, times: "always", do: act });
            done(await stack.up());
            const posts = sandbox.requests().filter(({ path }) => path === "/proxy/ledgers");
            expect(posts.map(({ method }) => method)).to.deep.equal(["POST"]);
            expect(ledgersOf(sandbox).map(({ id }) => id)).to.deep.equal([stack.idOf("Ledger customers")]);
        });
    }

    it("a POST that was cut off before it acted is an error that says how to go on, and is not sent again", async () => {
        const { sandbox } = stage;
        const stack = await stage.open(shop, impatient());
        sandbox.trouble({ match: { method: "POST", path: "^/proxy/ledgers$" }, do: { kind: "dropBefore" } });
        refused(await stack.up(), 'cannot create ledger "customers": ', "It was not found afterwards", "Run again");
        expect(sandbox.requests().filter(({ path }) => path === "/proxy/ledgers")).to.have.length(1);
        expect(ledgersOf(sandbox)).to.deep.equal([]);
        expect([...stack.state().keys()]).to.deep.equal(["Instance blnk"]);

        done(await stack.up());
        expect(ledgersOf(sandbox)).to.have.length(1);
    });
});
