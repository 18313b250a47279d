import { expect } from "chai";
import { errorOf } from "../blnk/connections";
import { takeMessages } from "../host/engineOfThisProcess";
import { type Bag, type Declared, type Kept, Stack } from "./stack";
import { type Shop, shop } from "./things";

const rows = () =>
    takeMessages()
        .filter(({ severity }) => severity === "other")
        .map(({ text }) => text);
const OTHER = "store/live/theirs@x7#0123456789abcdef";
const noMark = (id: string) =>
    `the metadata key "pulumi" of ${id} holds a value that is not a mark, and a claim would overwrite it. ` +
    "Set claim: false to manage it without a mark";
const noRoom = (id: string) =>
    new RegExp(
        `the metadata of ${id} would take 6\\d\\d\\d bytes with the mark of this stack; the safe limit is 6144 bytes. ` +
            "Set claim: false to manage it without a mark",
    );

/** A kind of thing that can be adopted. */
interface Adoptable {
    readonly kind: "Ledger" | "Balance" | "BalanceSet";
    /** Creates one without the provider. */
    make(meta_data?: object): Promise<string>;
    /** The resource that adopts it, or declares all of it. `more` are further arguments. */
    adopt(id: string, more?: Bag): Declared;
    whole(more?: Bag): Declared;
    readonly name: string;
}

function adoptables(fixture: Shop): readonly Adoptable[] {
    const { server, ledger } = fixture;
    const balance = async (meta_data: object = {}) => {
        const body = { ledger_id: ledger, currency: "USD", meta_data };
        return String((await server.send("POST", "/balances", body)).balance_id);
    };
    const set = (member: Bag): Declared => ({
        kind: "BalanceSet",
        name: "thing",
        inputs: { ledger, balances: { a: member } },
    });
    return [
        {
            kind: "Ledger",
            async make(meta_data = {}) {
                return String((await server.send("POST", "/ledgers", { name: "There", meta_data })).ledger_id);
            },
            adopt: (adopt, more = {}) => ({ kind: "Ledger", name: "thing", inputs: { adopt, ...more } }),
            whole: (more = {}) => ({ kind: "Ledger", name: "thing", inputs: { name: "There", ...more } }),
            name: "There",
        },
        {
            kind: "Balance",
            make: balance,
            adopt: (adopt, more = {}) => ({ kind: "Balance", name: "thing", inputs: { adopt, ...more } }),
            whole: (more = {}) => ({ kind: "Balance", name: "thing", inputs: { ledger, currency: "USD", ...more } }),
            name: `USD in ${ledger}`,
        },
        {
            kind: "BalanceSet",
            make: balance,
            adopt: (adopt, more = {}) => set({ adopt, ...more }),
            whole: (more = {}) => set({ currency: "USD", ...more }),
            name: `USD in ${ledger}`,
        },
    ];
}

