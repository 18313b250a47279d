import { expect } from "chai";
import { errorOf } from "../blnk/connections";
import { HASTY } from "../blnk/policies";
import { sandboxServer, type TestServer } from "../kinds/servers";
import { type Declared, type Kind, Stack } from "../kinds/stack";
import { isIdentityRead } from "../sandbox/client";
import { takeMessages } from "./engineOfThisProcess";

const refused = (recorded: string, configured: string) =>
    `this stack's resources live in ${recorded}, but the configuration names ${configured}; nothing was changed. ` +
    `Configure ${recorded} again (refresh and destroy use the configuration of the last "pulumi up", unless you pass ` +
    `--run-program). If its database moved, run "pulumi config set blnk:movedFrom ${recorded}". ` +
    "To use another instance, create another stack.";

describe("a stack whose configuration names another server", () => {
    let server: Awaited<ReturnType<typeof sandboxServer>>;
    let stack: Stack;
    let declared: Declared[];
    beforeEach(async () => {
        server = await sandboxServer("cloud");
        server.sandbox.addInstance("inst_other");
        stack = new Stack(server, "shop", "dev");
        const own: Declared = { kind: "Instance", name: "blnk", inputs: { stack: "shop/dev" } };
        await stack.up([own]);
        const owner = stack.kept.get(stack.urn(own))?.id;
        stack.binding = `inst_sandbox/${owner}`;
        const ledger: Declared = { kind: "Ledger", name: "l", inputs: { name: "l" } };
        await stack.up([own, ledger]);
        const id = stack.kept.get(stack.urn(ledger))?.id;
        declared = [
            own,
            ledger,
            { kind: "Balance", name: "b", inputs: { ledger: id, currency: "USD" } },
            { kind: "MetadataTag", name: "t", inputs: { target: id, key: "k", value: 1 } },
        ];
        await stack.up(declared);
        stack.reach = { ...server, config: { ...server.config, "blnk:instanceId": "inst_other" } };
        server.requests?.();
        takeMessages();
    });
    afterEach(async () => {
        takeMessages();
        await server.stop();
    });

    for (const kind of ["Instance", "Ledger", "Balance", "MetadataTag"] as const) {
        it(`is refused by the check of ${kind}, before any request`, async () => {
            const one = declared.filter((resource) => resource.kind === kind);
            const before = [...stack.kept];
            expect(await stack.up(one)).to.deep.equal(["refused"]);
            expect(stack.problems).to.deep.equal([refused("inst_sandbox", "inst_other")]);
            expect([...stack.kept]).to.deep.equal(before);
            expect(server.requests?.()).to.deep.equal([]);
        });

        for (const method of ["create", "read", "update", "delete"] as const) {
            it(`is refused by the ${method} of ${kind}, before any request`, async () => {
                const kept = [...stack.kept.values()].find((it) => it.kind === kind);
                if (kept === undefined) throw new Error("nothing kept");
                const error = await errorOf(call(server, stack, kind, method, kept));
                expect(error.message).to.match(new RegExp(`^cannot ${method} `));
                expect(error.message).to.contain(refused("inst_sandbox", "inst_other"));
                expect(error.stack).to.equal("");
                expect(server.requests?.()).to.deep.equal([]);
            });
        }
    }

    it("a refresh and a destroy are refused, and drop nothing", async () => {
        const before = [...stack.kept];
        for (const act of [() => stack.refresh(), () => stack.destroy()]) {
            expect((await errorOf(act())).message).to.contain(refused("inst_sandbox", "inst_other"));
            expect([...stack.kept]).to.deep.equal(before);
        }
        expect(server.requests?.()).to.deep.equal([]);
    });

    it("is bound anew by movedFrom, and nothing is replaced or written", async () => {
        const config = { ...stack.reach.config, "blnk:movedFrom": "inst_sandbox" };
        stack.reach = { ...server, config };
        stack.binding = stack.binding.replace("inst_sandbox", "inst_other");
        const outcomes = await stack.up(declared.filter(({ kind }) => kind === "Instance"));
        expect(outcomes).to.deep.equal(["updated"]);
        const instance = [...stack.kept.values()].find(({ kind }) => kind === "Instance");
        expect(instance?.outputs.server).to.equal("inst_other");
    });
});

describe("a stack that is bound anew", () => {
    it("replaces nothing: every thing is updated without a write", async () => {
        const server = await sandboxServer("core");
        const stack = new Stack(server, "shop", "dev", "core_before/k3f9ab");
        const moved = { ...server.config, "blnk:movedFrom": "core_before" };
        stack.reach = { ...server, config: moved };
        const ledger: Declared = { kind: "Ledger", name: "l", inputs: { name: "l" } };
        await stack.up([ledger]);
        const id = stack.kept.get(stack.urn(ledger))?.id;
        const declared: Declared[] = [
            ledger,
            { kind: "Balance", name: "b", inputs: { ledger: id, currency: "USD" } },
            { kind: "MetadataTag", name: "t", inputs: { target: id, key: "k", value: 1 } },
        ];
        await stack.up(declared);
        const ids = [...stack.kept.values()].map((kept) => kept.id);
        server.requests?.();
        const probe = new Stack(server, "shop", "probe");
        await probe.up([{ kind: "Instance", name: "blnk", inputs: { stack: "shop/probe" } }]);
        stack.binding = `${[...probe.kept.values()][0]?.outputs.server}/k3f9ab`;
        server.sandbox.clearRequests();
        expect(await stack.up(declared)).to.deep.equal(["updated", "updated", "updated"]);
        expect([...stack.kept.values()].map((kept) => kept.id)).to.deep.equal(ids);
        expect(server.sandbox.writes()).to.deep.equal([]);
        await server.stop();
    });
});

