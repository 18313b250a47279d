import { expect } from "chai";
import fc from "fast-check";
import { Host } from "../../provider/host/host";
import { hostKinds } from "../../provider/host/hostKinds";
import type { Properties } from "../../provider/host/values";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { core } from "../sandbox/client";

for (const mode of ["cloud", "core"] as const) {
    describe(`a look-up, in a ${mode === "cloud" ? "Blnk Cloud" : "Blnk Core"}`, () => {
        let sandbox: Sandbox;
        let server: string;
        const kinds: Record<
            string,
            { read(id: string, properties: Properties): Promise<{ id?: string; props?: object }> }
        > = {};

        beforeEach(async () => {
            sandbox = await startSandbox();
            const config: Record<string, string> =
                mode === "cloud"
                    ? {
                          "blnk:instanceId": sandbox.instance,
                          "blnk:cloudUrl": sandbox.url,
                          "blnk:accessToken": sandbox.token,
                      }
                    : { "blnk:coreUrl": sandbox.coreUrl, "blnk:coreKey": sandbox.coreKey };
            const host = new Host({});
            const { Ledger: ledgers, Balance: balances, MetadataTag: tags } = hostKinds(host);
            for (const [kind, it] of Object.entries({ ledgers, balances, tags })) {
                await it.configure?.({
                    config: { get: (key: string) => config[key], require: (key: string) => config[key] ?? "" },
                });
                kinds[kind] = it as Required<typeof it>;
            }
            server = await host.providerFor({ get: (key) => config[key] }).server();
            sandbox.clearRequests();
        });
        afterEach(async () => {
            expect(sandbox.writes().filter(({ path }) => !isOurs(path))).to.deep.equal([]);
            await sandbox.stop();
        });

        // Tests create things through the Core API, and clear these requests at once.
        const isOurs = (path: string) => path.endsWith("/filter");
        const post = async (path: string, body: object): Promise<Record<string, string>> => {
            const { status, body: answer } = await core(sandbox, "POST", path, body);
            expect(status).to.equal(201);
            sandbox.clearRequests();
            return answer;
        };
        const made = async (name: string, meta_data?: object) =>
            (await post("/ledgers", { name, meta_data })).ledger_id ?? "";
        const balanced = async (body: object) => (await post("/balances", body)).balance_id ?? "";
        const lookUp = async (kind: string, lookup: Properties) => {
            const answer = await kinds[kind]?.read("what is asked for", { lookup, __provider: "x" });
            expect(Object.keys(answer?.props ?? {})).to.deep.equal(["found"]);
            const { found } = (answer?.props ?? {}) as { found: { id: string } };
            expect(found.id).to.equal(answer?.id);
            return found;
        };
        const list = async (kind: string, lookup: Properties) => {
            const answer = await kinds[kind]?.read("what is asked for", { lookup, expected: "all", __provider: "x" });
            const { found } = (answer?.props ?? {}) as { found: { some: { id: string }[] } };
            expect(answer?.id).to.equal("what is asked for");
            // A refresh does not change it.
            const again = await kinds[kind]?.read("what is asked for", { found, __provider: "x" });
            expect(again?.props).to.deep.equal({ found });
            return found.some.map(({ id }) => id);
        };
        const refusal = (kind: string, lookup: Properties) =>
            lookUp(kind, lookup).then(
                () => expect.fail("was found"),
                (error: Error) => error.message,
            );

        it("finds a ledger by its id, with all its metadata but the mark", async () => {
            const id = await made("Customers", { team: "payments", pulumi: "shop/dev/x@k3f9#0123456789abcdef" });
            const { createdAt, ...found } = (await lookUp("ledgers", { id })) as unknown as Record<string, unknown>;
            expect(found).to.deep.equal({ id, name: "Customers", metadata: { team: "payments" } });
            expect(createdAt).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/);
            expect(await lookUp("ledgers", { id: "general_ledger_id" })).to.include({ name: "General Ledger" });
        });

        it("finds a ledger by its name, by metadata of any type, and by both", async () => {
            await made("Customers", { team: "risk", tier: 1, app: { stack: "dev", more: true } });
            const id = await made("Customers", { team: "payments", tier: 2, live: true, app: { stack: "dev" } });
            const other = await made("Fees");
            expect(await lookUp("ledgers", { name: "Fees" })).to.include({ id: other });
            expect(await lookUp("ledgers", { name: "Customers", metadata: { team: "payments" } })).to.include({ id });
            expect(await lookUp("ledgers", { metadata: { tier: 2, live: true } })).to.include({ id });
            // Blnk itself also matches an object that holds more.
            expect(await lookUp("ledgers", { metadata: { app: { stack: "dev" } } })).to.include({ id });
        });

        it("finds a balance by ledger, currency, identity and metadata, in any combination", async () => {
            const { identity_id: identity } = await post("/identities", { first_name: "Alice" });
            const [first, second] = [await made("A"), await made("B")];
            const usd = await balanced({ ledger_id: first, currency: "USD" });
            const eur = await balanced({ ledger_id: first, currency: "EUR", meta_data: { purpose: "float" } });
            const alice = await balanced({
                ledger_id: second,
                currency: "USD",
                identity_id: identity,
                track_fund_lineage: true,
                allocation_strategy: "LIFO",
            });
            expect(await lookUp("balances", { ledger: first, currency: "USD" })).to.include({ id: usd });
            expect(await lookUp("balances", { metadata: { purpose: "float" } })).to.include({ id: eur });
            expect(await lookUp("balances", { currency: "EUR", ledger: first })).to.include({ id: eur });
            expect(await lookUp("balances", { ledger: second })).to.include({ id: alice });
            const { createdAt, ...found } = (await lookUp("balances", {
                identity,
                currency: "USD",
            })) as unknown as Record<string, unknown>;
            // Values that lists leave out are read by id.
            expect(found).to.deep.equal({
                id: alice,
                ledger: second,
                currency: "USD",
                identity,
                trackFundLineage: true,
                allocationStrategy: "LIFO",
            });
        });

        it("finds the balance behind an indicator, of the currency that is asked for", async () => {
            const ledger_id = await made("A");
            for (const currency of ["USD", "EUR"]) {
                const destination = await balanced({ ledger_id, currency });
                await post("/transactions", {
                    precise_amount: 100,
                    precision: 100,
                    currency,
                    reference: `r-${currency}`,
                    description: "money",
                    source: "@world",
                    destination,
                    allow_overdraft: true,
                    skip_queue: true,
                });
            }
            const world = sandbox.balances().find((it) => it.indicator === "@world" && it.currency === "EUR");
            expect(await lookUp("balances", { indicator: "@world", currency: "EUR" })).to.include({
                id: world?.balance_id,
                ledger: "general_ledger_id",
                currency: "EUR",
            });
            expect(await refusal("balances", { indicator: "@world", currency: "NGN" })).to.equal(
                `cannot look up balance with currency "NGN" and indicator "@world": no match in ${server}. ` +
                    `Check the spelling and the instance. Do not look up what this program declares: pass the resource itself.`,
            );
            expect(await refusal("balances", { indicator: "@world" })).to.equal(
                `cannot look up balance with indicator "@world": indicator names one balance in each currency: set currency as well.`,
            );
            expect(await refusal("balances", { indicator: "world", currency: "USD" })).to.contain(
                `indicator must begin with "@", such as "@world".`,
            );
        });

        it("that finds several lists them", async () => {
            const ids = [await made("Customers"), await made("Customers")];
            const text = await refusal("ledgers", { name: "Customers" });
            for (const id of ids) expect(text).to.contain(`${id} ("Customers")`);
            expect(text).to.match(
                /^cannot look up ledger with name "Customers": found 2 matches in \S+, expected one: ldg_\S+ \("Customers"\), ldg_\S+ \("Customers"\)\. Add criteria that only one of them meets, such as a metadata key, or use its id\.$/,
            );
        });

        it("that finds many lists ten of them, and says how many more there are", async () => {
            const ledger_id = await made("A");
            await Promise.all(Array.from({ length: 113 }, () => balanced({ ledger_id, currency: "USD" })));
            const text = await refusal("balances", { currency: "USD" });
            expect(text).to.contain("found 113 matches in ").and.to.contain(" and 103 more. ");
            expect(text.match(/bln_\S+ \(USD\)/g)).to.have.length(10);
            expect(sandbox.requests().filter(({ path }) => path.endsWith("/filter"))).to.have.length(1);
        });

        it("looks on until it knows that there is only one that is exactly so", async () => {
            for (let n = 0; n < 101; n++) await made("Many", { app: { stack: "dev", n } });
            const id = await made("Many", { app: { stack: "dev" } });
            for (let n = 0; n < 101; n++) await made("Many", { app: { stack: "dev", n } });
            expect(await lookUp("ledgers", { metadata: { app: { stack: "dev" } } })).to.include({ id });
        });

        it("that finds nothing says so", async () => {
            const ending =
                `no match in ${server}. Check the spelling and the instance. ` +
                `Do not look up what this program declares: pass the resource itself.`;
            expect(await refusal("ledgers", { name: "Nobody's", metadata: { team: "a secret" } })).to.equal(
                `cannot look up ledger with metadata.team and name "Nobody's": ${ending}`,
            );
            expect(await refusal("ledgers", { id: "ldg_1" })).to.equal(`cannot look up ledger ldg_1: ${ending}`);
            expect(await refusal("balances", { id: "bln_1" })).to.equal(`cannot look up balance bln_1: ${ending}`);
        });

        const wrong: [why: string, kind: string, query: Properties, words: string][] = [
            ["asks for nothing", "ledgers", {}, "no search criteria. Set at least one of id, metadata, name."],
            ["asks for no metadata", "balances", { metadata: {} }, "no search criteria. Set at least one of "],
            [
                "has an id and more",
                "ledgers",
                { id: "ldg_1", name: "A" },
                "id cannot be combined with other arguments.",
            ],
            ["has an empty name", "ledgers", { name: "" }, "name must be a non-empty string."],
            ["has an empty id", "ledgers", { id: "" }, "id must be a non-empty string."],
            ["has a number for a name", "ledgers", { name: 5 }, "name must be a non-empty string."],
            [
                "has what there is not",
                "ledgers",
                { currency: "USD" },
                'unknown argument "currency"; known arguments: id, metadata, name.',
            ],
            [
                "has a key that Core cannot search by",
                "ledgers",
                { metadata: { "my-app": "x" } },
                `cannot look up ledger with metadata.my-app: Blnk cannot search by the metadata key "my-app": it accepts only ` +
                    `keys of letters, digits and underscores that begin with a letter. Search by other keys, or by id.`,
            ],
            ["has a nested key", "balances", { metadata: { "a.b": 1 } }, 'by the metadata key "a.b"'],
            ["has a null", "balances", { metadata: { a: null } }, "metadata.a is null, which counts as absent"],
            [
                "has a number that Blnk rounds",
                "balances",
                { metadata: { a: 2 ** 53 } },
                "would round: give it as a string.",
            ],
            ["is for a kind that is known only by its id", "tags", { key: "a" }, "can be looked up only by its id."],
        ];
        for (const [why, kind, query, words] of wrong) {
            it(`that ${why} is refused in a sentence, and asks Blnk nothing`, async () => {
                expect(await refusal(kind, query)).to.contain(words);
                expect(sandbox.requests().filter(({ path }) => path.endsWith("/filter"))).to.deep.equal([]);
            });
        }

        // Every JavaScript object inherits these names, and Core can search by them.
        const born = fc.constantFrom(
            "constructor",
            "prototype",
            "valueOf",
            "toString",
            "hasOwnProperty",
            "isPrototypeOf",
        );

        it("by a key that every object is born with finds only what holds it", async () => {
            await made("Plain");
            const holding = new Map<string, string>();
            await fc.assert(
                fc.asyncProperty(born, async (key) => {
                    const value = `of ${key}`;
                    if (!holding.has(key)) {
                        expect(await refusal("ledgers", { metadata: { [key]: value } })).to.contain("no match in");
                        holding.set(key, await made(`Holds ${key}`, { [key]: value }));
                    }
                    const found = await lookUp("ledgers", { metadata: { [key]: value } });
                    expect(found).to.deep.include({ id: holding.get(key), metadata: { [key]: value } });
                    expect(await refusal("ledgers", { metadata: { [key]: "other" } })).to.contain("no match in");
                }),
                { numRuns: 20 },
            );
        });

        it("has no argument that objects are born with", async () => {
            for (const name of ["toString", "constructor", "hasOwnProperty"]) {
                expect(await refusal("ledgers", { [name]: "x" })).to.contain(
                    `unknown argument "${name}"; known arguments: id`,
                );
            }
        });

        it("by a list gives the things in the order in which they were created, and an empty one where there are none", async () => {
            const ids: string[] = [];
            for (let n = 0; n < 103; n++)
                ids.push(await made("Many", { app: { stack: "dev", ...(n % 2 ? { n } : {}) } }));
            expect(await list("ledgers", { name: "Many" })).to.deep.equal(ids);
            const exact = ids.filter((_id, n) => n % 2 === 0);
            expect(await list("ledgers", { metadata: { app: { stack: "dev" } } })).to.deep.equal(exact);
            expect(await list("ledgers", { id: ids[7] })).to.deep.equal([ids[7]]);
            expect(await list("ledgers", { name: "Nobody's" })).to.deep.equal([]);
            expect(await list("ledgers", {})).to.include.members([...ids, "general_ledger_id"]);
            expect(await list("balances", { ledger: ids[0] })).to.deep.equal([]);
        });

        it("by a list of more than a thousand is refused, with the bound", async () => {
            await Promise.all(Array.from({ length: 1001 }, () => made("Many")));
            const answer = await list("ledgers", { name: "Many" }).catch((error: Error) => error.message);
            expect(answer).to.contain("more than 1000 ledgers match, too many for the stack's state.");
        });

        it("that never ends, or is short, stops with an error", async () => {
            for (let n = 0; n < 3; n++) await made("Few");
            const match = { path: "/filter$" };
            sandbox.trouble({ match, times: "always", do: { kind: "total", total: 60_000_000 } });
            const answer = await list("ledgers", { name: "Few" }).catch((error: Error) => error.message);
            expect(answer).to.contain(
                "list of ledgers cannot be used: it has 60000000 rows, but at most 100000 can be read. Run again",
            );
            // Core omits the count of an empty page, so nothing contradicts it.
            expect(await refusal("ledgers", { metadata: { none: 1 } })).to.match(/Run again|no match/);
            sandbox.clearTrouble();
            for (let n = 0; n < 120; n++) await made("Few");
            sandbox.trouble({ match, times: "always", do: { kind: "firstPage" } });
            const first = await list("ledgers", { name: "Few" }).catch((error: Error) => error.message);
            expect(first).to.contain("list of ledgers cannot be used: it contains only 100 of 123 rows. Run again");
            expect(sandbox.requests().length).to.be.lessThan(4);
        });

        it("keeps to the server that the stack lives in", async () => {
            await made("Customers");
            const asked = kinds.ledgers?.read("x", { lookup: { name: "Customers" }, instance: "inst_other/k3f9" });
            const text = await asked?.then(String, (error: Error) => error.message);
            expect(text).to.contain(`this stack's resources live in inst_other, but the configuration names ${server}`);
        });

        it("is read again by its id in a refresh, and is gone when the thing is", async () => {
            const id = await made("Customers");
            const found = await lookUp("ledgers", { name: "Customers" });
            sandbox.editLedger(id, { name: "Clients" });
            const again = await kinds.ledgers?.read(id, { found });
            expect(again).to.deep.equal({ id, props: { found: { ...found, name: "Clients" } } });
            sandbox.forget(id);
            expect(await kinds.ledgers?.read(id, { found })).to.deep.equal({ id: "", props: {} });
        });

        it("by get returns what is there where the binding is not yet known, as in a new stack's preview", async () => {
            const id = await made("Customers");
            const { props } = (await kinds.ledgers?.read(id, { lookup: true })) ?? {};
            expect(props).to.have.all.keys("name", "createdAt");
        });
    });
}
