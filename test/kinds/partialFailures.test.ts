import { expect } from "chai";
import type { Metadata } from "../../provider/blnk/metadata";
import type { Json } from "../../provider/wire/json";
import type { Trouble } from "../../sandbox/sandbox";
import { errorOf } from "../blnk/connections";
import { HASTY } from "../blnk/policies";
import { takeMessages } from "../host/engineOfThisProcess";
import type { Bag, Declared, Kind } from "./stack";
import { type Shop, shop } from "./things";

const METADATA = { method: "POST", path: "/metadata$" } as const;
const refused: Trouble["do"] = {
    kind: "answer",
    status: 400,
    body: { error_detail: { code: "GEN_BAD_REQUEST", message: "no" } },
};

describe("an update that failed on the way", () => {
    let fixture: Shop;
    beforeEach(async () => {
        fixture = await shop();
    });
    afterEach(async () => {
        takeMessages();
        await fixture.stop();
    });
    const kept = (kind: Kind) => fixture.stack.kept.get(fixture.stack.urn({ kind, name: "thing" }));
    const preview = (declared: Declared) => fixture.stack.preview([declared]);
    const up = (declared: Declared) => fixture.stack.up([declared]);
    const fails = async (declared: Declared, trouble: Trouble) => {
        fixture.sandbox.trouble(trouble);
        const error = await errorOf(up(declared));
        fixture.sandbox.clearTrouble();
        fixture.sandbox.clearRequests();
        return error.message;
    };
    /** The program changes nothing more, and a refresh finds nothing new. */
    const settled = async (declared: Declared) => {
        expect(await up(declared)).to.deep.equal(["unchanged"]);
        expect(await fixture.stack.refresh()).to.deep.equal(["same"]);
    };

    describe("of a set of twenty", () => {
        const keys = Array.from({ length: 20 }, (_, n) => `m${n}`);
        const set = (tier: Json, more: Bag = {}): Declared => ({
            kind: "BalanceSet",
            name: "thing",
            inputs: {
                ledger: fixture.ledger,
                balances: Object.fromEntries(keys.map((key) => [key, { currency: "USD", metadata: { tier } }])),
                ...more,
            },
        });
        const tiers = () => fixture.sandbox.balances().map(({ meta_data }) => (meta_data as Metadata).tier);
        const all = (tier: Json) => keys.map(() => tier);
        const begin = async () => {
            expect(await up(set("v1"))).to.deep.equal(["created"]);
            const said = await fails(set("v2"), { match: { ...METADATA, nth: 16 }, do: refused });
            expect(said).to.match(/balance "m\d+": .*Done: \d+ of 20 balances\. Run "pulumi up" again/);
            expect(tiers()).to.include.members(["v1", "v2"]);
        };

        it("and is reverted, is put back: Blnk holds what the program says", async () => {
            await begin();
            expect(await preview(set("v1"))).to.deep.equal(["updated"]);
            expect(await up(set("v1"))).to.deep.equal(["updated"]);
            expect(tiers()).to.deep.equal(all("v1"));
            await settled(set("v1"));
        });

        it("continues with the rest, and with nothing else, where the program stays", async () => {
            await begin();
            const open = tiers().filter((tier) => tier === "v1").length;
            expect(await preview(set("v2"))).to.deep.equal(["updated"]);
            expect(await up(set("v2"))).to.deep.equal(["updated"]);
            expect(tiers()).to.deep.equal(all("v2"));
            expect(fixture.sandbox.writes()).to.have.length(open);
            await settled(set("v2"));
        });

        it("can be followed by a third program too", async () => {
            await begin();
            expect(await up(set("v3"))).to.deep.equal(["updated"]);
            expect(tiers()).to.deep.equal(all("v3"));
            await settled(set("v3"));
        });

        it("is seen after a refresh as well", async () => {
            await begin();
            await fixture.stack.refresh();
            expect(await up(set("v1"))).to.deep.equal(["updated"]);
            expect(tiers()).to.deep.equal(all("v1"));
            await settled(set("v1"));
        });

        it("can fail again, and is remembered again", async () => {
            await begin();
            await fails(set("v3"), { match: { ...METADATA, nth: 5 }, do: refused });
            await fails(set("v1"), { match: { ...METADATA, nth: 3 }, do: refused });
            expect(await up(set("v1"))).to.deep.equal(["updated"]);
            expect(tiers()).to.deep.equal(all("v1"));
            await settled(set("v1"));
        });

        for (const [what, act] of [
            ["after it was done", { kind: "dropAfter" }],
            ["before it was done", { kind: "dropBefore" }],
        ] as const) {
            it(`is put back where a write's answer was lost ${what}`, async () => {
                expect(await up(set("v1"))).to.deep.equal(["created"]);
                const { policy } = fixture.stack;
                fixture.stack.policy = HASTY;
                await fails(set("v2"), { match: { ...METADATA, nth: 9 }, do: act });
                fixture.stack.policy = policy;
                expect(await up(set("v1"))).to.deep.equal(["updated"]);
                expect(tiers()).to.deep.equal(all("v1"));
                await settled(set("v1"));
            });
        }

        it("that was to be created is remembered as far as it was created: the next run creates the rest, and nothing twice", async () => {
            await fails(set("v1"), { match: { method: "POST", path: "/balances$", nth: 8 }, do: refused });
            const made = fixture.sandbox.balances().length;
            expect(made).to.be.within(1, 19);
            expect(kept("BalanceSet")?.outputs.ids).to.have.property("m0");
            expect(Object.keys(kept("BalanceSet")?.outputs.ids as object)).to.have.length(made);
            expect(await up(set("v1"))).to.deep.equal(["updated"]);
            expect(tiers()).to.deep.equal(all("v1"));
            expect(fixture.sandbox.writes()).to.have.length(20 - made);
            await settled(set("v1"));
        });

        it("that replaces another is not remembered by halves: the old one stays, and the next run creates the rest", async () => {
            expect(await up(set("v1"))).to.deep.equal(["created"]);
            const before = kept("BalanceSet");
            const { ledger_id } = await fixture.server.send("POST", "/ledgers", { name: "Other" });
            const moved = set("v1", { ledger: ledger_id });
            await fails(moved, { match: { method: "POST", path: "/balances$", nth: 8 }, do: refused });
            expect(kept("BalanceSet")).to.deep.equal(before);
            expect(await up(moved)).to.deep.equal(["replaced"]);
            expect(fixture.sandbox.balances()).to.have.length(40);
            await settled(moved);
        });

        it("that takes members back and fails is begun again by the next run, which creates nothing twice", async () => {
            expect(await up(set("v1"))).to.deep.equal(["created"]);
            fixture.stack.kept.clear();
            await fails(set("v2"), { match: { ...METADATA, nth: 8 }, do: refused });
            expect(kept("BalanceSet")).to.equal(undefined);
            expect(await up(set("v2"))).to.deep.equal(["created"]);
            expect(tiers()).to.deep.equal(all("v2"));
            await settled(set("v2"));
        });

        for (const [stack, refreshes] of [
            ["dev", false],
            ["prod", false],
            ["dev", true],
            ["prod", true],
        ] as const) {
            const then = refreshes ? ", after a refresh" : "";
            it(`whose marks were being rewritten for a stack "prod" continues in "${stack}"${then}`, async () => {
                expect(await up(set("v1"))).to.deep.equal(["created"]);
                const places = () =>
                    new Set(fixture.sandbox.balances().map(({ balance_id }) => placeIn(fixture.mark(balance_id))));
                const renamed = fixture.stack.copied({ stack: "prod" });
                fixture.sandbox.trouble({ match: { ...METADATA, nth: 12 }, do: refused });
                await errorOf(renamed.up([set("v1")]));
                expect([...places()].sort()).to.deep.equal(["shop/dev", "shop/prod"]);
                takeMessages();
                if (refreshes) await renamed.refresh();
                expect(takeMessages()).to.deep.equal([]);
                const next = renamed.copied({ stack });
                expect(await next.preview([set("v1")])).to.deep.equal(["updated"]);
                expect(await next.up([set("v1")])).to.deep.equal(["updated"]);
                expect([...places()]).to.deep.equal([`shop/${stack}`]);
                expect(await next.up([set("v1")])).to.deep.equal(["unchanged"]);
                expect(await next.refresh()).to.deep.equal(["same"]);
            });
        }
    });

    describe("of a ledger or a balance", () => {
        const ledger = (name: string, tier: Json): Declared => ({
            kind: "Ledger",
            name: "thing",
            inputs: { name, metadata: { tier } },
        });
        const row = () => {
            const it = fixture.sandbox.ledgers().find(({ ledger_id }) => ledger_id === kept("Ledger")?.id);
            return [it?.name, it?.meta_data?.tier];
        };
        const RENAME = { method: "PUT", path: "/ledgers/" } as const;

        for (const [then, name, tier] of [
            ["reverted", "Old", "v1"],
            ["the same", "New", "v2"],
            ["another", "Newer", "v3"],
        ] as const) {
            it(`whose metadata was written and whose name was refused, is finished by ${then} program`, async () => {
                await up(ledger("Old", "v1"));
                await fails(ledger("New", "v2"), { match: RENAME, do: refused });
                expect(row()).to.deep.equal(["Old", "v2"]);
                expect(await preview(ledger(name, tier))).to.deep.equal(["updated"]);
                expect(await up(ledger(name, tier))).to.deep.equal(["updated"]);
                expect(row()).to.deep.equal([name, tier]);
                await settled(ledger(name, tier));
            });

            it(`whose metadata was refused has changed nothing, and is finished by ${then} program`, async () => {
                await up(ledger("Old", "v1"));
                await fails(ledger("New", "v2"), { match: METADATA, do: refused });
                expect(row()).to.deep.equal(["Old", "v1"]);
                expect(kept("Ledger")).not.to.have.property("isPartial");
                expect(await up(ledger(name, tier))).to.deep.equal([then === "reverted" ? "unchanged" : "updated"]);
                expect(row()).to.deep.equal([name, tier]);
                await settled(ledger(name, tier));
            });

            for (const [what, match] of [
                ["metadata", METADATA],
                ["name", RENAME],
            ] as const) {
                for (const act of ["dropAfter", "dropBefore"] as const) {
                    it(`whose ${what} has an unknown end (${act}) is finished by ${then} program`, async () => {
                        await up(ledger("Old", "v1"));
                        const { policy } = fixture.stack;
                        fixture.stack.policy = HASTY;
                        await fails(ledger("New", "v2"), { match, do: { kind: act } });
                        fixture.stack.policy = policy;
                        expect(await preview(ledger(name, tier))).to.deep.equal(["updated"]);
                        expect(await up(ledger(name, tier))).to.deep.equal(["updated"]);
                        expect(row()).to.deep.equal([name, tier]);
                        await settled(ledger(name, tier));
                    });
                }
            }
        }

        it("with an unknown end releases what it owns, and nothing else", async () => {
            const of = (metadata: Metadata): Declared => ({
                kind: "Ledger",
                name: "thing",
                inputs: { name: "L", metadata },
            });
            await up(of({ tier: "v1" }));
            const { policy } = fixture.stack;
            fixture.stack.policy = HASTY;
            await fails(of({ tier: "v2", fresh: 1 }), { match: METADATA, do: { kind: "dropBefore" } });
            fixture.stack.policy = policy;
            const id = kept("Ledger")?.id ?? "";
            fixture.sandbox.editMetadata(id, { fresh: "theirs" });
            for (const act of [preview, up]) {
                const { message } = await errorOf(act(of({ tier: "v2", fresh: 1 })));
                expect(message).to.contain(`another writer under "fresh"`);
            }
            expect(fixture.held(id)).to.deep.equal({ tier: "v1", fresh: "theirs" });
            expect(await up(of({ tier: "v2" }))).to.deep.equal(["updated"]);
            expect(fixture.held(id)).to.deep.equal({ tier: "v2", fresh: "theirs" });
            await settled(of({ tier: "v2" }));
        });

        for (const [stack, act] of [
            ["dev", "dropAfter"],
            ["prod", "dropAfter"],
            ["dev", "dropBefore"],
            ["prod", "dropBefore"],
        ] as const) {
            it(`whose mark may have been rewritten (${act}) continues in "${stack}", after a refresh too`, async () => {
                const declared = ledger("L", "v1");
                await up(declared);
                const renamed = fixture.stack.copied({ stack: "prod" });
                renamed.policy = HASTY;
                fixture.sandbox.trouble({ match: METADATA, do: { kind: act } });
                await errorOf(renamed.up([declared]));
                renamed.policy = fixture.stack.policy;
                const refreshed = renamed.copied({});
                takeMessages();
                await refreshed.refresh();
                expect(takeMessages()).to.deep.equal([]);
                const id = kept("Ledger")?.id ?? "";
                for (const from of [renamed, refreshed]) {
                    const next = from.copied({ stack });
                    await next.up([declared]);
                    expect(placeIn(fixture.mark(id))).to.equal(`shop/${stack}`);
                    expect(await next.up([declared])).to.deep.equal(["unchanged"]);
                    expect(await next.refresh()).to.deep.equal(["same"]);
                }
            });
        }

        it("whose identity was refused is put back", async () => {
            const identity = async () => {
                const body = { first_name: "a", identity_type: "individual" };
                return String((await fixture.server.send("POST", "/identities", body)).identity_id);
            };
            const [one, other] = [await identity(), await identity()];
            const of = (tier: Json, id: string): Declared => ({
                kind: "Balance",
                name: "thing",
                inputs: { ledger: fixture.ledger, currency: "USD", identity: id, metadata: { tier } },
            });
            await up(of("v1", one));
            await fails(of("v2", other), { match: { method: "PUT", path: "/identity$" }, do: refused });
            expect(await preview(of("v1", one))).to.deep.equal(["updated"]);
            expect(await up(of("v1", one))).to.deep.equal(["updated"]);
            const [row] = fixture.sandbox.balances();
            expect([row?.identity_id, row?.meta_data?.tier]).to.deep.equal([one, "v1"]);
            await settled(of("v1", one));
        });
    });

    describe("of a tag that was written and not seen", () => {
        const tag = (value: Json): Declared => ({
            kind: "MetadataTag",
            name: "thing",
            inputs: { target: fixture.ledger, key: "billing", value },
        });
        /** Reads lag for longer than the provider waits. */
        const lagging = async (declared: Declared) => {
            fixture.sandbox.metadataLag(400);
            const error = await errorOf(up(declared));
            fixture.sandbox.metadataLag(0);
            return error.message;
        };

        it("says that reads lag, names no other writer, and writes at most twice", async () => {
            const said = await lagging(tag("a"));
            expect(said).to.contain(`accepted the metadata of ${fixture.ledger} (billing), but did not show it within`);
            expect(said).to.contain("Its reads lag behind its writes. Run again later: the stack remembers the write.");
            expect(said).not.to.contain("another writer");
            expect(fixture.sandbox.writes()).to.have.length.of.at.most(2);
        });

        for (const value of ["a", "b"]) {
            it(`is its own in the next run, which may ask for ${value === "a" ? "the same" : "another value"}`, async () => {
                await lagging(tag("a"));
                expect(kept("MetadataTag")?.id).to.equal(`${fixture.ledger}/billing`);
                expect(await preview(tag(value))).to.deep.equal(["updated"]);
                expect(await up(tag(value))).to.deep.equal(["updated"]);
                expect(fixture.held(fixture.ledger)).to.deep.equal({ billing: value });
                await settled(tag(value));
            });
        }

        for (const value of ["a", "b", "c"]) {
            it(`after a change from "a" to "b" may be "${value}" in the next run`, async () => {
                await up(tag("a"));
                await lagging(tag("b"));
                expect(await preview(tag(value))).to.deep.equal(["updated"]);
                expect(await up(tag(value))).to.deep.equal(["updated"]);
                expect(fixture.held(fixture.ledger)).to.deep.equal({ billing: value });
                await settled(tag(value));
            });
        }

        it("and that another writer has changed since is left alone", async () => {
            await lagging(tag("a"));
            fixture.sandbox.editMetadata(fixture.ledger, { billing: "theirs" });
            for (const value of ["a", "b"]) {
                for (const act of [preview, up]) {
                    expect((await errorOf(act(tag(value)))).message).to.contain(
                        "another writer has changed the metadata key",
                    );
                }
            }
            expect(fixture.held(fixture.ledger)).to.deep.equal({ billing: "theirs" });
        });

        it("is set to null when it leaves the program", async () => {
            await lagging(tag("a"));
            await fixture.stack.destroy();
            expect(fixture.held(fixture.ledger)).to.deep.equal({ billing: null });
        });
    });
});

/** The project and the stack that a mark names. */
function placeIn(mark: unknown): string {
    return String(mark).split("/").slice(0, 2).join("/");
}
