import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { type Check, exitCodeOf } from "../../cli/doctor/check";
import { diagnose, type Examination } from "../../cli/doctor/diagnose";
import { LAG_LEDGER } from "../../cli/doctor/lag";
import { tableOf } from "../../cli/doctor/table";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { core } from "../sandbox/client";

const main = join(__dirname, "../../cli/main.ts");

describe("pulumi-blnk doctor", () => {
    let sandbox: Sandbox;
    let directory: string;
    beforeEach(async () => {
        sandbox = await startSandbox();
        directory = mkdtempSync(join(tmpdir(), "blnk-doctor-"));
    });
    afterEach(async () => {
        rmSync(directory, { recursive: true });
        await sandbox.stop();
    });

    const cloud = (changes: Record<string, string> = {}) => ({
        BLNK_ACCESS_TOKEN: sandbox.token,
        BLNK_INSTANCE_ID: sandbox.instance,
        BLNK_CLOUD_URL: sandbox.url,
        ...changes,
    });
    const coreFace = (changes: Record<string, string> = {}) => ({
        BLNK_CORE_URL: sandbox.coreUrl,
        BLNK_CORE_KEY: sandbox.coreKey,
        ...changes,
    });

    /** What the doctor says, and that it changed nothing and told no secret. */
    const examine = async (
        environment: Record<string, string>,
        options: Partial<Examination> = {},
    ): Promise<{ checks: readonly Check[]; text: string; code: number; said: string[]; of(what: string): string }> => {
        const said: string[] = [];
        const checks = await diagnose({
            directory,
            environment,
            say: (line) => said.push(line),
            ...options,
        });
        const code = exitCodeOf(checks);
        const text = tableOf(checks, code);
        for (const secret of [
            environment.BLNK_ACCESS_TOKEN,
            environment.BLNK_CORE_KEY,
            sandbox.token,
            sandbox.coreKey,
        ]) {
            if (secret !== undefined) expect(text + JSON.stringify(checks)).not.to.contain(secret);
        }
        const changed = sandbox
            .writes()
            .filter(({ path, status = 0 }) => !path.endsWith("/filter") && status >= 200 && status < 300);
        if (!options.measuresLag) expect(changed).to.deep.equal([]);
        const of = (what: string) => {
            const check = checks.find((it) => it.what === what);
            return check === undefined ? "not there" : `${check.outcome}: ${check.finding}`;
        };
        return { checks, text, code, said, of };
    };
    const post = async (path: string, body: object): Promise<Record<string, string>> => {
        const { status, body: answer } = await core(sandbox, "POST", path, body);
        expect(status).to.equal(201);
        sandbox.clearRequests();
        return answer;
    };
    const marked = (name: string, hash = "0123456789abcdef") => ({ pulumi: `shop/prod/${name}@k3f9ab#${hash}` });

    it("finds no problems on a Blnk Cloud, with exit code 0", async () => {
        await post("/ledgers", { name: "A", meta_data: marked("customers") });
        const { code, text, of } = await examine(cloud(), { marks: "shop/prod" });
        expect(code, text).to.equal(0);
        expect(of("blnk:accessToken")).to.equal("ok: (secret), from BLNK_ACCESS_TOKEN");
        expect(of("blnk:instanceId")).to.equal("ok: inst_sandbox, from BLNK_INSTANCE_ID");
        expect(of("address")).to.equal(`ok: ${sandbox.url} answers`);
        expect(of("access token")).to.equal("ok: accepted");
        expect(of("scope data:read")).to.equal("ok: granted");
        expect(of("scope proxy:write")).to.equal("ok: granted");
        expect(of("identity")).to.equal("ok: inst_sandbox");
        expect(of("search by mark")).to.equal("ok: the operators in and like find marked ledgers");
        expect(of("marks of shop/prod")).to.equal("ok: 1 thing, no shared marks");
        const routes = [
            "GET /data/ledgers/:id",
            "POST /ledger/filter",
            "POST /balances/filter",
            "POST /identities/filter",
            "POST /transactions/filter",
            "POST /proxy/:id/metadata",
            "PUT /proxy/ledgers/:id",
            "GET /proxy/ledgers/:id",
            "GET /proxy/balances/:id",
            "POST /proxy/ledgers/filter",
        ];
        expect(routes.map((route) => [route, of(route)])).to.deep.equal(routes.map((route) => [route, "ok: served"]));
        expect(text).to.match(/\n\nNo problems found\.$/);
    });

    it("finds no problems on a Blnk Core, with exit code 0", async () => {
        await post("/ledgers", { name: "A" });
        const { code, text, of } = await examine(coreFace());
        expect(code, text).to.equal(0);
        expect(of("key")).to.equal("ok: accepted");
        expect(of("right to write metadata")).to.equal("ok: granted: this is the master key, or no key is needed");
        expect(of("identity")).to.match(/^ok: core_[0-9a-f]{12}$/);
        expect(of("sorting")).to.equal("ok: oldest first");
        expect(of("search by mark")).to.equal("ok: the operators in and like are served; no ledger has a mark yet");
        expect(of("PUT /ledgers/:id")).to.equal("ok: served");
        expect(of("POST /ledgers/filter")).to.equal("ok: served");
        expect(of("GET /data/ledgers/:id")).to.equal("not there");
    });

    it("finds a wrong token, and checks nothing more", async () => {
        const { code, of } = await examine(cloud({ BLNK_ACCESS_TOKEN: "blnk_wrong" }));
        expect(code).to.equal(1);
        expect(of("access token")).to.equal(
            "wrong: Blnk refused the access token (401). Check BLNK_ACCESS_TOKEN, which wins over blnk:accessToken.",
        );
        expect(of("identity")).to.equal("not there");
        expect((await examine(coreFace({ BLNK_CORE_KEY: "another_key" }))).of("key")).to.contain(
            "wrong: Blnk refused the key",
        );
    });

    it("hides a credential in findings, and leaves its own words unchanged", async () => {
        const environment = coreFace({ BLNK_CORE_KEY: "wrong" });
        const checks = await diagnose({ directory, environment, say: () => undefined });
        expect(tableOf(checks, exitCodeOf(checks))).to.match(/Problems found: see the lines marked WRONG\.$/);
        const pasted = cloud({ BLNK_INSTANCE_ID: `inst_${sandbox.token}` });
        expect((await examine(pasted)).of("blnk:instanceId")).to.equal("ok: inst_…, from BLNK_INSTANCE_ID");
    });

    it("notes a read-only token, which is not a problem", async () => {
        sandbox.addToken("blnk_reads", ["data:read"]);
        const environment = cloud({ BLNK_ACCESS_TOKEN: "blnk_reads" });
        const { code, of } = await examine(environment);
        expect(of("scope proxy:write")).to.equal(
            "note: not granted: this token can run previews and refreshes, but not pulumi up",
        );
        expect(of("other routes")).to.equal(
            "note: not checked, because this credential may not use them: POST /proxy/:id/metadata, " +
                "PUT /proxy/ledgers/:id, GET /proxy/ledgers/:id, GET /proxy/balances/:id, POST /proxy/ledgers/filter",
        );
        expect(of("PUT /proxy/ledgers/:id")).to.equal("not there");
        expect(code).to.equal(0);
        const lag = await examine(environment, { measuresLag: true });
        expect(lag.of("read-after-write lag")).to.equal(
            "unknown: not measured: this needs a credential that may write",
        );
        expect([lag.code, lag.said, sandbox.ledgers().length]).to.deep.equal([2, [], 1]);
    });

    it("finds a token that may not read", async () => {
        sandbox.addToken("blnk_writes", ["proxy:write"]);
        const { code, of } = await examine(cloud({ BLNK_ACCESS_TOKEN: "blnk_writes" }));
        expect([code, of("access token")]).to.deep.equal([1, "ok: accepted"]);
        expect(of("scope data:read")).to.match(/^wrong: the access token lacks the scope data:read/);
    });

    it("finds a scoped key of a Core", async () => {
        sandbox.addCoreKey("scoped_key", ["*:*"]);
        const { code, of } = await examine(coreFace({ BLNK_CORE_KEY: "scoped_key" }));
        expect(code).to.equal(1);
        expect(of("right to write metadata")).to.equal(
            "wrong: not granted: this is a scoped key. Core refuses its metadata writes, and adds a metadata key to everything " +
                "that it creates. Use the master key. Check BLNK_CORE_KEY, which wins over blnk:coreKey.",
        );
    });

    it("finds an address that does not answer, and a missing instance", async () => {
        const nowhere = await examine(cloud({ BLNK_CLOUD_URL: "http://127.0.0.1:1" }));
        expect(nowhere.code).to.equal(1);
        expect(nowhere.of("address")).to.equal(
            "wrong: http://127.0.0.1:1 cannot be reached (ECONNREFUSED). Check BLNK_CLOUD_URL and the network.",
        );
        const other = await examine(cloud({ BLNK_INSTANCE_ID: "inst_other" }));
        expect(other.code).to.equal(1);
        expect(other.of("access token")).to.contain('and the instance "inst_other" are correct');
    });

    it("reports checks that Blnk did not answer, with exit code 2", async () => {
        sandbox.trouble({
            match: { path: "^/balances/filter$" },
            times: "always",
            do: { kind: "answer", status: 500 },
        });
        const { code, of } = await examine(cloud());
        expect([code, of("POST /balances/filter")]).to.deep.equal([2, "unknown: Blnk failed (500). Run again later."]);
    });

    it("finds routes that a Blnk Cloud does not forward, and says what does not work", async () => {
        for (const route of ["PUT /ledgers/:id", "GET /balances/:id"]) sandbox.unforwarded(route);
        const some = await examine(cloud());
        expect(some.of("PUT /proxy/ledgers/:id")).to.equal(
            "note: not forwarded: ledgers cannot be renamed through this server",
        );
        expect(some.of("GET /proxy/balances/:id")).to.equal("note: not forwarded, and not needed");
        expect(some.of("GET /proxy/ledgers/:id")).to.equal("ok: served");
        expect(some.code).to.equal(0);
        sandbox.unforwarded("POST /:id/metadata");
        const { code, of } = await examine(cloud());
        expect([code, of("POST /proxy/:id/metadata")]).to.deep.equal([
            1,
            "wrong: not forwarded: metadata cannot be changed",
        ]);
    });

    it("lists things with the same mark, and whether money has moved on them", async () => {
        const [a, b] = [
            await post("/ledgers", { name: "A", meta_data: marked("customers") }),
            await post("/ledgers", { name: "B", meta_data: marked("customers") }),
        ];
        const body = { ledger_id: a?.ledger_id, currency: "USD", meta_data: marked("alice") };
        const [x, y] = [await post("/balances", body), await post("/balances", body)];
        await post("/balances", { ...body, meta_data: marked("bob") });
        await post("/transactions", {
            precise_amount: 100,
            precision: 100,
            currency: "USD",
            reference: "first",
            description: "money",
            source: "@world",
            destination: y?.balance_id,
            allow_overdraft: true,
            skip_queue: true,
        });
        const { code, of } = await examine(cloud(), { marks: "shop/prod" });
        expect(code).to.equal(1);
        expect(of("marks of shop/prod")).to.equal("wrong: 5 things; 2 marks are on several things");
        const settle =
            'Keep the one in the stack\'s state, which "pulumi refresh" names. Set the key "pulumi" in the metadata of the ' +
            "others to null.";
        const ofLedgers = of(`  ${marked("customers").pulumi}`);
        expect(ofLedgers).to.contain(`${a?.ledger_id} (money has moved)`);
        expect(ofLedgers).to.contain(`${b?.ledger_id} (no money has moved)`).and.to.contain(settle);
        const ofBalances = of(`  ${marked("alice").pulumi}`);
        expect(ofBalances).to.contain(`${x?.balance_id} (no money has moved)`);
        expect(ofBalances).to.contain(`${y?.balance_id} (money has moved)`);
        expect((await examine(cloud(), { marks: "shop/dev" })).of("marks of shop/dev")).to.equal(
            "ok: 0 things, no shared marks",
        );
    });

    it("measures the lag of reads with one ledger that explains itself, and only on demand", async () => {
        expect((await examine(cloud())).of("read-after-write lag")).to.equal("not there");
        sandbox.readLag(200);
        const { said, of } = await examine(cloud(), { measuresLag: true });
        const [, ledger] = sandbox.ledgers();
        expect(sandbox.ledgers()).to.have.length(2);
        expect(ledger?.name).to.equal(LAG_LEDGER);
        const { pulumi_blnk_doctor: word } = (ledger?.meta_data ?? {}) as Record<string, unknown>;
        expect(said).to.deep.equal([
            `Creating one ledger, "${LAG_LEDGER}", with the metadata pulumi_blnk_doctor: "${word}". It stays: Blnk cannot delete ledgers.`,
        ]);
        const lag = /^ok: (ldg_\S+) showed after (\d+) ms$/.exec(of("read-after-write lag"));
        expect(lag?.[1]).to.equal(ledger?.ledger_id);
        expect(Number(lag?.[2])).to.be.within(150, 800);
    });

    it("says that runs stop if reads lag longer than runs wait", async () => {
        sandbox.readLag(1500);
        const { code, of } = await examine(coreFace(), { measuresLag: true });
        expect(of("read-after-write lag")).to.match(
            /^wrong: ldg_\S+ showed only after \d+ ms: a run waits 850 ms for its first created thing to show, and then stops$/,
        );
        expect(code).to.equal(1);
    });

    it("finds missing and conflicting settings", async () => {
        const nothing = await examine({});
        expect(nothing.code).to.equal(1);
        expect(nothing.of("settings")).to.contain("wrong: no Blnk server is configured. For Blnk Cloud set");
        expect((await examine({ ...cloud(), ...coreFace() })).of("settings")).to.contain("names both Blnk Cloud");
    });

    describe("in a Pulumi project", () => {
        /** A stand-in for the CLI: prints the files of its folder, or fails with their text. */
        const pulumi = (answers: { stack?: string; config?: object; error?: string }) => {
            const bin = join(directory, "bin");
            mkdirSync(bin);
            writeFileSync(join(directory, "Pulumi.yaml"), 'name: "shop"\nruntime: nodejs\n');
            writeFileSync(join(bin, "config.json"), JSON.stringify(answers.config ?? {}));
            const script = answers.error
                ? `echo '${answers.error}' >&2; exit 255`
                : `echo "$@" >> ${bin}/asked; case "$1" in stack) echo ${answers.stack};; config) cat ${bin}/config.json;; esac`;
            writeFileSync(join(bin, "pulumi"), `#!/bin/sh\n${script}\n`);
            chmodSync(join(bin, "pulumi"), 0o755);
            return { PATH: `${bin}${delimiter}${process.env.PATH}` };
        };

        it("reads the stack's configuration, names the source of each setting, and checks its marks", async () => {
            const path = pulumi({
                stack: "prod",
                config: {
                    "blnk:accessToken": { value: "blnk_old", secret: true },
                    "blnk:instanceId": { value: sandbox.instance, secret: false },
                    "blnk:cloudUrl": { value: sandbox.url, secret: false },
                    "blnk:owner": { value: "k3f9ab", secret: false },
                },
            });
            const { code, text, of } = await examine({
                ...path,
                BLNK_ACCESS_TOKEN: sandbox.token,
                BLNK_INSTANCE_ID: "inst_b",
            });
            expect(code, text).to.equal(0);
            expect(of("Pulumi stack")).to.equal("ok: shop/prod");
            expect(of("blnk:accessToken")).to.equal(
                "ok: (secret), from BLNK_ACCESS_TOKEN, which wins over blnk:accessToken",
            );
            expect(of("blnk:instanceId")).to.equal(
                `ok: inst_sandbox, from the stack's configuration, which wins over BLNK_INSTANCE_ID`,
            );
            expect(of("blnk:owner")).to.equal("ok: k3f9ab, from the stack's configuration");
            expect(of("marks of shop/prod")).to.equal("ok: 0 things, no shared marks");
            expect(text).not.to.contain("blnk_old");
        });

        it("finds a credential that is not set as a secret, and an unknown setting", async () => {
            const path = pulumi({
                stack: "prod",
                config: {
                    "blnk:accessToken": { value: sandbox.token, secret: false },
                    "blnk:instanceID": { value: sandbox.instance, secret: false },
                },
            });
            const environment = { ...path, BLNK_INSTANCE_ID: sandbox.instance, BLNK_CLOUD_URL: sandbox.url };
            const { code, of } = await examine(environment);
            expect(code).to.equal(1);
            expect(of("blnk:accessToken")).to.match(
                /^wrong: blnk:accessToken is not set as a secret: it is stored in plain text/,
            );
            expect(of("blnk:instanceID")).to.match(
                /^wrong: Unknown setting blnk:instanceID \(ignored\)\. Did you mean blnk:instanceId\?/,
            );
            expect(of("address")).to.equal(`ok: ${sandbox.url} answers`);
        });

        it("uses the given stack", async () => {
            const path = pulumi({ stack: "org/shop/eu" });
            const { of } = await examine({ ...path, ...cloud() }, { stack: "org/shop/eu" });
            expect(of("Pulumi stack")).to.equal("ok: shop/eu");
            expect(of("marks of shop/eu")).to.equal("ok: 0 things, no shared marks");
        });

        it("notes that there is no stack, and continues", async () => {
            const path = pulumi({
                error: "error: no stack selected; please use `pulumi stack select`".replaceAll("`", ""),
            });
            const { code, of } = await examine({ ...path, ...cloud() });
            expect(of("Pulumi stack")).to.equal(
                "note: no stack selected; please use pulumi stack select. Only settings from the environment are used.",
            );
            expect(code).to.equal(0);
        });

        it("finds that the given stack is missing, and leaves settings undecided", async () => {
            const path = pulumi({ error: "error: no stack named prdo found" });
            const { code, of } = await examine(path, { stack: "prdo" });
            expect(of("Pulumi stack")).to.equal(
                'wrong: there is no stack prdo. Run "pulumi stack ls" to list the stacks. ' +
                    "Only settings from the environment are used.",
            );
            expect(of("settings")).to.match(/^unknown: no Blnk server is configured/);
            expect(code).to.equal(1);
        });

        it("notes that there is no pulumi, and continues", async () => {
            writeFileSync(join(directory, "Pulumi.yaml"), "name: shop\n");
            const { code, of } = await examine({ ...cloud(), PATH: directory });
            expect(of("Pulumi stack")).to.equal(
                "note: pulumi is not on PATH. Only settings from the environment are used.",
            );
            expect(code).to.equal(0);
        });

        it("reports a configuration that it cannot read, with exit code 2", async () => {
            const path = pulumi({ error: "error: incorrect passphrase" });
            const { code, of } = await examine({ ...path, ...cloud() });
            expect(of("Pulumi stack")).to.contain("unknown: could not read the configuration: incorrect passphrase.");
            expect(code).to.equal(2);
            expect((await examine(path)).code).to.equal(2);
        });
    });

    it("as a command prints the table and sets the exit code, without the token", async () => {
        const doctor = (environment: Record<string, string>, ...flags: string[]) =>
            new Promise<{ code: number; text: string }>((resolve) => {
                const words = ["--import=tsx", main, "doctor", ...flags];
                const env = { PATH: process.env.PATH, ...environment };
                // The working directory must contain tsx, and no Pulumi project.
                execFile(process.execPath, words, { cwd: join(__dirname, "../.."), env }, (error, stdout, stderr) =>
                    resolve({ code: Number(error?.code ?? 0), text: stdout + stderr }),
                );
            });
        const environment = { ...cloud(), PATH: "/nowhere" };
        const right = await doctor(environment, "--marks", "shop/prod");
        expect(right.code, right.text).to.equal(0);
        expect(right.text).to.match(/^note {3}Pulumi stack +pulumi is not on PATH\./m);
        expect(right.text)
            .to.match(/^ok {5}access token +accepted$/m)
            .and.to.match(/No problems found\.\n$/);
        const wrong = await doctor({ ...environment, BLNK_ACCESS_TOKEN: "blnk_wrong" });
        expect(wrong.code).to.equal(1);
        expect(wrong.text).to.match(/^WRONG {2}access token +Blnk refused the access token/m);
        expect(right.text + wrong.text)
            .not.to.contain(sandbox.token)
            .and.not.to.contain("blnk_wrong");
        expect((await doctor(environment, "--marks", "prod")).text).to.contain("must have the form <project>/<stack>.");
    }).timeout(60_000);
});
