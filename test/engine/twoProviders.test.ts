import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { core } from "../sandbox/client";
import { done, holds, onSandbox, refused, written } from "./stage";

describe("one metadata key through two providers, under the real engine", () => {
    const stage = onSandbox();

    const another = (name: string, instanceId = stage.sandbox.instance) =>
        new blnk.Provider(name, { instanceId, cloudUrl: stage.sandbox.url, accessToken: stage.sandbox.token });
    const theirs = async (): Promise<string> =>
        (await core(stage.sandbox, "POST", "/ledgers", { name: "Theirs" })).body.ledger_id;

    const ways: [what: string, declare: (id: string, provider: blnk.Provider) => void][] = [
        [
            "two tags on an id",
            (id, provider) => {
                new blnk.MetadataTag("one", { target: id, key: "plan", value: "pro" });
                new blnk.MetadataTag("two", { target: id, key: "plan", value: "free" }, { provider });
            },
        ],
        [
            "tags on a ledger, and on its id",
            (_id, provider) => {
                const ledger = new blnk.Ledger("one");
                new blnk.MetadataTag("one", { target: ledger, key: "plan", value: "pro" });
                new blnk.MetadataTag("two", { target: ledger.id, key: "plan", value: "free" }, { provider });
            },
        ],
        [
            "a ledger's metadata and a tag",
            (_id, provider) => {
                const ledger = new blnk.Ledger("one", { metadata: { plan: "pro" } }, { provider });
                new blnk.MetadataTag("two", { target: ledger, key: "plan", value: "free" });
            },
        ],
        [
            "a tag on a ledger that was looked up, and one on its id",
            (id, provider) => {
                new blnk.MetadataTag("one", { target: blnk.Ledger.get("x", id), key: "plan", value: "pro" });
                new blnk.MetadataTag("two", { target: id, key: "plan", value: "free" }, { provider });
            },
        ],
        [
            "tags on a member of a set",
            (_id, provider) => {
                const ledger = new blnk.Ledger("one");
                const set = new blnk.BalanceSet("set", { ledger, balances: { a: { currency: "USD" } } });
                new blnk.MetadataTag("one", { target: set.idOf("a"), key: "plan", value: "pro" });
                new blnk.MetadataTag("two", { target: set.idOf("a"), key: "plan", value: "free" }, { provider });
            },
        ],
    ];
    for (const [what, declare] of ways) {
        it(`${what}: refused in the preview of a new stack where both lead to one server`, async () => {
            const id = await theirs();
            stage.sandbox.clearRequests();
            const stack = await stage.open(async () => declare(id, another("copy")));
            const preview = refused(
                await stack.preview(),
                'the metadata key "plan" of one thing is declared twice: by ',
            );
            holds(
                preview.text,
                "through the default provider",
                'through the provider "copy"',
                `both lead to ${stage.sandbox.instance}`,
            );
            expect(written(stage.sandbox)).to.deep.equal([]);
        });
    }

    it("is fine where they lead to two servers, and so are two keys", async () => {
        stage.sandbox.addInstance("inst_eu");
        const stack = await stage.open(async () => {
            for (const provider of [undefined, another("eu", "inst_eu")]) {
                const options = provider === undefined ? {} : { provider };
                const ledger = new blnk.Ledger(`l-${provider === undefined}`, {}, options);
                const name = `t-${provider === undefined}`;
                new blnk.MetadataTag(name, { target: ledger, key: "plan", value: 1 }, options);
            }
            const own = new blnk.Ledger("own", { metadata: { a: 1 } });
            new blnk.MetadataTag("b", { target: own, key: "b", value: 1 }, { provider: another("copy") });
        });
        done(await stack.preview());
        done(await stack.up());
    });
});
