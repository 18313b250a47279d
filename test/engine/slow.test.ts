import { expect } from "chai";
import { done, ledgersOf, onSandbox, refused, warningsOf } from "./stage";
import { shop, TIME_LIMIT } from "./troubles";

describe("a server that is slow, under the real engine", () => {
    const stage = onSandbox();

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
});
