import { expect } from "chai";
import { takeMessages } from "../host/engineOfThisProcess";
import { sandboxServer, type TestServer } from "./servers";
import { type Bag, type Declared, Stack } from "./stack";

describe("several resources of one program", () => {
    let server: Awaited<ReturnType<typeof sandboxServer>>;
    let stack: Stack;
    let ledger: string;
    beforeEach(async () => {
        server = await sandboxServer("cloud");
        stack = new Stack(server, "shop", "dev", "inst_sandbox/k3f9ab");
        ledger = String((await server.send("POST", "/ledgers", { name: "l" })).ledger_id);
        take(server);
    });
    afterEach(() => server.stop());

    const tag = (name: string, value: unknown, key = "team"): Declared => ({
        kind: "MetadataTag",
        name,
        inputs: { target: ledger, key, value },
    });
    const held = async () => ((await server.held(ledger)) as { meta_data: Bag | null }).meta_data;
    const writes = () => server.sandbox.writes().map(({ body }) => body);

    it("a tag that moves to another resource keeps its value: the old resource only stops managing it", async () => {
        await stack.up([tag("old", "pay")]);
        take(server);
        expect(await stack.up([tag("new", "pay")])).to.deep.equal(["created"]);
        expect(await held()).to.deep.equal({ team: "pay" });
        expect(writes()).to.deep.equal([]);
        expect(takeMessages().map(({ text }) => text)).to.deep.equal([
            `metadata tag "team" on ${ledger} is now managed as MetadataTag "new"`,
        ]);
    });

    it("two tags on one key are refused, naming both", async () => {
        expect(await stack.up([tag("a", 1), tag("b", 2)])).to.deep.equal(["created", "refused"]);
        expect(stack.problems).to.deep.equal([
            `the metadata key "team" of ${ledger} is declared twice: by MetadataTag "a" and by MetadataTag "b"; keep it in one of them`,
        ]);
        expect(await held()).to.deep.equal({ team: 1 });
    });

    it("a tag on a key that the ledger itself declares is refused, naming both", async () => {
        const own: Declared = { kind: "Ledger", name: "l", inputs: { name: "l", metadata: { team: "a" } } };
        await stack.up([own]);
        ledger = stack.kept.get(stack.urn(own))?.id ?? "";
        expect(await stack.up([own, tag("t", "b")])).to.deep.equal(["unchanged", "refused"]);
        expect(stack.problems).to.deep.equal([
            `the metadata key "team" of ${ledger} is declared twice: by Ledger "l" and by MetadataTag "t"; keep it in one of them`,
        ]);
        expect(await held()).to.include({ team: "a" });
    });

    it("two keys of one target do not lose each other", async () => {
        await stack.up([tag("a", 1, "one"), tag("b", 2, "two")]);
        expect(await held()).to.deep.equal({ one: 1, two: 2 });
    });

    it("a key that passes from a tag to the ledger's own metadata keeps its value", async () => {
        const own = (metadata: Bag): Declared => ({ kind: "Ledger", name: "l", inputs: { name: "l", metadata } });
        await stack.up([own({})]);
        ledger = stack.kept.get(stack.urn(own({})))?.id ?? "";
        await stack.up([own({}), tag("t", "pay")]);
        await stack.up([own({ team: "pay" })]);
        expect(await held()).to.include({ team: "pay" });
    });

    it("a key that passes from the ledger's own metadata to a tag keeps its value", async () => {
        const own = (metadata: Bag): Declared => ({ kind: "Ledger", name: "l", inputs: { name: "l", metadata } });
        await stack.up([own({ team: "pay" })]);
        ledger = stack.kept.get(stack.urn(own({})))?.id ?? "";
        await stack.up([own({}), tag("t", "pay")]);
        expect(await held()).to.include({ team: "pay" });
    });

    it("the same ledger twice in a program is two ledgers, with marks of their own", async () => {
        const twin = (name: string): Declared => ({ kind: "Ledger", name, inputs: { name: "Wallets" } });
        await stack.up([twin("a"), twin("b")]);
        const marks = server.sandbox.ledgers().flatMap(({ meta_data }) => meta_data?.pulumi ?? []);
        expect(new Set(marks).size).to.equal(2);
    });
});

function take(server: TestServer): void {
    server.requests?.();
    takeMessages();
}
