import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import type { EngineStack } from "../engines/engineStack";
import { core } from "../sandbox/client";
import {
    asked,
    askedBesides,
    balancesOf,
    done,
    holds,
    INSTANCE_MADE,
    ledgersOf,
    MIRROR_TEST,
    onSandbox,
    pay,
    refused,
    warningsOf,
    written,
} from "./stage";

type Members = Record<string, blnk.BalanceSetMember>;

const SET = "BalanceSet wallets";
const isBalancePost = ({ request }: { request: string }) => request === "POST /proxy/balances";
const keysOf = (marks: readonly unknown[]) => marks.map((mark) => /\/wallets\/(.*)@/.exec(String(mark))?.[1]).sort();

function shop(balances: Members, args: Partial<blnk.BalanceSetArgs> = {}) {
    return async () => {
        const ledger = new blnk.Ledger("customers");
        new blnk.BalanceSet("wallets", { ledger, balances, ...args });
    };
}

function many(count: number): Members {
    return Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`customer-${index + 1}`, { currency: "USD" }]),
    );
}

async function idsIn(stack: EngineStack): Promise<Record<string, string>> {
    const entry = stack.state().get(SET);
    return (entry?.outputs.ids ?? {}) as Record<string, string>;
}

describe("a balance set under the real engine", () => {
    const stage = onSandbox();

    it("makes each balance once, knows their ids, and does nothing the second time", async () => {
        const stack = await stage.open(async () => {
            const ledger = new blnk.Ledger("customers");
            const set = new blnk.BalanceSet("wallets", {
                ledger,
                balances: { "alice-usd": { currency: "USD" }, "bob-eur": { currency: "EUR", metadata: { vip: true } } },
            });
            new blnk.MetadataTag("alice-plan", { target: set.idOf("alice-usd"), key: "plan", value: "pro" });
            return { alice: set.idOf("alice-usd") };
        });
        const preview = done(await stack.preview());
        holds(preview.text, "alice-usd", "bob-eur");
        expect(askedBesides(stage.sandbox)).to.deep.equal([]);

        done(await stack.up());
        const [ledger] = ledgersOf(stage.sandbox);
        const held = balancesOf(stage.sandbox);
        expect(held.map(({ currency, metadata }) => [currency, metadata]).sort()).to.deep.equal([
            ["EUR", { vip: true }],
            ["USD", { plan: "pro" }],
        ]);
        expect(keysOf(held.map(({ mark }) => mark))).to.deep.equal(["alice-usd", "bob-eur"]);
        expect(held.every((balance) => balance.ledger === ledger?.id)).to.equal(true);
        const ids = await idsIn(stack);
        expect(Object.values(ids).sort()).to.deep.equal(held.map(({ id }) => id).sort());
        expect(stack.outputs().alice).to.equal(ids["alice-usd"]);

        stage.sandbox.clearRequests();
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
        expect(asked(stage.sandbox)).to.deep.equal([]);
        expect(done(await stack.refresh()).changes).to.deep.equal({ same: 5 });
    });

    it("makes a new stack's thousand balances with a POST each and no question but the mirror test", async () => {
        const stack = await stage.open(shop(many(1000)));
        done(await stack.up());
        const questions = asked(stage.sandbox).filter((request) => request !== "POST /proxy/balances 201");
        expect(questions.sort()).to.deep.equal([...INSTANCE_MADE, ...MIRROR_TEST, "POST /proxy/ledgers 201"].sort());
        expect(new Set(balancesOf(stage.sandbox).map(({ mark }) => mark)).size).to.equal(1000);
        const entry = JSON.stringify(stack.state().get(SET));
        expect(entry.length / 1000).to.be.lessThan(135);
        expect(Object.keys(await idsIn(stack))).to.have.length(1000);
    });

    it("shows added, changed and dropped balances by key, and does just that", async () => {
        const stack = await stage.open(
            shop({ a: { currency: "USD" }, b: { currency: "USD", metadata: { vip: true } } }),
        );
        done(await stack.up());
        const before = await idsIn(stack);
        stage.sandbox.clearRequests();
        stack.program(shop({ b: { currency: "USD", metadata: { tier: 2 } }, c: { currency: "NGN" } }));
        const preview = done(await stack.preview());
        holds(preview.text, /- a\s*:/, /\+ c\s*:/, /- vip\s*:/, /\+ tier\s*:/);
        holds(preview.text, "adds c; changes b; stops managing a");
        expect(written(stage.sandbox)).to.deep.equal([]);
        const up = done(await stack.up());
        expect(up.changes).to.deep.equal({ same: 3, update: 1 });
        expect(warningsOf(up)).to.deep.equal([
            `1 balance is no longer managed and stays in Blnk, which cannot delete balances: a (${before.a})`,
        ]);
        expect(
            written(stage.sandbox)
                .map(({ request }) => request)
                .sort(),
        ).to.deep.equal(["POST /proxy/balances", "POST /proxy/bln_*/metadata"]);
        const after = await idsIn(stack);
        expect(after).to.deep.equal({ b: before.b, c: after.c });
        expect(done(await stack.up()).changes).to.deep.equal({ same: 4 });

        // Declared again it is the same balance.
        stack.program(
            shop({ a: { currency: "USD" }, b: { currency: "USD", metadata: { tier: 2 } }, c: { currency: "NGN" } }),
        );
        done(await stack.up());
        expect(await idsIn(stack)).to.deep.equal({ ...after, a: before.a });
        expect(balancesOf(stage.sandbox)).to.have.length(3);
    });

    it("another currency makes another balance under the key, unless money has moved on the old one", async () => {
        const stack = await stage.open(shop({ a: { currency: "USD" }, b: { currency: "USD" } }));
        done(await stack.up());
        const before = await idsIn(stack);
        await pay(stage.sandbox, String(before.a));
        stack.program(shop({ a: { currency: "EUR" }, b: { currency: "EUR" } }));
        refused(await stack.up(), `balance "a" (${before.a}) cannot be removed: money has moved on it`, "on the set");
        expect(balancesOf(stage.sandbox).filter(({ mark }) => mark !== undefined)).to.have.length(2);

        stack.program(shop({ a: { currency: "EUR" }, b: { currency: "EUR" } }, { onDelete: "forget" }));
        done(await stack.up());
        const after = await idsIn(stack);
        expect([after.a, after.b]).not.to.have.members([before.a, before.b]);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 4 });
    });

    it("keeps what is made when one is refused, and goes on with the rest", async () => {
        const missing = "idt_00000000-0000-0000-0000-000000000000";
        const stack = await stage.open(shop({ ...many(40), wrong: { currency: "USD", identity: missing } }));
        const up = await stack.up();
        expect(up.ok).to.equal(false);
        const made = balancesOf(stage.sandbox);
        holds(
            up.text,
            `balance "wrong"`,
            `Done: ${made.length} of 41 balances. Run "pulumi up" again to continue with the rest.`,
        );
        stage.sandbox.clearRequests();
        stack.program(shop(many(41)));
        done(await stack.up());
        expect(written(stage.sandbox).filter(isBalancePost)).to.have.length(41 - made.length);
        const ids = Object.values(await idsIn(stack)).sort();
        expect(ids).to.deep.equal(
            balancesOf(stage.sandbox)
                .map(({ id }) => id)
                .sort(),
        );
        expect(keysOf(balancesOf(stage.sandbox).map(({ mark }) => mark))).to.deep.equal(Object.keys(many(41)).sort());
        expect(done(await stack.up()).changes).to.deep.equal({ same: 4 });
    });

    it("adopts existing balances by id, claims them, writes nothing else for what is as it is, and names each in the preview", async () => {
        const ledger: string = (await core(stage.sandbox, "POST", "/ledgers", { name: "old" })).body.ledger_id;
        const given = async (body: object): Promise<string> =>
            (await core(stage.sandbox, "POST", "/balances", { ledger_id: ledger, ...body })).body.balance_id;
        const plain = await given({ currency: "USD" });
        const tagged = await given({ currency: "EUR", meta_data: { vip: false } });
        stage.sandbox.clearRequests();
        const stack = await stage.open(async () => {
            new blnk.BalanceSet("wallets", {
                ledger: ledger,
                balances: {
                    a: { adopt: plain },
                    b: { adopt: tagged, metadata: { vip: true } },
                    c: { currency: "USD" },
                },
            });
        });
        const preview = done(await stack.preview());
        holds(
            preview.text,
            `a: adopts ${plain} "USD in ${ledger}"; changes: none; claims it`,
            `b: adopts ${tagged} "EUR in ${ledger}"; changes: metadata.vip; claims it`,
        );
        done(await stack.up());
        const all = written(stage.sandbox).map(({ request, body }) => [
            request,
            JSON.stringify(body).replace(/"pulumi":"[^"]*"/, "mark"),
        ]);
        expect(all.sort()).to.deep.equal([
            ["POST /proxy/balances", `{"ledger_id":"${ledger}","currency":"USD","meta_data":{mark}}`],
            ["POST /proxy/bln_*/metadata", '{"meta_data":{"vip":true,mark}}'],
            ["POST /proxy/bln_*/metadata", '{"meta_data":{mark}}'],
        ]);
        expect(await idsIn(stack)).to.include({ a: plain, b: tagged });
        stage.sandbox.clearRequests();
        expect(done(await stack.up({ refresh: true })).changes).to.deep.equal({ same: 3 });
        expect(written(stage.sandbox)).to.deep.equal([]);
        stack.program(async () => {
            new blnk.BalanceSet("wallets", {
                ledger: ledger,
                balances: { a: { adopt: tagged }, c: { currency: "USD" } },
            });
        });
        refused(await stack.preview(), `balances["a"] is already ${plain} and cannot adopt ${tagged}`);
    });

    it("an adopted balance is one member's alone, and another currency is another balance", async () => {
        const ledger: string = (await core(stage.sandbox, "POST", "/ledgers", { name: "old" })).body.ledger_id;
        const body = { ledger_id: ledger, currency: "USD" };
        const there: string = (await core(stage.sandbox, "POST", "/balances", body)).body.balance_id;
        const program = (balances: Members) => async () => {
            new blnk.BalanceSet("wallets", { ledger, balances });
        };
        const stack = await stage.open(program({ a: { adopt: there }, b: { adopt: there } }));
        refused(await stack.preview(), `balances["b"]: balances["a"] adopts ${there} as well`);
        done(await stack.program(program({ a: { adopt: there } })).up());

        refused(await stack.program(program({ a: { adopt: there, currency: "EUR" } })).preview(), 'has currency "USD"');
        refused(
            await stack.program(program({ a: { currency: "USD" }, b: { adopt: there } })).preview(),
            `balances["b"]: balances["a"] adopts ${there} as well`,
        );
        // Under another key it is the same balance, which goes on.
        const renamed = done(await stack.program(program({ b: { adopt: there } })).up());
        expect(warningsOf(renamed)).to.deep.equal([]);
        expect(await idsIn(stack)).to.deep.equal({ b: there });
        expect(balancesOf(stage.sandbox)).to.have.length(1);
        // It used to be taken for looked at already, and got a place in the state without its currency.
        expect(balancesOf(stage.sandbox)[0]?.mark).to.contain("/wallets/b@");
        expect(stack.state().get(SET)?.outputs.currency).to.equal("USD");

        done(await stack.program(program({ b: { currency: "EUR" } })).up());
        const { b } = await idsIn(stack);
        expect(b).not.to.equal(there);
        expect(balancesOf(stage.sandbox).map(({ currency }) => currency)).to.deep.equal(["USD", "EUR"]);
    });

    it("a balance moves from a resource of its own into a set, and out again, as it is", async () => {
        const stack = await stage.open(async () => {
            const ledger = new blnk.Ledger("customers");
            new blnk.Balance("alice", { ledger, currency: "USD" });
            new blnk.BalanceSet("wallets", { ledger, balances: { b: { currency: "USD" } } });
        });
        done(await stack.up());
        const alice = stack.idOf("Balance alice");
        await pay(stage.sandbox, alice);
        const made = balancesOf(stage.sandbox).length;
        const moved = await stack.program(shop({ b: { currency: "USD" }, a: { adopt: alice } })).up();
        done(moved);
        expect(warningsOf(moved)).to.deep.equal([`balance "alice" (${alice}) is now managed as BalanceSet "wallets"`]);
        expect((await idsIn(stack)).a).to.equal(alice);
        stack.program(async () => {
            const ledger = new blnk.Ledger("customers");
            const own = new blnk.Balance("alice", { ledger, adopt: alice });
            new blnk.BalanceSet("wallets", { ledger, balances: { b: { currency: "USD" } } }, { dependsOn: own });
        });
        done(await stack.up());
        expect(stack.idOf("Balance alice")).to.equal(alice);
        expect(balancesOf(stage.sandbox)).to.have.length(made);
    });

    it("a refresh shows what others changed, and the next up puts it back", async () => {
        const stack = await stage.open(
            shop({ a: { currency: "USD", metadata: { vip: true } }, b: { currency: "USD" }, c: { currency: "USD" } }),
        );
        done(await stack.up());
        const ids = await idsIn(stack);
        stage.sandbox.editMetadata(String(ids.a), { vip: false });
        stage.sandbox.editMetadata(String(ids.b), { pulumi: null });
        stage.sandbox.forget(String(ids.c));
        stage.sandbox.clearRequests();
        const refresh = done(await stack.refresh());
        expect(refresh.changes).to.deep.equal({ same: 3, update: 1 });
        const preview = done(await stack.preview());
        holds(preview.text, /\+ c\s*:/, /vip\s*:\s*false => true/, /- lostMark/);
        done(await stack.up());
        expect(balancesOf(stage.sandbox).map(({ metadata }) => metadata)).to.deep.include({ vip: true });
        expect(keysOf(balancesOf(stage.sandbox).map(({ mark }) => mark))).to.deep.equal(["a", "b", "c"]);
        expect(done(await stack.up()).changes).to.deep.equal({ same: 4 });
    });

    it("what is wrong with balances is told by key, in the preview", async () => {
        const wrong = {
            "": { currency: "USD" },
            a: { currency: " USD" },
            b: { curency: "USD" },
            c: {},
        } as unknown as Members;
        const stack = await stage.open(shop(wrong));
        const preview = await stack.preview();
        expect(preview.ok).to.equal(false);
        holds(
            preview.text,
            'balances[""]: its key must not be empty',
            'balances["a"]: currency has leading or trailing spaces',
            'balances["b"]: unknown argument "curency" (did you mean "currency"?)',
            'balances["c"]: currency is missing',
        );
    });

    it("destroy lets go of all in one line, and up with the owner takes them back without a POST", async () => {
        const stack = await stage.open(shop(many(25)));
        done(await stack.up());
        const [mark] = balancesOf(stage.sandbox).map(({ mark: it }) => String(it));
        const destroy = done(await stack.destroy());
        expect(warningsOf(destroy)).to.have.length(2);
        holds(destroy.text, "25 balances are no longer managed and stay in Blnk");
        stage.sandbox.clearRequests();
        await stack.configure("blnk:owner", /@(.*)#/.exec(mark ?? "")?.[1] ?? "");
        done(await stack.up());
        expect(written(stage.sandbox)).to.deep.equal([]);
        expect(Object.keys(await idsIn(stack))).to.have.length(25);
    });

    it("renamed by alias it keeps its balances, and marks them anew", async () => {
        const stack = await stage.open(shop(many(3)));
        done(await stack.up());
        const before = await idsIn(stack);
        stack.program(async () => {
            const ledger = new blnk.Ledger("customers");
            new blnk.BalanceSet("purses", { ledger, balances: many(3) }, { aliases: [{ name: "wallets" }] });
        });
        done(await stack.up());
        const entry = stack.state().get("BalanceSet purses");
        expect(entry?.outputs.ids).to.deep.equal(before);
        expect(balancesOf(stage.sandbox).every(({ mark }) => String(mark).includes("/purses/"))).to.equal(true);
        expect(balancesOf(stage.sandbox)).to.have.length(3);
    });

    it("up --replace takes all back and lets go of none; another ledger makes all anew", async () => {
        const stack = await stage.open(shop(many(3)));
        done(await stack.up());
        const before = await idsIn(stack);
        const up = done(await stack.up({ replace: [stack.urnOf(SET)] }));
        expect(warningsOf(up)).to.deep.equal([]);
        expect(await idsIn(stack)).to.deep.equal(before);
        expect(balancesOf(stage.sandbox)).to.have.length(3);
        stack.program(async () => {
            const ledger = new blnk.Ledger("others");
            new blnk.Ledger("customers");
            new blnk.BalanceSet("wallets", { ledger, balances: many(3) });
        });
        done(await stack.up());
        expect(balancesOf(stage.sandbox)).to.have.length(6);
    });
});
