import { expect } from "chai";
import type { Trouble } from "../../sandbox/sandbox";
import { done, ledgersOf, onSandbox, refused } from "./stage";
import { impatient, shop } from "./troubles";

describe("a POST whose answer is late or lost, under the real engine", () => {
    const stage = onSandbox();

    const late: [what: string, act: Trouble["do"]][] = [
        ["answered too late", { kind: "delayAnswer", ms: 60_000 }],
        ["whose connection is cut after it acted", { kind: "dropAfter" }],
        ["answered by a failing gateway", { kind: "answerAfter", status: 502 }],
    ];
    for (const [what, act] of late) {
        it(`a POST ${what} is not sent again: what it made is found by its mark`, async () => {
            const { sandbox } = stage;
            const stack = await stage.open(shop, impatient(stage));
            sandbox.trouble({ match: { method: "POST", path: "^/proxy/ledgers$" }, times: "always", do: act });
            done(await stack.up());
            const posts = sandbox.requests().filter(({ path }) => path === "/proxy/ledgers");
            expect(posts.map(({ method }) => method)).to.deep.equal(["POST"]);
            expect(ledgersOf(sandbox).map(({ id }) => id)).to.deep.equal([stack.idOf("Ledger customers")]);
        });
    }

    it("a POST that was cut off before it acted is an error that says how to go on, and is not sent again", async () => {
        const { sandbox } = stage;
        const stack = await stage.open(shop, impatient(stage));
        sandbox.trouble({ match: { method: "POST", path: "^/proxy/ledgers$" }, do: { kind: "dropBefore" } });
        refused(await stack.up(), 'cannot create ledger "customers": ', "It was not found afterwards", "Run again");
        expect(sandbox.requests().filter(({ path }) => path === "/proxy/ledgers")).to.have.length(1);
        expect(ledgersOf(sandbox)).to.deep.equal([]);
        expect([...stack.state().keys()]).to.deep.equal(["Instance blnk"]);

        done(await stack.up());
        expect(ledgersOf(sandbox)).to.have.length(1);
    });
});
