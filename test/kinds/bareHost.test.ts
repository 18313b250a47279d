import { expect } from "chai";
import type { Connection } from "../../provider/blnk/connection";
import { balance } from "../../provider/kinds/balance";
import { balanceSet } from "../../provider/kinds/balanceSet/balanceSet";
import type { OperationContext } from "../../provider/kinds/context";
import { GoneJudge } from "../../provider/kinds/goneJudge";
import { ledger } from "../../provider/kinds/ledger";
import type { Lifecycle } from "../../provider/kinds/lifecycle";
import { metadataTag } from "../../provider/kinds/metadataTag";
import { MarkIndex } from "../../provider/marks/markIndex";
import { RefreshReads } from "../../provider/marks/refreshReads";
import { MetadataWriter } from "../../provider/metadata/metadataWriter";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { cloudTo } from "../blnk/connections";

/** A resource as this host stores it: only what a lifecycle returns. */
interface Kept<Inputs, State> {
    readonly id: string;
    readonly inputs: Inputs;
    readonly state: State;
}

/**
 * A host in thirty lines without Pulumi, as a plugin process could be one. It declares things one after another, and chooses
 * their marks itself.
 */
class BareHost {
    private readonly made = new Set<string>();
    readonly warnings: string[] = [];

    constructor(private readonly blnk: Connection) {}

    private get context(): OperationContext {
        const { blnk, made, warnings } = this;
        return {
            blnk,
            server: "inst_sandbox",
            owner: "bare",
            configuredOwner: undefined,
            urn: undefined,
            replacing: undefined,
            seenMarks: new Map(),
            declarations: {
                ownerOf: () => undefined,
                isMade: (id) => made.has(id),
                noteMade: (id) => void made.add(id),
                isDropped: () => false,
                isReleased: () => false,
                noteReleased: () => undefined,
            },
            gone: new GoneJudge(0),
            markIndex: new MarkIndex(blnk, []),
            metadata: new MetadataWriter(),
            refreshReads: new RefreshReads(blnk),
            warn: (text) => void warnings.push(text),
            inform: () => undefined,
            status: () => undefined,
        };
    }

    async create<Inputs extends object, State extends object>(
        kind: Lifecycle<Inputs, State>,
        asked: Partial<Inputs>,
    ): Promise<Kept<Inputs, State>> {
        const { inputs, problems } = kind.check({ inputs: asked, unknown: new Set() });
        expect(problems).to.deep.equal([]);
        const created = await kind.create(this.context, inputs as Inputs);
        return { ...created, inputs: inputs as Inputs };
    }

    async update<Inputs extends object, State extends object>(
        kind: Lifecycle<Inputs, State>,
        { id, inputs: old, state }: Kept<Inputs, State>,
        change: Partial<Inputs>,
    ): Promise<Kept<Inputs, State>> {
        const { inputs, problems } = kind.check({ inputs: { ...old, ...change }, old, unknown: new Set() });
        expect(problems).to.deep.equal([]);
        await kind.preflightUpdate?.(this.context, id, state, inputs);
        return {
            id,
            inputs: inputs as Inputs,
            state: await kind.update(this.context, id, state, inputs as Inputs),
        };
    }

    read<Inputs extends object, State extends object>(
        kind: Lifecycle<Inputs, State>,
        { id, state }: Kept<Inputs, State>,
    ): Promise<State | undefined> {
        return kind.read(this.context, id, state);
    }

    delete<Inputs extends object, State extends object>(
        kind: Lifecycle<Inputs, State>,
        { id, state }: Kept<Inputs, State>,
    ): Promise<void> {
        return kind.delete(this.context, id, state);
    }
}

const mark = (name: string) => `shop/dev/${name}@bare#0123456789abcdef`;

describe("a kind under a host that is not Pulumi's", () => {
    let sandbox: Sandbox;
    let host: BareHost;
    beforeEach(async () => {
        sandbox = await startSandbox();
        host = new BareHost(cloudTo(sandbox));
    });
    afterEach(() => sandbox.stop());

    const ledgers = () => sandbox.ledgers().slice(1);

    it("lives from create to release: all that a lifecycle needs is in its context and its inputs", async () => {
        const made = await host.create(ledger, {
            name: "Customers",
            metadata: { env: "dev" },
            mark: mark("customers"),
        });
        expect(Object.keys(made.state).sort()).to.deep.equal(["createdAt", "mark", "metadata", "name"]);
        const renamed = await host.update(ledger, made, { name: "Clients", metadata: {} });
        expect(await host.read(ledger, renamed)).to.deep.include({ name: "Clients", mark: mark("customers") });
        expect(ledgers().map(({ name, meta_data }) => [name, meta_data])).to.deep.equal([
            ["Clients", { env: null, pulumi: mark("customers") }],
        ]);
        await host.delete(ledger, renamed);
        expect(host.warnings.join("\n")).to.contain(made.id);
        expect(ledgers()).to.have.length(1);
    });

    it("is created once, and taken back by its mark", async () => {
        const first = await host.create(ledger, { name: "Customers", mark: mark("customers") });
        const again = await host.create(ledger, { name: "Customers", mark: mark("customers") });
        expect(again.id).to.equal(first.id);
        expect(ledgers()).to.have.length(1);
    });

    it("and so do a balance, a set and a tag", async () => {
        const { id } = await host.create(ledger, { name: "Customers", mark: mark("customers") });
        const alice = await host.create(balance, { ledger: id, currency: "USD", mark: mark("alice") });
        const set = await host.create(balanceSet, {
            ledger: id,
            balances: { bob: { currency: "EUR" } },
            mark: mark("wallets"),
        });
        const tag = await host.create(metadataTag, { target: alice.id, key: "plan", value: "pro" });
        const held = () => sandbox.balances().filter(({ ledger_id }) => ledger_id === id);
        expect(held().map(({ currency, meta_data }) => [currency, meta_data?.plan])).to.deep.equal([
            ["USD", "pro"],
            ["EUR", undefined],
        ]);
        for (const [kind, kept] of [
            [balance, alice],
            [balanceSet, set],
            [metadataTag, tag],
        ] as const) {
            expect(await host.read(kind as Lifecycle<object, object>, kept)).to.deep.include(kept.state);
        }
        await host.delete(metadataTag, tag);
        await host.delete(balanceSet, set);
        await host.delete(balance, alice);
        expect(held().map(({ meta_data }) => meta_data?.plan)).to.deep.equal([null, undefined]);
    });
});