for (const [index, kind] of ["Ledger", "Balance", "BalanceSet"].entries()) {
    const about = kind === "BalanceSet" ? "a: " : "";
    const wrong = kind === "BalanceSet" ? 'balances["a"]: ' : "";
    describe(`a ${kind} that adopts`, () => {
        let fixture: Shop;
        let it_: Adoptable;
        let stack: Stack;
        beforeEach(async () => {
            fixture = await shop();
            it_ = adoptables(fixture)[index] as Adoptable;
            stack = fixture.stack;
            takeMessages();
        });
        afterEach(async () => {
            takeMessages();
            await fixture.stop();
        });
        const says = (id: string, changes: string, mark: string) =>
            `${about}adopts ${id} "${it_.name}"; changes: ${changes}${mark}`;
        const make = async (meta_data?: object) => {
            const id = await it_.make(meta_data);
            fixture.sandbox.clearRequests();
            return id;
        };
        const made = () => fixture.sandbox.writes().filter(({ path }) => /\/(ledgers|balances)$/.test(path));
        const kept = () => stack.kept.get(stack.urn({ kind: it_.kind, name: "thing" })) as Kept;

        it("claims: the mark of this stack is written, and the preview says so", async () => {
            const id = await make({ app: 1 });
            expect(await stack.preview([it_.adopt(id, { metadata: { tier: 1 } })])).to.deep.equal(["created"]);
            expect(rows()).to.deep.equal([says(id, "metadata.tier", "; claims it")]);
            expect(fixture.sandbox.writes()).to.deep.equal([]);
            expect(await stack.up([it_.adopt(id, { metadata: { tier: 1 } })])).to.deep.equal(["created"]);
            expect(fixture.held(id)).to.deep.equal({ app: 1, tier: 1 });
            expect(String(fixture.mark(id)))
                .to.contain("shop/dev/thing")
                .and.to.contain("@k3f9ab#");
            expect(await stack.up([it_.adopt(id, { metadata: { tier: 1 } })])).to.deep.equal(["unchanged"]);
            expect(await stack.refresh()).to.deep.equal(["same"]);
        });

        it("is found by its mark once adopt has left the program and the state is lost: nothing is created twice", async () => {
            const id = await make();
            await stack.up([it_.adopt(id)]);
            expect(await stack.up([it_.whole()])).to.deep.equal(["unchanged"]);
            expect(made()).to.deep.equal([]);
            stack.kept.clear();
            expect(await stack.up([it_.whole()])).to.deep.equal(["created"]);
            expect(made()).to.deep.equal([]);
            expect(JSON.stringify(kept())).to.contain(id);
            expect(await stack.up([it_.whole()])).to.deep.equal(["unchanged"]);
        });

        it("keeps another stack from adopting the same: it is refused, naming the first, in its preview too", async () => {
            const id = await make();
            await stack.up([it_.adopt(id)]);
            for (const [project, name, owner] of [
                ["store", "dev", "k3f9ab"],
                ["shop", "prod", "k3f9ab"],
                ["shop", "dev", "x7"],
            ] as const) {
                const second = new Stack(fixture.server, project, name, `${fixture.identity}/${owner}`);
                const mark = fixture.mark(id);
                fixture.sandbox.clearRequests();
                for (const act of [second.preview.bind(second), second.up.bind(second)]) {
                    expect(await act([it_.adopt(id)])).to.deep.equal(["refused"]);
                    expect(second.problems).to.deep.equal([
                        `${wrong}${id} belongs to another stack: it carries the mark ${mark}. To take it over, remove it ` +
                            `from the program of that stack and set adoptFrom: "${mark}"`,
                    ]);
                }
                expect(fixture.sandbox.writes()).to.deep.equal([]);
                expect(fixture.mark(id)).to.equal(mark);
            }
        });

        it("takes a thing from another stack by adoptFrom, and says from which; that one is refused from then on", async () => {
            const id = await make();
            const first = new Stack(fixture.server, "store", "live", `${fixture.identity}/x7`);
            await first.up([it_.adopt(id)]);
            const mark = String(fixture.mark(id));
            takeMessages();
            expect(await stack.up([it_.adopt(id, { adoptFrom: mark })])).to.deep.equal(["created"]);
            expect(rows()).to.deep.equal([says(id, "none", `; takes over from ${mark}`)]);
            const now = fixture.mark(id);
            expect(now).not.to.equal(mark);
            expect(await stack.up([it_.adopt(id)])).to.deep.equal(["unchanged"]);
            const changed = it_.adopt(id, { metadata: { tier: 1 } });
            expect((await errorOf(first.up([changed]))).message).to.contain(`it carries the mark ${now}`);
        });

        it("with claim: false leaves the thing without a mark, and claims it once that has left the program", async () => {
            const id = await make();
            const plain = it_.adopt(id, { claim: false });
            expect(await stack.up([plain])).to.deep.equal(["created"]);
            expect(rows()).to.deep.equal([says(id, "none", "")]);
            expect(fixture.sandbox.writes()).to.deep.equal([]);
            expect(await stack.up([plain])).to.deep.equal(["unchanged"]);
            expect(await stack.refresh()).to.deep.equal(["same"]);
            expect(await stack.up([it_.adopt(id, { claim: false, metadata: { tier: 1 } })])).to.deep.equal(["updated"]);
            expect(fixture.rowOf(id)).to.deep.equal({ tier: 1 });
            takeMessages();
            expect(await stack.up([it_.adopt(id, { metadata: { tier: 1 } })])).to.deep.equal(["updated"]);
            expect(rows()).to.deep.equal([kind === "BalanceSet" ? "claims a" : `claims it (${id})`]);
            expect(String(fixture.mark(id))).to.contain("shop/dev/thing");
            expect(await stack.up([it_.adopt(id, { metadata: { tier: 1 } })])).to.deep.equal(["unchanged"]);
            // A claimed thing stays claimed.
            expect(await stack.up([it_.adopt(id, { claim: false, metadata: { tier: 1 } })])).to.deep.equal([
                "unchanged",
            ]);
        });

        it("of an earlier version is claimed by the next up, as an update that says so; then nothing changes", async () => {
            const id = await make({ app: 1 });
            const rival = new Stack(fixture.server, "store", "live", `${fixture.identity}/x7`);
            for (const it of [stack, rival]) await it.up([it_.adopt(id, { claim: false })]);
            takeMessages();
            expect(await stack.preview([it_.adopt(id)])).to.deep.equal(["updated"]);
            expect(rows()).to.deep.equal([kind === "BalanceSet" ? "claims a" : `claims it (${id})`]);
            expect(fixture.rowOf(id)).to.deep.equal({ app: 1 });
            expect(await stack.up([it_.adopt(id)])).to.deep.equal(["updated"]);
            const mark = fixture.mark(id);
            expect(fixture.rowOf(id)).to.deep.equal({ app: 1, pulumi: mark });
            expect(await stack.up([it_.adopt(id)])).to.deep.equal(["unchanged"]);
            // The second of two stacks that adopted it is refused, and rewrites nothing.
            for (const act of [rival.preview.bind(rival), rival.up.bind(rival)]) {
                expect((await errorOf(act([it_.adopt(id)]))).message).to.contain(`it carries the mark ${mark}`);
            }
            expect(fixture.mark(id)).to.equal(mark);
        });

        for (const [what, meta_data, sentence] of [
            ["no room for a mark", { app: "x".repeat(6120) }, noRoom],
            ["something under the key of marks that is none", { pulumi: { of: "an application" } }, noMark],
            ["a text under the key of marks that is none", { pulumi: "theirs" }, noMark],
        ] as const) {
            it(`is refused where there is ${what}, with the advice to leave it unclaimed, which works`, async () => {
                const id = await make(meta_data);
                for (const act of [stack.preview.bind(stack), stack.up.bind(stack)]) {
                    expect(await act([it_.adopt(id)])).to.deep.equal(["refused"]);
                    expect(stack.problems.join("\n")).to.match(new RegExp(sentence(id)));
                }
                expect(await stack.up([it_.adopt(id, { claim: false })])).to.deep.equal(["created"]);
                expect(fixture.rowOf(id)).to.deep.equal(meta_data);
                // As a state of an earlier version is claimed.
                for (const act of [stack.preview.bind(stack), stack.up.bind(stack)]) {
                    expect((await errorOf(act([it_.adopt(id)]))).message).to.match(new RegExp(sentence(id)));
                }
                expect(fixture.sandbox.writes()).to.deep.equal([]);
                expect(fixture.rowOf(id)).to.deep.equal(meta_data);
            });
        }

        it("with claim: false writes no mark of another stack away", async () => {
            const id = await make({ pulumi: OTHER });
            expect(await stack.up([it_.adopt(id, { claim: false, adoptFrom: OTHER })])).to.deep.equal(["refused"]);
            expect(stack.problems).to.deep.equal([
                `${wrong}adoptFrom rewrites the mark of another stack, but claim: false forbids that: remove one of them`,
            ]);
            expect(fixture.mark(id)).to.equal(OTHER);
        });

        it("must adopt for claim: false", async () => {
            expect(await stack.up([it_.whole({ claim: false })])).to.deep.equal(["refused"]);
            expect(stack.problems.join()).to.contain("claim: false needs adopt");
        });
    });
}

