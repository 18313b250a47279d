import { expect } from "chai";
import { unknownValue } from "../../provider/host/values";
import { errorOf } from "../blnk/connections";
import { sandboxServer } from "../kinds/servers";
import { type Bag, type Declared, type Kind, Stack } from "../kinds/stack";
import { core } from "../sandbox/client";
import { takeMessages } from "./engineOfThisProcess";

describe("a change that releases something used", () => {
    let server: Awaited<ReturnType<typeof sandboxServer>>;
    let stack: Stack;
    let ledger: string;
    beforeEach(async () => {
        server = await sandboxServer("cloud");
        stack = new Stack(server, "shop", "dev", `${server.sandbox.instance}/k3f9ab`);
        ledger = String((await server.send("POST", "/ledgers", { name: "l" })).ledger_id);
    });
    afterEach(async () => {
        takeMessages();
        await server.stop();
    });

    const pay = async (destination: string) => {
        const { status } = await core(server.sandbox, "POST", "/transactions", {
            precise_amount: 100,
            precision: 100,
            currency: "USD",
            reference: `to ${destination}`,
            description: "money",
            source: "@world",
            destination,
            allow_overdraft: true,
            skip_queue: true,
        });
        expect(status).to.equal(201);
    };
    const balance = (name: string, inputs: Bag = {}): Declared => ({
        kind: "Balance",
        name,
        inputs: { ledger, currency: "USD", ...inputs },
    });
    const set = (balances: Bag, inputs: Bag = {}): Declared => ({
        kind: "BalanceSet",
        name: "set",
        inputs: { ledger, balances, ...inputs },
    });
    const keptOf = (declared: Declared) => {
        const kept = stack.kept.get(stack.urn(declared));
        if (kept === undefined) throw new Error("nothing kept");
        return kept;
    };
    const memberOf = (key: string) => String((keptOf(set({})).outputs.ids as Record<string, string>)[key]);
    /** What a preview calls on one host: the check of a resource, then its diff. */
    const previewed = async (host: ReturnType<Stack["newHost"]>, declared: Declared) => {
        const { kind, inputs } = declared;
        const kept = keptOf(declared);
        const news = { ...inputs, instance: stack.binding, ownUrn: stack.urn(declared), __provider: "x" };
        const checked = await host[kind].check?.(kept.inputs, news);
        expect(checked?.failures ?? []).to.deep.equal([]);
        return host[kind].diff?.(kept.id, kept.outputs, checked?.inputs);
    };
    const preview = (declared: Declared) => previewed(stack.newHost(), declared);
    const filters = () =>
        server.sandbox
            .requests()
            .filter(({ path, body }) => path === "/balances/filter" && JSON.stringify(body).includes("balance_id"))
            .length;

    const changes: [what: string, change: Bag][] = [
        ["currency", { currency: "EUR" }],
        ["lineage", { identity: "idt_1", trackFundLineage: true }],
        ["strategy", { allocationStrategy: "LIFO" }],
        ["ledger", { ledger: "ldg_other" }],
        ["currency, while its ledger is not known yet", { currency: "EUR", ledger: unknownValue }],
    ];
    for (const [what, change] of changes) {
        it(`is refused by the diff of a balance whose ${what} changes, and not where the change says to forget it`, async () => {
            await stack.up([balance("b")]);
            const { id } = keptOf(balance("b"));
            expect((await preview(balance("b", change)))?.replaces).not.to.deep.equal([]);
            await pay(id);
            expect((await errorOf(preview(balance("b", change)))).message).to.equal(
                `cannot replace balance "b": it (${id}) cannot be removed: money has moved on it (credit 100, debit 0, ` +
                    'in the smallest unit), and its onDelete is "refuseIfUsed". This resource was not changed. ' +
                    'To stop managing it anyway, set onDelete: "forget" together with the change.',
            );
            const forgotten = await preview(balance("b", { ...change, onDelete: "forget" }));
            expect(forgotten?.replaces).not.to.deep.equal([]);
        });
    }

    for (const [what, change, warns] of [
        ["a ledger that is not known yet", { ledger: unknownValue }, true],
        ["a currency that is not known yet", { currency: unknownValue }, true],
        ["a policy that is not known yet", { currency: "EUR", onDelete: unknownValue }, false],
    ] as const) {
        // The value may turn out to be the old one. Without the warning, `up` used to fail only after it had created the new ledger.
        it(`is not refused for ${what}${warns ? ", and warned of" : ""}`, async () => {
            await stack.up([balance("b")]);
            await pay(keptOf(balance("b")).id);
            takeMessages();
            expect((await preview(balance("b", change)))?.replaces).not.to.deep.equal([]);
            const warnings = takeMessages().filter(({ severity }) => severity === "warning");
            expect(
                warnings.map(({ text }) =>
                    /^"pulumi up" will fail if .* really changes: .* money has moved/.test(text),
                ),
            ).to.deep.equal(warns ? [true] : []);
        });
    }

    it("is not reported by a refresh, which compares the other way round and without a check", async () => {
        await stack.up([balance("b"), set({ a: { currency: "USD" } })]);
        const { id, outputs, inputs } = keptOf(balance("b"));
        await pay(id);
        const diff = await stack.newHost().Balance.diff?.(id, outputs, { ...inputs, currency: "EUR" });
        expect(diff?.replaces).to.deep.equal(["currency"]);
    });

    it("is asked about once, however many are replaced, and not again by what follows", async () => {
        const names = Array.from({ length: 30 }, (_, index) => `b${index}`);
        await stack.up(names.map((name) => balance(name)));
        const host = stack.newHost();
        server.sandbox.clearRequests();
        await Promise.all(names.map((name) => previewed(host, balance(name, { currency: "EUR" }))));
        expect(filters()).to.be.at.most(3);
        expect(server.sandbox.requests().filter(({ path }) => path.startsWith("/data/"))).to.deep.equal([]);
    });

    const members: [what: string, kind: Kind, next: () => Declared][] = [
        ["drops a member", "BalanceSet", () => set({ b: { currency: "USD" } })],
        [
            "takes another currency for a member",
            "BalanceSet",
            () => set({ a: { currency: "EUR" }, b: { currency: "USD" } }),
        ],
        ["drops a member beside one that is not known yet", "BalanceSet", () => set({ b: { currency: unknownValue } })],
        [
            "moves to another ledger",
            "BalanceSet",
            () => set({ a: { currency: "USD" }, b: { currency: "USD" } }, { ledger: "ldg_other" }),
        ],
    ];
    for (const [what, , next] of members) {
        it(`is refused by the diff of a set that ${what}`, async () => {
            await stack.up([set({ a: { currency: "USD" }, b: { currency: "USD" } })]);
            expect(await preview(next())).not.to.deep.equal({ changes: false });
            await pay(memberOf("a"));
            expect((await errorOf(preview(next()))).message).to.match(
                new RegExp(
                    `^cannot (update|replace) balance set "set": balance "a" \\(${memberOf("a")}\\) cannot be removed: money .*` +
                        'This set was not changed. To stop managing it anyway, set onDelete: "forget" on the set ' +
                        "together with the change.$",
                ),
            );
        });
    }

    for (const [what, balances] of [
        ["all of them are not known yet", unknownValue],
        ["the member is not known yet", { a: unknownValue }],
        ["the member's currency is not known yet", { a: { currency: unknownValue } }],
        ["only the member's metadata is not known yet", { a: { currency: "USD", metadata: { k: unknownValue } } }],
    ] as const) {
        it(`is not reported of a set where ${what}`, async () => {
            await stack.up([set({ a: { currency: "USD" } })]);
            await pay(memberOf("a"));
            server.sandbox.clearRequests();
            await preview(set(balances as Bag));
            expect(filters()).to.equal(0);
        });
    }

    it("is reported of the same member in every run, the first by order, in few questions", async () => {
        const keys = Array.from({ length: 250 }, (_, index) => `k${index}`);
        await stack.up([set(Object.fromEntries(keys.map((key) => [key, { currency: "USD" }])))]);
        for (const key of ["k240", "k7", "k130"]) await pay(memberOf(key));
        for (let run = 0; run < 3; run++) {
            server.sandbox.trouble({ match: { path: "^/balances/filter$" }, do: { kind: "delayAnswer", ms: 30 } });
            server.sandbox.clearRequests();
            expect((await errorOf(preview(set({})))).message).to.contain(`balance "k7" (${memberOf("k7")})`);
            expect(filters()).to.be.at.most(4);
        }
    });

    it("does not concern what another declared resource manages already", async () => {
        await stack.up([set({ a: { currency: "USD" } }), balance("b")]);
        const [a, b] = [memberOf("a"), keptOf(balance("b")).id];
        await pay(a);
        await pay(b);
        const host = stack.newHost();
        const adopt = async (name: string, id: string) => {
            const news = { adopt: id, instance: stack.binding, ownUrn: stack.urn(balance(name)), __provider: "x" };
            expect((await host.Balance.check?.({}, news))?.failures).to.deep.equal([]);
        };
        await adopt("own", a);
        await adopt("other", b);
        server.sandbox.clearRequests();
        await previewed(host, set({}));
        await previewed(host, balance("b", { currency: "EUR" }));
        expect(filters()).to.equal(0);
    });

    it("is refused by create where its diff could not tell", async () => {
        await stack.up([balance("b")]);
        const kept = keptOf(balance("b"));
        await pay(kept.id);
        const host = stack.newHost();
        await previewed(host, balance("b", { currency: "EUR", onDelete: unknownValue }));
        const { mark: _mark, ...inputs } = kept.inputs;
        const mark = String(kept.inputs.mark).replace(/#.*/, "#0123456789abcdef");
        const error = await errorOf(host.Balance.create({ ...inputs, currency: "EUR", mark }));
        expect(error.message).to.contain("cannot be removed: money has moved on it");
        expect(server.sandbox.balances().filter(({ currency }) => currency === "EUR")).to.deep.equal([]);
    });
});
