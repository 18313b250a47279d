import { expect } from "chai";
import fc from "fast-check";
import { CLOUD_URL, EXPLICIT_PROVIDER, resolveSettings } from "../../provider/settings/settings";

type Texts = Readonly<Record<string, unknown>>;
const SECRET = "blnk_secret_7f3a";

function resolve(config: Texts, environment: Texts = {}) {
    return resolveSettings({ get: (key) => config[key] }, environment as Record<string, string>);
}

function refusal(config: Texts, environment: Texts = {}): string {
    try {
        resolve(config, environment);
    } catch (error) {
        return (error as Error).message;
    }
    throw new Error("these settings were accepted");
}

const cloud = { "blnk:instanceId": "inst_a", "blnk:accessToken": SECRET };
const cloudEnv = { BLNK_INSTANCE_ID: "inst_env", BLNK_ACCESS_TOKEN: "env_token" };
const core = { "blnk:coreUrl": "https://blnk.example.com", "blnk:coreKey": SECRET };
const coreEnv = { BLNK_CORE_URL: "http://127.0.0.1:5001", BLNK_CORE_KEY: "env_key" };
const explicit = { [EXPLICIT_PROVIDER]: "eu" };

describe("settings of Blnk Cloud", () => {
    it("come from the configuration, at Blnk's address unless another is given", () => {
        expect(resolve(cloud)).to.deep.equal({
            connection: {
                mode: "cloud",
                url: CLOUD_URL,
                urlFrom: "blnk:cloudUrl",
                instanceId: "inst_a",
                credential: SECRET,
                credentialFrom: "blnk:accessToken, or set BLNK_ACCESS_TOKEN, which wins",
                timeoutMs: 30_000,
            },
        });
    });

    it("come from the environment where the configuration names no server", () => {
        const { connection } = resolve({}, { ...cloudEnv, BLNK_CLOUD_URL: "https://cloud.example.com/blnk/" });
        expect(connection).to.include({
            mode: "cloud",
            url: "https://cloud.example.com/blnk",
            urlFrom: "BLNK_CLOUD_URL",
            instanceId: "inst_env",
            credential: "env_token",
            credentialFrom: "BLNK_ACCESS_TOKEN, which wins over blnk:accessToken",
        });
    });
});

describe("settings of a Core", () => {
    it("come from the configuration", () => {
        expect(resolve(core).connection).to.deep.equal({
            mode: "core",
            url: "https://blnk.example.com",
            urlFrom: "blnk:coreUrl",
            credential: SECRET,
            credentialFrom: "blnk:coreKey, or set BLNK_CORE_KEY, which wins",
            timeoutMs: 30_000,
        });
    });

    it("need no key", () => {
        const { connection } = resolve({ "blnk:coreUrl": "http://localhost:5001" });
        expect(connection).not.to.have.property("credential");
        expect(connection.credentialFrom).to.equal("blnk:coreKey or BLNK_CORE_KEY");
    });
});

describe("which of two settings wins", () => {
    const rules: [rule: string, config: Texts, environment: Texts, expected: Texts][] = [
        ["a token in the environment wins over one in the configuration", cloud, cloudEnv, { credential: "env_token" }],
        [
            "an instance in the configuration wins over one in the environment",
            cloud,
            cloudEnv,
            { instanceId: "inst_a" },
        ],
        ["a key in the environment wins over one in the configuration", core, coreEnv, { credential: "env_key" }],
        [
            "an address in the configuration wins over one in the environment",
            core,
            coreEnv,
            { url: core["blnk:coreUrl"] },
        ],
        [
            "a Core in the configuration wins over Cloud in the environment",
            core,
            cloudEnv,
            { mode: "core", credential: SECRET },
        ],
        [
            "Cloud in the configuration wins over a Core in the environment",
            cloud,
            coreEnv,
            { mode: "cloud", credential: SECRET },
        ],
        [
            "each setting that is missing in the configuration comes from the environment",
            { "blnk:instanceId": "inst_a" },
            { BLNK_ACCESS_TOKEN: "env_token", BLNK_CLOUD_URL: "https://c.example.com" },
            { instanceId: "inst_a", credential: "env_token", url: "https://c.example.com" },
        ],
        [
            "a variable that is set to nothing counts as not set",
            cloud,
            { BLNK_ACCESS_TOKEN: "", BLNK_CORE_URL: "" },
            { credential: SECRET },
        ],
    ];
    for (const [rule, config, environment, expected] of rules) {
        it(rule, () => {
            expect(resolve(config, environment).connection).to.include(expected);
        });
    }
});