for (const mode of ["cloud", "core"] as const) {
    describe(`a server that a check asks first (${mode})`, () => {
        let server: Awaited<ReturnType<typeof sandboxServer>>;
        let stack: Stack;
        const ledger: Declared = { kind: "Ledger", name: "l", inputs: { name: "l" } };
        const url = () => String(server.config[mode === "cloud" ? "blnk:cloudUrl" : "blnk:coreUrl"]);
        const checks = (host: ReturnType<Stack["newHost"]>, count: number) =>
            Promise.all(
                Array.from({ length: count }, async (_, index) => {
                    const news = { name: "l", instance: stack.binding, ownUrn: `${stack.urn(ledger)}${index}` };
                    const { failures = [] } = (await host.Ledger.check?.({}, news)) ?? {};
                    return failures.map(({ reason }) => reason);
                }),
            );
        const reads = () =>
            server.sandbox
                .requests()
                .filter(({ path, body }) => path === "/ledgers/general_ledger_id" || isIdentityRead(body)).length;
        beforeEach(async () => {
            server = await sandboxServer(mode);
            stack = new Stack(server, "shop", "dev", "inst_sandbox/k3f9ab");
            if (mode === "core") {
                const probe = new Stack(server, "shop", "probe");
                await probe.up([{ kind: "Instance", name: "blnk", inputs: { stack: "shop/probe" } }]);
                stack.binding = `${[...probe.kept.values()][0]?.outputs.server}/k3f9ab`;
            }
            server.sandbox.clearRequests();
        });
        afterEach(() => server.stop());

        it("is asked once, whatever is checked, and nothing more", async () => {
            const host = stack.newHost();
            expect((await checks(host, 20)).flat()).to.deep.equal([]);
            expect((await checks(host, 20)).flat()).to.deep.equal([]);
            expect(reads()).to.equal(1);
        });

        it("that cannot be reached is refused in the sentence of every other operation", async () => {
            await server.sandbox.stop();
            // A connection that was kept open fails first.
            stack.policy = { ...HASTY, firstWaitMs: 20, longestWaitMs: 20, unreachableBudgetMs: 300 };
            const [failures] = await checks(stack.newHost(), 1);
            const refusal = `${url()} cannot be reached (ECONNREFUSED). Check blnk:${mode}Url and the network.`;
            expect(failures).to.deep.equal([refusal]);
            expect(takeMessages()).to.deep.equal([]);
            const host = stack.newHost();
            const error = await errorOf(host.Ledger.create({ name: "l", instance: stack.binding, ownUrn: "" }));
            expect(error.message).to.contain(refusal);
        });

        it("that was in trouble is asked again", async () => {
            server.sandbox.trouble({ do: { kind: "answer", status: 401 } });
            stack.policy = HASTY;
            const host = stack.newHost();
            const [failures] = await checks(host, 1);
            expect(failures).to.have.length(1);
            expect(failures?.[0]).to.contain("(401)");
            expect(await checks(host, 1)).to.deep.equal([[]]);
            expect(reads()).to.equal(2);
        });

        it("that is slow is waited for: slow is not unreachable", async () => {
            server.sandbox.trouble({ do: { kind: "delay", ms: 2500 } });
            expect((await checks(stack.newHost(), 3)).flat()).to.deep.equal([]);
            expect(takeMessages()).to.deep.equal([]);
        });

        it("that restarts is waited for", async () => {
            server.sandbox.trouble({ times: 3, do: { kind: "dropBefore" } });
            expect((await checks(stack.newHost(), 3)).flat()).to.deep.equal([]);
            expect(reads()).to.equal(4);
        });
    });
}

/** One operation, without the check that comes before it. */
async function call(
    server: TestServer,
    stack: Stack,
    kind: Kind,
    method: "create" | "read" | "update" | "delete",
    kept: { id: string; inputs: object; outputs: object },
): Promise<unknown> {
    const hosted = stack.newHost()[kind];
    server.requests?.();
    switch (method) {
        case "create":
            return hosted.create(kept.inputs);
        case "read":
            return hosted.read?.(kept.id, kept.outputs);
        case "update":
            return hosted.update?.(kept.id, kept.outputs, kept.inputs);
        case "delete":
            return hosted.delete?.(kept.id, kept.outputs);
    }
}
