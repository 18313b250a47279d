import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { asked, done, onSandbox, warningsOf, written } from "./stage";

const BALANCES = 150;
const TAGS = 10;
/** With the stack, the Instance and the ledger. */
const ALL = 3 + BALANCES + 2 * TAGS;

/** A ledger with many balances, ten tags on it, and one on each of ten balances. */
const bank = async () => {
    const ledger = new blnk.Ledger("customers");
    const balances = Array.from({ length: BALANCES }, (_, n) => new blnk.Balance(`b${n}`, { ledger, currency: "USD" }));
    for (let n = 0; n < TAGS; n++) {
        new blnk.MetadataTag(`ledger ${n}`, { target: ledger, key: `k${n}`, value: n });
        new blnk.MetadataTag(`balance ${n}`, { target: balances[n * 7] ?? ledger, key: "tier", value: n });
    }
};

describe("a refresh of many things under the real engine", () => {
    const stage = onSandbox();

    for (const mode of ["cloud", "core"] as const) {
        it(`asks little more than a page of a hundred takes, and finds what has changed (${mode})`, async () => {
            const { sandbox } = stage;
            const stack = await stage.open(bank, { mode });
            done(await stack.up());
            sandbox.clearRequests();

            const refresh = done(await stack.refresh());
            expect(refresh.changes).to.deep.equal({ same: ALL });
            expect(warningsOf(refresh)).to.deep.equal([]);
            const reads = asked(sandbox);
            // One for the ledger and one for all tags on it; two questions and two pages for balances, whose tags are there too.
            expect(reads, reads.join("\n")).to.have.length.of.at.most(10);
            expect(written(sandbox)).to.deep.equal([]);

            sandbox.editMetadata(stack.idOf("Balance b63"), { tier: "other" });
            sandbox.editMetadata(stack.idOf("Balance b3"), { pulumi: null });
            sandbox.forget(stack.idOf("Balance b149"));
            const changed = done(await stack.refresh());
            expect(changed.changes).to.deep.equal({ same: ALL - 3, update: 2, delete: 1 });
        });
    }
});