describe("conflicting or missing settings", () => {
    const noServer =
        "no Blnk server is configured. For Blnk Cloud set blnk:instanceId and blnk:accessToken (or BLNK_INSTANCE_ID and " +
        "BLNK_ACCESS_TOKEN); for a Blnk Core set blnk:coreUrl and blnk:coreKey (or BLNK_CORE_URL and BLNK_CORE_KEY).";
    const both = (source: string, one: string, other: string) =>
        `${source} names both Blnk Cloud (${one}) and a Blnk Core (${other}), but a stack has only one default server. ` +
        "Remove one of them. For a second server, use an explicit blnk.Provider.";
    const plainHttp = (from: string, host: string) =>
        `${from} uses plain http to ${host}, which would send the credentials unencrypted. ` +
        "Use https. Plain http is allowed for loopback addresses only.";
    const rules: [rule: string, config: Texts, environment: Texts, sentence: string][] = [
        ["nothing at all", {}, {}, noServer],
        ["empty variables", {}, { BLNK_ACCESS_TOKEN: "", BLNK_INSTANCE_ID: "" }, noServer],
        [
            "both modes in the configuration",
            { ...cloud, ...core },
            {},
            both("the configuration", "blnk:accessToken", "blnk:coreUrl"),
        ],
        [
            "both modes in the environment",
            {},
            { ...cloudEnv, ...coreEnv },
            both("the environment", "BLNK_ACCESS_TOKEN", "BLNK_CORE_URL"),
        ],
        [
            "an instance without a token",
            { "blnk:instanceId": "inst_a" },
            {},
            'the settings are for Blnk Cloud, but blnk:accessToken is missing. Run "pulumi config set --secret blnk:accessToken …" or set BLNK_ACCESS_TOKEN.',
        ],
        [
            "a token without an instance",
            {},
            { BLNK_ACCESS_TOKEN: SECRET },
            'the settings are for Blnk Cloud, but blnk:instanceId is missing. Run "pulumi config set blnk:instanceId …" or set BLNK_INSTANCE_ID.',
        ],
        [
            "a key without an address",
            { "blnk:coreKey": SECRET },
            {},
            'the settings are for a Blnk Core, but blnk:coreUrl is missing. Run "pulumi config set blnk:coreUrl …" or set BLNK_CORE_URL.',
        ],
        [
            "plain http to another machine",
            { "blnk:coreUrl": "http://10.0.0.1:5001" },
            {},
            plainHttp("blnk:coreUrl", "10.0.0.1"),
        ],
        [
            "plain http to a name like localhost",
            {},
            { ...cloudEnv, BLNK_CLOUD_URL: "http://localhost.example.com" },
            plainHttp("BLNK_CLOUD_URL", "localhost.example.com"),
        ],
        [
            "plain http to a name that begins with 127",
            { "blnk:coreUrl": "http://127.0.0.1.example.com" },
            {},
            plainHttp("blnk:coreUrl", "127.0.0.1.example.com"),
        ],
        [
            "an address without a scheme",
            { "blnk:coreUrl": "blnk.example.com" },
            {},
            "blnk:coreUrl is not a web address. Use an address such as https://blnk.example.com.",
        ],
        [
            "an address with another scheme",
            { "blnk:coreUrl": "file:///etc/blnk" },
            {},
            "blnk:coreUrl is not a web address. Use an address such as https://blnk.example.com.",
        ],
        ...[
            "https://user@b.example.com",
            `https://u:${SECRET}@b.example.com`,
            `https://b.example.com?k=${SECRET}`,
            "https://b.example.com#x",
        ].map((address): [string, Texts, Texts, string] => [
            `an address with extra parts (${address.replace(SECRET, "…")})`,
            { "blnk:coreUrl": address },
            {},
            "blnk:coreUrl must be a plain address, without user, password, query or fragment.",
        ]),
        ...[0, -1, 601, "soon", Number.NaN].map((value): [string, Texts, Texts, string] => [
            `a time limit of ${value}`,
            { ...cloud, "blnk:requestTimeout": value },
            {},
            `blnk:requestTimeout must be a number of seconds, more than 0 and at most 600.`,
        ]),
        ...["Shop", "a/b", "a@b", "-a", "a".repeat(33), "a b"].map((owner): [string, Texts, Texts, string] => [
            `the owner "${owner}"`,
            { ...cloud, "blnk:owner": owner },
            {},
            `blnk:owner must be 1 to 32 lowercase letters, digits or hyphens, and must not begin with a hyphen.`,
        ]),
        [
            "a provider that names no server",
            explicit,
            { ...cloudEnv },
            "this blnk.Provider names no Blnk server. Set instanceId and accessToken (Blnk Cloud), or coreUrl and coreKey (a Blnk Core).",
        ],
        [
            "a provider without a token, whatever the environment has",
            { ...explicit, "blnk:instanceId": "inst_eu" },
            cloudEnv,
            "this blnk.Provider is set up for Blnk Cloud, but accessToken is missing. Set it.",
        ],
    ];
    for (const [what, config, environment, sentence] of rules) {
        it(`${what}: the error says so, without the credential`, () => {
            const told = refusal(config, environment);
            expect(told).to.equal(sentence);
            expect(told).not.to.contain(SECRET);
        });
    }

    for (const name of ["cloudUrl", "owner", "requestTimeout"]) {
        it(`a token that was pasted into ${name} is not printed`, () => {
            expect(
                refusal({ ...cloud, [`blnk:${name}`]: SECRET.toUpperCase(), "blnk:accessToken": SECRET.toUpperCase() }),
            ).not.to.contain(SECRET.toUpperCase());
        });
    }
});