describe("the General Ledger", () => {
    let fixture: Shop;
    beforeEach(async () => {
        fixture = await shop();
        const { balance_id } = await fixture.server.send("POST", "/balances", {
            ledger_id: fixture.ledger,
            currency: "USD",
        });
        await fixture.server.send("POST", "/transactions", {
            amount: 5,
            precision: 100,
            currency: "USD",
            reference: "r1",
            source: "@Revenue",
            destination: balance_id,
            description: "opening",
            allow_overdraft: true,
            skip_queue: true,
        });
        takeMessages();
    });
    afterEach(async () => {
        takeMessages();
        await fixture.stop();
    });
    const revenue = () => {
        const id = fixture.sandbox.balances().find(({ indicator }) => indicator === "@Revenue")?.balance_id;
        if (id === undefined) throw new Error("the payment has made no @Revenue");
        return id;
    };

    it("has balances that can be adopted, claimed, changed and left: the second and third up change nothing", async () => {
        const { stack } = fixture;
        const adopted = (more: Bag = {}): Declared => ({
            kind: "Balance",
            name: "rev",
            inputs: { adopt: revenue(), ...more },
        });
        expect(await stack.up([adopted()])).to.deep.equal(["created"]);
        expect(String(fixture.mark(revenue()))).to.contain("shop/dev/rev@");
        for (let again = 0; again < 3; again++) expect(await stack.up([adopted()])).to.deep.equal(["unchanged"]);
        expect(await stack.refresh()).to.deep.equal(["same"]);
        expect(await stack.up([adopted({ metadata: { of: "sales" } })])).to.deep.equal(["updated"]);
        const declared = { ledger: "general_ledger_id", currency: "USD", metadata: { of: "sales" } };
        expect(await stack.up([adopted(declared)])).to.deep.equal(["unchanged"]);
        for (const inputs of [{}, declared]) {
            expect(await stack.up([{ kind: "Balance", name: "rev", inputs }])).to.deep.equal(["refused"]);
            expect(stack.problems.join()).to.contain("adopt cannot be removed: balances of the General Ledger");
        }
        expect(await stack.up([adopted({ ...declared, onDelete: "forget" })])).to.deep.equal(["updated"]);
        await stack.destroy();
        expect([...stack.kept]).to.deep.equal([]);
    });

    it("can be adopted itself, and is never claimed: it takes no metadata", async () => {
        const { stack } = fixture;
        const ledger: Declared = { kind: "Ledger", name: "general", inputs: { adopt: "general_ledger_id" } };
        expect(await stack.up([ledger])).to.deep.equal(["created"]);
        expect(rows().join()).to.match(/; changes: none$/);
        expect(await stack.up([ledger])).to.deep.equal(["unchanged"]);
        expect(await stack.refresh()).to.deep.equal(["same"]);
    });
});
