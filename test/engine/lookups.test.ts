import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { programIn } from "../../tools/program";
import { EngineStack, type Outcome } from "../engines/engineStack";
import { core } from "../sandbox/client";
import { pay } from "./stage";

describe("look-ups under the real engine", () => {
    let sandbox: Sandbox;
    let stack: EngineStack | undefined;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(async () => {
        stack?.close();
        stack = undefined;
        await sandbox.stop();
    });

    const open = async (program: PulumiFn) => {
        stack = await EngineStack.open(program, {
            config: { "blnk:instanceId": sandbox.instance, "blnk:cloudUrl": sandbox.url },
            environment: { BLNK_ACCESS_TOKEN: sandbox.token },
        });
        return stack;
    };
    const ledger = async (name: string, meta_data?: object): Promise<string> =>
        (await core(sandbox, "POST", "/ledgers", { name, meta_data })).body.ledger_id;
    const balance = async (body: object): Promise<string> =>
        (await core(sandbox, "POST", "/balances", body)).body.balance_id;
    const done = (outcome: Outcome) => {
        expect(outcome.ok, outcome.text).to.equal(true);
        return outcome;
    };
    const refused = (outcome: Outcome, ...words: string[]) => {
        expect(outcome.ok, outcome.text).to.equal(false);
        for (const word of words) expect(outcome.text).to.contain(word);
        expect(outcome.text).not.to.match(/^\s+at .*:\d+/m);
    };
    const changed = () =>
        sandbox.writes().filter(({ path, status = 0 }) => !path.endsWith("/filter") && status >= 200 && status < 300);

    it("the plain forms answer in the preview of a new stack, in up, and in the next one", async () => {
        const treasury = await ledger("Treasury", { team: "finance" });
        const float = await balance({ ledger_id: treasury, currency: "EUR", meta_data: { purpose: "float" } });
        sandbox.clearRequests();
        const seen: unknown[] = [];
        const test = await open(async () => {
            const found = await blnk.getLedger({ name: "Treasury", metadata: { team: "finance" } });
            const eur = await blnk.getBalance({ ledger: found, metadata: { purpose: "float" } });
            const same = await blnk.getLedger({ name: "Treasury", metadata: { team: "finance" } });
            seen.push([found.id, eur.id, eur.currency, eur.identity, same.id]);
            const own = new blnk.Balance("payroll", { ledger: found, currency: "USD" });
            new blnk.MetadataTag("owner", { target: eur, key: "owner", value: "payroll" });
            return { ledger: own.ledger };
        });
        done(await test.preview());
        expect(changed()).to.deep.equal([]);
        expect(done(await test.up()).changes).to.deep.equal({ create: 4 });
        expect(test.outputs()).to.deep.equal({ ledger: treasury });
        expect(changed().map(({ method, path }) => `${method} ${path}`)).to.have.members([
            "POST /proxy/balances",
            `POST /proxy/${float}/metadata`,
        ]);
        sandbox.clearRequests();
        // The balance has changed since it was read: it has been tagged.
        expect(done(await test.up()).changes).to.deep.equal({ same: 4, read: 1 });
        expect(new Set(seen.map(String))).to.have.length(1);
        expect(seen[0]).to.deep.equal([treasury, float, "EUR", undefined, treasury]);
        expect(changed()).to.deep.equal([]);
        const states = [...test.state().values()].filter(({ external }) => external);
        expect(states.map(({ id }) => id)).to.have.members([treasury, float]);
    });

    it("the output forms answer where the query is known, and stay unknown in a preview where it is not", async () => {
        const test = await open(async () => {
            const own = new blnk.Ledger("own");
            const found = blnk.getLedgerOutput({ id: own.id });
            const inIt = new blnk.Balance("usd", { ledger: own, currency: "USD" });
            const balance = blnk.getBalanceOutput(
                { ledger: own, currency: inIt.currency, id: undefined },
                { parent: inIt },
            );
            return {
                name: found.name,
                id: found.id,
                own: own.id,
                metadata: found.metadata,
                currency: balance.currency,
            };
        });
        done(await test.preview());
        done(await test.up());
        expect(test.outputs().name).to.equal("own");
        expect(test.outputs().id).to.equal(test.outputs().own);
        expect(test.outputs().currency).to.equal("USD");
        done(await test.up());
    });

    it("that find nothing, or several, end a preview and an up in one sentence", async () => {
        const ids = [await ledger("Twice"), await ledger("Twice")];
        const program = (name: string) => async () => {
            const found = await blnk.getLedger({ name });
            return { id: found.id };
        };
        const test = await open(program("Nobody's"));
        const none = `cannot look up ledger with name "Nobody's": no match in inst_sandbox.`;
        const preview = await test.preview();
        refused(preview, none);
        refused(await test.up(), none);
        test.program(program("Twice"));
        refused(await test.up(), "found 2 matches in inst_sandbox, expected one", ...ids);
        const inPart = async () => {
            new blnk.Ledger("own", { name: "Nobody's either" });
            return { name: blnk.getLedgerOutput({ name: pulumi.output("Nobody's either") }).name };
        };
        test.program(inPart);
        refused(await test.preview(), `cannot look up ledger with name "Nobody's either": no match in`);
    });

    it("a refresh sees what was renamed, drops what is gone, and does not ask the query again", async () => {
        const id = await ledger("Treasury");
        const program = (name: string) => async () => {
            const found = await blnk.getLedger({ name });
            return { id: found.id };
        };
        const test = await open(program("Treasury"));
        done(await test.up());
        done(await test.refresh());
        sandbox.editLedger(id, { name: "Treasury 2" });
        done(await test.refresh());
        done(await test.program(program("Treasury 2")).up());
        sandbox.forget(id);
        done(await test.refresh());
        expect([...test.state().values()].filter(({ external }) => external)).to.deep.equal([]);
        refused(await test.up(), "no match in inst_sandbox");
        done(await test.destroy());
    });

    it("of an explicit provider ask its server", async () => {
        sandbox.addInstance("inst_eu");
        const eu = await fetch(`${sandbox.url}/proxy/ledgers?instance_id=inst_eu`, {
            method: "POST",
            headers: { authorization: `Bearer ${sandbox.token}` },
            body: JSON.stringify({ name: "Treasury" }),
        });
        const { ledger_id } = (await eu.json()) as { ledger_id: string };
        const here = await ledger("Treasury");
        const test = await open(async () => {
            const provider = new blnk.Provider("eu", {
                instanceId: "inst_eu",
                cloudUrl: sandbox.url,
                accessToken: sandbox.token,
            });
            const found = await blnk.getLedger({ name: "Treasury" }, { provider });
            const own = await blnk.getLedger({ name: "Treasury" });
            return { eu: found.id, here: own.id };
        });
        done(await test.preview());
        done(await test.up());
        expect(test.outputs()).to.deep.equal({ eu: ledger_id, here });
    });

    it("get hands out what there is, in the preview of a new stack too", async () => {
        const id = await ledger("Treasury", { team: "finance" });
        const test = await open(async () => {
            const found = blnk.Ledger.get("treasury", id);
            return { name: found.name, metadata: found.metadata };
        });
        done(await test.preview());
        done(await test.up());
        expect(test.outputs()).to.deep.equal({ name: "Treasury", metadata: { team: "finance" } });
    });

    it("the example does what it says", async () => {
        const treasury = await ledger("Treasury", { team: "finance" });
        const reserves = await ledger("Reserves");
        const reserve = await balance({ ledger_id: reserves, currency: "EUR" });
        const funded = await balance({ ledger_id: reserves, currency: "USD" });
        await pay(sandbox, funded);
        const test = await open(programIn(resolve(__dirname, "../../examples/lookups")));
        done(await test.preview());
        done(await test.up());
        const { payrollId: _payroll, ...outputs } = test.outputs();
        expect(outputs).to.deep.equal({
            payrollLedger: treasury,
            reservesName: "Reserves",
            reserveId: reserve,
            legacyId: "none",
            reserveCurrencies: ["EUR", "USD"],
        });
        const world = sandbox.balances().find(({ indicator }) => indicator === "@world");
        expect(world?.meta_data).to.deep.equal({ owner: "treasury" });
    });
});
