import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "chai";
import { startSandbox } from "../../sandbox/sandbox";

/** What is shipped: the bundle, which "npm run build" makes. */
const main = join(__dirname, "../../dist/cli/main.js");

describe("pulumi-blnk sandbox", () => {
    const start = (...flags: string[]) => spawn(process.execPath, [main, "sandbox", ...flags]);

    it("prints the lines to paste for both modes, serves, and stops cleanly when terminated", async () => {
        const child = start("--port", "0", "--core-port", "0", "--token", "blnk_mine");
        const text = await printed(child, "Ctrl+C");
        const url = /BLNK_CLOUD_URL=(\S+)/.exec(text)?.[1];
        const answer = await fetch(`${url}/data/ledgers?instance_id=inst_sandbox`, {
            headers: { Authorization: "Bearer blnk_mine" },
        });
        for (const line of [
            "export BLNK_ACCESS_TOKEN=blnk_mine",
            "export BLNK_INSTANCE_ID=inst_sandbox",
            "export BLNK_CORE_URL=http://127.0.0.1:",
            "export BLNK_CORE_KEY=sandbox_core_key",
            "pulumi config set --secret blnk:accessToken blnk_mine",
            "pulumi config set blnk:instanceId inst_sandbox",
            `pulumi config set blnk:cloudUrl ${url}`,
            "pulumi config set blnk:coreUrl http://127.0.0.1:",
            "pulumi config set --secret blnk:coreKey sandbox_core_key",
        ]) {
            expect(text).to.contain(line);
        }
        child.kill("SIGTERM");
        const [code] = await once(child, "exit");
        expect([answer.status, code]).to.deep.equal([200, 0]);
    }).timeout(20_000);

    it("says that a port is in use, and exits with 1", async () => {
        const other = await startSandbox();
        const port = new URL(other.url).port;
        try {
            const child = start("--port", port, "--core-port", "0");
            const [text, [code]] = await Promise.all([printed(child, "--port", "stderr"), once(child, "exit")]);
            expect(text.trim()).to.equal(`Port ${port} is already in use. Choose another port with --port.`);
            expect(code).to.equal(1);
        } finally {
            await other.stop();
        }
    }).timeout(20_000);

    it("does not print the key of a real Core, opens no port for it, and prints a token of its own", async () => {
        const other = await startSandbox();
        try {
            const child = start("--port", "0", "--core", other.coreUrl, "--core-key", other.coreKey);
            const text = await printed(child, "Ctrl+C");
            child.kill("SIGINT");
            await once(child, "exit");
            expect(text).to.contain(other.coreUrl).and.not.to.contain(other.coreKey);
            expect(text).to.match(/export BLNK_ACCESS_TOKEN=blnk_sandbox_[0-9a-f]{32}\n/);
        } finally {
            await other.stop();
        }
    }).timeout(20_000);
});

/** The output of a process up to a word. */
async function printed(child: ChildProcess, word: string, stream: "stdout" | "stderr" = "stdout"): Promise<string> {
    let text = "";
    for await (const chunk of child[stream] ?? []) {
        text += String(chunk);
        if (text.includes(word)) {
            break;
        }
    }
    return text;
}
