import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { handler } from "../../provider/wire/handlers";
import { startSandbox } from "../../sandbox/sandbox";
import { errorOf } from "../blnk/connections";
import { PROGRAM, startDynamicHost } from "./dynamicHost";
import { instanceHandlerOfAProgram } from "./instanceHandler";

describe("the directory of a program", () => {
    it("where pulumi-blnk cannot be found gets one sentence, from the Instance that comes first", async () => {
        const directory = realpathSync(mkdtempSync(join(tmpdir(), "blnk-program-")));
        const modules = join(require.resolve("@pulumi/pulumi/package.json"), "../../..");
        const host = await startDynamicHost({
            directory,
            config: {},
            environment: { NODE_PATH: join(modules, "@nowhere") },
        });
        const __provider = await instanceHandlerOfAProgram();
        const error = await errorOf(host.check({}, { stack: "shop/dev", __provider }));
        expect(error.message).to.equal(
            `2 UNKNOWN: pulumi-blnk cannot be found from the program's directory ${directory}. ` +
                'Run "npm install pulumi-blnk" there.',
        );
        expect(host.printed()).not.to.match(/\n\s+at /);
        await host.stop();
        rmSync(directory, { recursive: true });
    });

    it("where it can be found is asked for each kind by its constant name", async () => {
        const sandbox = await startSandbox();
        const host = await startDynamicHost({
            directory: PROGRAM,
            config: { "blnk:coreUrl": sandbox.coreUrl, "blnk:coreKey": sandbox.coreKey },
        });
        for (const kind of ["Ledger", "Balance", "MetadataTag", "Instance"]) {
            const { failures } = await host.check({}, { __provider: handler(kind) });
            expect(failures.length, kind).to.be.greaterThan(0);
        }
        const __provider = await instanceHandlerOfAProgram();
        expect((await host.check({}, { stack: "shop/dev", __provider })).failures).to.deep.equal([]);
        await host.stop();
        await sandbox.stop();
    });

    it("whose settings do not add up gets one sentence from every method, and no stack", async () => {
        const host = await startDynamicHost({ directory: PROGRAM, config: {} });
        const __provider = await instanceHandlerOfAProgram();
        const bag = { stack: "shop/dev", server: "inst_a", __provider };
        const none = "no Blnk server is configured.";
        expect((await host.check({}, bag)).failures.map(({ reason }) => reason.slice(0, none.length))).to.deep.equal([
            none,
        ]);
        for (const attempt of [
            host.diff("k3f9ab", bag, bag),
            host.create(bag),
            host.read("k3f9ab", bag),
            host.update("k3f9ab", bag, bag),
            host.delete("k3f9ab", bag),
        ]) {
            const { message } = await errorOf(attempt);
            expect(message).to.contain(none).and.not.to.contain("\n");
        }
        expect(host.printed()).not.to.match(/\n\s+at /);
        await host.stop();
    });

    it("the texts that states keep for ever are these", async () => {
        for (const kind of ["Ledger", "Balance", "MetadataTag"]) {
            expect(handler(kind)).to.equal(
                `exports.handler=()=>require("module").createRequire(process.cwd()+"/")("pulumi-blnk/hosted").${kind}`,
            );
        }
        const text = await instanceHandlerOfAProgram();
        expect(text).to.match(/^exports\.handler = \(\) => \{ const directory = process\.cwd\(\); /);
        expect(text).to.contain('("pulumi-blnk/hosted").Instance;').and.not.to.contain(process.cwd());
    });
});
