import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect } from "chai";
import * as blnk from "pulumi-blnk";
import { programIn } from "../../tools/program";
import { balancesOf, done, ledgersOf, onSandbox, refused } from "./stage";

const REPOSITORY = resolve(__dirname, "../..");

describe("a program in a directory of its own under the real engine", () => {
    const stage = onSandbox();
    let directory: string;

    beforeEach(() => {
        directory = realpathSync(mkdtempSync(join(tmpdir(), "blnk-program-")));
        link("@pulumi/pulumi");
    });
    afterEach(() => rmSync(directory, { recursive: true, force: true }));

    function link(name: string): void {
        const target = join(directory, "node_modules", name);
        mkdirSync(dirname(target), { recursive: true });
        symlinkSync(join(REPOSITORY, "node_modules", name), target);
    }

    /** Installs what `npm pack` makes of this repository, as npm would, without a registry. */
    function installPackage(): void {
        const options = { cwd: REPOSITORY, encoding: "utf8", stdio: "pipe" } as const;
        // Without scripts: what is packed is built already, and other tests are using it.
        const packed = execFileSync(
            "npm",
            ["pack", "--ignore-scripts", "--json", "--pack-destination", directory],
            options,
        );
        const [{ filename }] = JSON.parse(packed);
        const home = join(directory, "node_modules/pulumi-blnk");
        mkdirSync(home);
        execFileSync("tar", ["xzf", join(directory, filename), "-C", home, "--strip-components=1"]);
        const { dependencies } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
        Object.keys(dependencies).forEach(link);
    }

    it("without pulumi-blnk there, up says in one sentence where it looked and what to install", async () => {
        const stack = await stage.open(async () => void new blnk.Ledger("customers"), { workDir: directory });
        refused(
            await stack.up(),
            `pulumi-blnk cannot be found from the program's directory ${directory}. Run "npm install pulumi-blnk" there.`,
        );
        expect(ledgersOf(stage.sandbox)).to.deep.equal([]);
    });

    it("with the packed package installed there, the program of the README works", async () => {
        installPackage();
        const readme = readFileSync(join(REPOSITORY, "README.md"), "utf8");
        const [, project] = /`Pulumi\.yaml`:\s+```yaml\n(.*?)```/s.exec(readme) ?? [];
        const [, program] = /<!-- program -->\s+```typescript\n(.*?)```/s.exec(readme) ?? [];
        if (project === undefined || program === undefined) throw new Error("the README has lost its program");
        writeFileSync(join(directory, "Pulumi.yaml"), project);
        writeFileSync(join(directory, "index.ts"), program);

        const stack = await stage.open(programIn(directory), { workDir: directory });
        expect(done(await stack.preview()).changes).to.deep.equal({ create: 5 });
        expect(done(await stack.up()).changes).to.deep.equal({ create: 5 });
        expect(ledgersOf(stage.sandbox).map(({ name, metadata }) => [name, metadata])).to.deep.equal([
            ["Customer wallets", { billing: { plan: "pro" } }],
        ]);
        const [balance] = balancesOf(stage.sandbox);
        expect(balance).to.deep.include({ currency: "USD", metadata: { customer: "alice" } });
        expect(stack.outputs()).to.deep.equal({ balanceId: balance?.id });
        expect(done(await stack.up()).changes).to.deep.equal({ same: 5 });
        done(await stack.destroy());
    });
});