describe("settings with unusual values", () => {
    it("a line break at the end of a token is removed: files end in one", () => {
        const { connection } = resolve(cloud, { BLNK_ACCESS_TOKEN: "env_token\n" });
        expect(connection.credential).to.equal("env_token");
    });

    it("loopback addresses may use plain http", () => {
        for (const host of ["localhost:5001", "127.0.0.1", "127.1.2.3:80", "[::1]:5001"]) {
            expect(resolve({ "blnk:coreUrl": `http://${host}` }).connection.url, host).to.contain("http://");
        }
    });

    it("a time limit is rounded to whole milliseconds, at least one: timers accept no others", () => {
        const timeoutOf = (value: unknown) => resolve({ ...cloud, "blnk:requestTimeout": value }).connection.timeoutMs;
        expect([16.1, "16.1", 0.0001, 0.3, 600].map(timeoutOf)).to.deep.equal([16100, 16100, 1, 300, 600_000]);
        fc.assert(
            fc.property(fc.double({ min: 0, max: 600, minExcluded: true, noNaN: true }), (seconds) => {
                const timeoutMs = timeoutOf(seconds);
                expect(Number.isSafeInteger(timeoutMs) && timeoutMs >= 1).to.equal(true);
                expect(Math.abs(timeoutMs - seconds * 1000)).to.be.at.most(1);
                expect(() => AbortSignal.timeout(timeoutMs)).not.to.throw();
            }),
        );
    });

    it("the time limit, the owner and the previous server are kept", () => {
        const settings = resolve({
            ...cloud,
            "blnk:requestTimeout": "2.5",
            "blnk:owner": "shop-eu-2",
            "blnk:movedFrom": "inst_b",
        });
        expect(settings.connection.timeoutMs).to.equal(2500);
        expect([settings.owner, settings.movedFrom]).to.deep.equal(["shop-eu-2", "inst_b"]);
    });
});

describe("settings of an explicit provider", () => {
    it("come from its inputs alone", () => {
        const { connection } = resolve(
            { ...explicit, ...cloud },
            { ...cloudEnv, BLNK_CLOUD_URL: "https://c.example.com" },
        );
        expect(connection).to.include({ url: CLOUD_URL, instanceId: "inst_a", credential: SECRET });
    });

    it("may name a variable for the credential, and the variable wins", () => {
        const named = { ...explicit, ...cloud, "blnk:accessTokenEnv": "EU_TOKEN" };
        expect(resolve(named, { EU_TOKEN: "eu" }).connection).to.include({
            credential: "eu",
            credentialFrom: "EU_TOKEN",
        });
        expect(resolve(named, { BLNK_ACCESS_TOKEN: "env_token" }).connection.credential).to.equal(SECRET);
        const key = { ...explicit, "blnk:coreUrl": "https://b.example.com", "blnk:coreKeyEnv": "EU_KEY" };
        expect(resolve(key, { EU_KEY: "eu", BLNK_CORE_KEY: "no" }).connection.credential).to.equal("eu");
    });
});
