import { expect } from "chai";
import type { Trouble } from "../../sandbox/sandbox";
import { done, holds, onSandbox, refused, written } from "./stage";
import { impatient, shop, TIME_LIMIT } from "./troubles";

/** The longest that a run may take: the engine's own second, and a few requests that each end in time. */
const SECONDS = 60;

describe("a server in trouble under the real engine", () => {
    const stage = onSandbox();

    const failed = { error: "panic", error_detail: { code: "GEN_INTERNAL", message: "panic" } };
    const troubles: [what: string, act: Trouble["do"], told: string | RegExp][] = [
        [
            "an instance that is not known",
            { kind: "answer", status: 404, body: { error: "no such instance" } },
            /404.*the instance "inst_sandbox"/,
        ],
        ["a web page instead of JSON", { kind: "html" }, "answered with a web page instead of Blnk's JSON"],
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
            const stack = await stage.open(shop, impatient(stage));
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
});
