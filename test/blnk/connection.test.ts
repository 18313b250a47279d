import { createServer } from "node:net";
import { expect } from "chai";
import { Connection } from "../../provider/blnk/connection";
import { createLedger, ledgers } from "../../provider/blnk/ledgers";
import { writeMetadata } from "../../provider/blnk/metadata";
import { filterRecords } from "../../provider/blnk/records";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { asked, cloudTo, coreSettings, coreTo, errorOf, get } from "./connections";
import { HASTY } from "./policies";

describe("what a connection to Blnk Cloud may do", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    const lacking = (scope: string) =>
        `the access token lacks the scope ${scope} (403). Give it that scope, or another token to blnk:accessToken.`;

    it("a 403 names the scope that is missing", async () => {
        sandbox.addToken("reader_token", ["data:read"]);
        sandbox.addToken("writer_token", ["proxy:write"]);
        const reader = cloudTo(sandbox, { credential: "reader_token" });
        const writer = cloudTo(sandbox, { credential: "writer_token" });
        const refused = [
            await errorOf(createLedger(reader, { name: "n", meta_data: {} })),
            await errorOf(filterRecords(writer, ledgers, [])),
            await errorOf(get(reader, "/balances/bln_1/lineage")),
        ];
        expect(refused.map(({ message }) => message)).to.deep.equal(
            ["proxy:write", "data:read", "proxy:read"].map(lacking),
        );
        for (const error of refused) expect(error).to.include({ fault: "forbidden", status: 403 });
        expect(sandbox.ledgers()).to.have.length(1);
    });

    it("an unknown instance is named, and so is the address", async () => {
        const connection = cloudTo(sandbox, { instanceId: "inst_other" });
        for (const attempt of [
            () => createLedger(connection, { name: "n", meta_data: {} }),
            () => filterRecords(connection, ledgers, []),
        ]) {
            const error = await errorOf(attempt());
            expect(error.message).to.equal(
                `${sandbox.url} does not know what was asked (404). Check that blnk:cloudUrl and the ` +
                    `instance "inst_other" are right, and that this Blnk Cloud forwards the route.`,
            );
            expect(error).to.include({ fault: "not found" });
        }
    });

    it("a route that the proxy does not forward is told as such", async () => {
        sandbox.unforwarded("POST /ledgers");
        const error = await errorOf(createLedger(cloudTo(sandbox), { name: "n", meta_data: {} }));
        expect(error.message).to.match(/\(404\)\. .* forwards the route\.$/);
    });
});

describe("what a connection to a Core may do", () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(() => sandbox.stop());

    it("a 403 asks for the master key, in whose place a scoped key stands", async () => {
        sandbox.addCoreKey("scoped_key", ["*:*"]);
        const connection = coreTo(sandbox, { credential: "scoped_key" });
        const error = await errorOf(writeMetadata(connection, "ldg_1", {}));
        expect(error.message).to.equal(
            "Blnk does not allow this to the key (403): Unknown resource type. Give the instance's master key to blnk:coreKey.",
        );
        expect(error).to.include({ fault: "forbidden", mayHaveActed: false });
    });

    it("without a key none is sent", async () => {
        const { credential: _none, ...settings } = coreSettings(sandbox);
        const error = await errorOf(get(new Connection(settings, HASTY), "/ledgers"));
        expect(error.message).to.equal("Blnk refused the key (401). Check blnk:coreKey.");
        expect(asked(sandbox)).to.deep.equal([["GET", "/ledgers"]]);
    });

    it("a 404 without Blnk's code is a wrong address", async () => {
        const error = await errorOf(get(coreTo(sandbox), "/nonsense"));
        expect(error.message).to.equal(`${sandbox.coreUrl} does not know what was asked (404). Check blnk:coreUrl.`);
    });
});

describe("a server that accepts connections and never speaks", () => {
    it("is given up at the time limit", async () => {
        const silent = createServer(() => undefined);
        await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
        const { port } = silent.address() as { port: number };
        const sandbox = await startSandbox();
        const error = await errorOf(
            get(coreTo(sandbox, { url: `http://127.0.0.1:${port}`, timeoutMs: 100 }), "/ledgers"),
        );
        expect(error).to.include({ fault: "timeout", mayHaveActed: false });
        silent.close();
        await sandbox.stop();
    });
});
