import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as blnk from "../../provider";
import { ofKind, run, secret } from "./mockedProgram";

describe("an explicit provider", () => {
    const PROVIDER = "pulumi:providers:pulumi-nodejs";
    const variables = ["BLNK_ACCESS_TOKEN", "BLNK_INSTANCE_ID", "BLNK_CORE_KEY", "BLNK_CORE_URL", "EU_TOKEN"];
    const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
    beforeEach(() => {
        for (const name of variables) process.env[name] = "from the environment";
    });
    afterEach(() => {
        for (const name of variables) {
            if (before[name] === undefined) delete process.env[name];
            else process.env[name] = before[name];
        }
    });

    it("hands over its arguments, credentials as secrets, and nothing of the environment", async () => {
        const registered = await run(() => {
            new blnk.Provider("eu", { instanceId: "inst_eu", accessToken: "t", owner: "eu", requestTimeout: 5 });
            new blnk.Provider("core", { coreUrl: "http://127.0.0.1:1", coreKey: "k", movedFrom: "core_1" });
            new blnk.Provider("named", { instanceId: "inst_us", accessTokenEnv: "EU_TOKEN" });
        });
        expect(ofKind(registered, PROVIDER)).to.have.deep.members([
            {
                name: "eu",
                inputs: {
                    "blnk:provider": "eu",
                    "blnk:instanceId": "inst_eu",
                    "blnk:accessToken": secret("t"),
                    "blnk:owner": "eu",
                    "blnk:requestTimeout": 5,
                },
            },
            {
                name: "core",
                inputs: {
                    "blnk:provider": "core",
                    "blnk:coreUrl": "http://127.0.0.1:1",
                    "blnk:coreKey": secret("k"),
                    "blnk:movedFrom": "core_1",
                },
            },
            {
                name: "named",
                inputs: { "blnk:provider": "named", "blnk:instanceId": "inst_us", "blnk:accessTokenEnv": "EU_TOKEN" },
            },
        ]);
    });

    it("a credential that is a secret already stays one secret", async () => {
        const registered = await run(
            () => new blnk.Provider("eu", { instanceId: "i", accessToken: pulumi.secret("t") }),
        );
        expect(ofKind(registered, PROVIDER)[0]?.inputs["blnk:accessToken"]).to.deep.equal(secret("t"));
    });

    it("has an Instance of its own, and its resources live there", async () => {
        const registered = await run(() => {
            const eu = new blnk.Provider("eu", { instanceId: "inst_eu", accessToken: "t" });
            new blnk.Ledger("here");
            new blnk.Ledger("there", {}, { provider: eu });
            new blnk.Ledger("too", {}, { provider: eu });
        });
        expect(ofKind(registered, "Instance").map(({ name }) => name)).to.have.members(["blnk", "eu"]);
        const instances = Object.fromEntries(
            ofKind(registered, "Ledger").map(({ name, inputs }) => [name, inputs.instance]),
        );
        expect(instances).to.deep.equal({
            here: "inst_a/id_of_blnk",
            there: "inst_a/id_of_eu",
            too: "inst_a/id_of_eu",
        });
        const eu = registered.filter(({ name, kind }) => name === "eu" && kind === "Instance");
        expect(eu[0]?.provider).to.contain("::eu::");
    });

    const ways: [how: string, declare: (eu: blnk.Provider) => unknown][] = [
        ["its own option", (eu) => new blnk.Ledger("l", {}, { provider: eu })],
        ["the option of the component around it", (eu) => within({ provider: eu })],
        ["the providers of the component around it", (eu) => within({ providers: [eu] })],
        ["the named providers of the component around it", (eu) => within({ providers: { "pulumi-nodejs": eu } })],
    ];
    for (const [how, declare] of ways) {
        it(`reaches a resource through ${how}`, async () => {
            const registered = await run(() => declare(new blnk.Provider("eu", { instanceId: "i", accessToken: "t" })));
            const ledger = registered.find(({ kind }) => kind === "Ledger");
            expect(ledger?.provider).to.contain("::eu::");
            expect(ledger?.inputs.instance).to.equal("inst_a/id_of_eu");
        });
    }

    it("of another package changes nothing", async () => {
        class Other extends pulumi.ProviderResource {}
        const registered = await run(() => within({ providers: [new Other("aws", "x", {})] }));
        expect(ofKind(registered, "Instance").map(({ name }) => name)).to.deep.equal(["blnk"]);
    });
});

function within(options: pulumi.ComponentResourceOptions): blnk.Ledger {
    const component = new pulumi.ComponentResource("shop:index:Tenant", "acme", {}, options);
    return new blnk.Ledger("l", {}, { parent: component });
}
