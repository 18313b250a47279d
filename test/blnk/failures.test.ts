import { expect } from "chai";
import type { BlnkError } from "../../provider/blnk/errors";
import { createLedger, ledgers } from "../../provider/blnk/ledgers";
import { filterRecords } from "../../provider/blnk/records";
import { type Sandbox, startSandbox, type Trouble } from "../../sandbox/sandbox";
import { cloudTo, connect, errorOf, get, MODES, type Mode } from "./connections";

/** The expected failure, for the read of a list and for a create. */
interface Rule {
    readonly title: string;
    readonly act: Trouble["do"];
    readonly fault: BlnkError["fault"];
    readonly sentence: Record<Mode, string>;
    /** Whether a create with this failure may have acted. */
    readonly unknown?: boolean;
    readonly made?: number;
    readonly timeoutMs?: number;
}

const coded = (message: string) => ({ error_detail: { code: "GEN_BAD_REQUEST", message } });
/** A cut answer gives one of two codes: it depends on how its pieces arrive. */
const sameCode = (message: string) => message.replace("ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET");
const both = (sentence: string) => ({ cloud: sentence, core: sentence });
const url = (mode: Mode) => `blnk:${mode}Url`;
const each = (sentence: (mode: Mode) => string) => ({ cloud: sentence("cloud"), core: sentence("core") });

const RULES: readonly Rule[] = [
    {
        title: "a 401 names the setting to check, with or without an error code",
        act: { kind: "answer", status: 401 },
        fault: "unauthorized",
        unknown: true,
        sentence: {
            cloud: "Blnk refused the access token (401). Check blnk:accessToken.",
            core: "Blnk refused the key (401). Check blnk:coreKey.",
        },
    },
    {
        title: "a 409 quotes Blnk's message",
        act: { kind: "answer", status: 409, body: { error: "taken. ", error_detail: { code: "LGR_DUPLICATE" } } },
        fault: "refused",
        sentence: both("Blnk refused the request (409): taken."),
        unknown: true,
    },
    {
        title: "a 400 with an error code did nothing, and quotes Blnk's message",
        act: { kind: "answer", status: 400, body: { error_detail: { code: "GEN_BAD_REQUEST", message: "no good." } } },
        fault: "refused",
        sentence: both("Blnk refused the request (400): no good."),
    },
    {
        title: "a 400 with an error code and no message is reported",
        act: { kind: "answer", status: 400, body: { error_detail: { code: "GEN_BAD_REQUEST" } } },
        fault: "refused",
        sentence: both("Blnk refused the request (400)."),
    },
    {
        title: "a 400 without an error code leaves the outcome unknown, and is not quoted",
        act: { kind: "answerAfter", status: 400, body: { error: "said by a gateway" } },
        fault: "refused",
        sentence: each(
            (mode) =>
                `URL refused the request (400) without an error code of Blnk. Check ${url(mode)} and any gateway in between.`,
        ),
        unknown: true,
        made: 1,
    },
    ...[429, 423, 503].map(
        (status): Rule => ({
            title: `a ${status} leaves the outcome of a create unknown`,
            act: { kind: "answerAfter", status, body: { error: "said by a gateway" } },
            fault: status === 429 ? "limited" : "busy",
            sentence: both(`Blnk stays busy (${status}). Run again later.`),
            unknown: true,
            made: 1,
        }),
    ),
    ...[500, 502, 504].map(
        (status): Rule => ({
            title: `a ${status} leaves the outcome of a create unknown`,
            act: {
                kind: "answerAfter",
                status,
                body: { error: "x", error_detail: { code: "GEN_INTERNAL", message: "oops" } },
            },
            fault: "server",
            sentence: both(`Blnk failed (${status}): oops. Run again later.`),
            unknown: true,
            made: 1,
        }),
    ),
    {
        title: "a web page instead of JSON names the address to check",
        act: { kind: "html" },
        fault: "unreadable",
        sentence: each(
            (mode) =>
                `URL answered with a web page instead of Blnk's JSON (status 200). Check ${url(mode)} and any gateway in between.`,
        ),
        unknown: true,
    },
    {
        title: "an empty answer is not accepted",
        act: { kind: "answerAfter", status: 201, body: "" },
        fault: "unreadable",
        sentence: each(
            (mode) =>
                `URL answered with something else instead of Blnk's JSON (status 201). Check ${url(mode)} and any gateway in between.`,
        ),
        unknown: true,
        made: 1,
    },
    {
        title: "a redirect is not followed, and only its origin is printed",
        act: { kind: "redirect", to: "https://login.example.com/sso?session=private" },
        fault: "unreadable",
        sentence: each(
            (mode) =>
                `URL answered with a redirect to https://login.example.com (302), which is not followed. ` +
                `Set ${url(mode)} to the final address.`,
        ),
        unknown: true,
    },
    {
        title: "an answer of 5 MB is not read to its end",
        act: { kind: "large", bytes: 5_000_000 },
        fault: "unreadable",
        sentence: each(
            (mode) => `URL answered with more than 4 MB, which is larger than any answer of Blnk. Check ${url(mode)}.`,
        ),
        unknown: true,
    },
    {
        title: "a hung connection ends at the time limit",
        act: { kind: "hang" },
        fault: "timeout",
        sentence: both("URL did not answer within 0.15 s. Check the server and the network."),
        unknown: true,
        timeoutMs: 150,
    },
    {
        title: "an answer after the time limit is ignored",
        act: { kind: "delayAnswer", ms: 60_000 },
        fault: "timeout",
        sentence: both("URL did not answer within 0.15 s. Check the server and the network."),
        unknown: true,
        made: 1,
        timeoutMs: 150,
    },
    {
        title: "a connection cut before the server acted leaves the outcome unknown",
        act: { kind: "dropBefore" },
        fault: "interrupted",
        sentence: both("the connection to URL was lost (ECONNRESET)."),
        unknown: true,
    },
    {
        title: "a connection cut after the server acted leaves the outcome unknown",
        act: { kind: "dropAfter" },
        fault: "interrupted",
        sentence: both("the connection to URL was lost (ECONNRESET)."),
        unknown: true,
        made: 1,
    },
    {
        title: "a connection cut in the middle of the answer leaves the outcome unknown",
        act: { kind: "dropMiddle" },
        fault: "interrupted",
        sentence: both("the connection to URL was lost (ECONNRESET)."),
        unknown: true,
        made: 1,
    },
];

for (const mode of MODES) {
    describe(`failures over ${mode}`, () => {
        let sandbox: Sandbox;
        beforeEach(async () => {
            sandbox = await startSandbox();
        });
        afterEach(() => sandbox.stop());

        const address = () => (mode === "cloud" ? sandbox.url : sandbox.coreUrl);

        for (const { title, act, fault, sentence, unknown = false, made = 0, timeoutMs } of RULES) {
            it(title, async () => {
                sandbox.trouble({ times: 2, do: act });
                const connection = connect(mode, sandbox, timeoutMs === undefined ? {} : { timeoutMs });
                const create = await errorOf(createLedger(connection, { name: "n", meta_data: {} }));
                const read = await errorOf(filterRecords(connection, ledgers, []));
                const expected = sentence[mode].replace("URL", address());
                expect(sameCode(create.message)).to.equal(expected);
                expect(create).to.include({ name: "BlnkError", fault, mayHaveActed: unknown });
                expect(sameCode(read.message)).to.equal(expected);
                expect(read).to.include({ name: "BlnkError", fault, mayHaveActed: false });
                expect(sandbox.ledgers()).to.have.length(1 + made);
                expect(sandbox.requests()).to.have.length(2);
                const told = `${create.message}${read.message}${JSON.stringify([create, read])}`;
                expect(told).not.to.contain(sandbox.token).and.not.to.contain(sandbox.coreKey);
            });
        }

        it("a refused connection did nothing, and names the address", async () => {
            const connection = connect(mode, sandbox);
            const name = address();
            await sandbox.stop();
            const error = await errorOf(createLedger(connection, { name: "n", meta_data: {} }));
            expect(error.message).to.equal(
                `${name} cannot be reached (ECONNREFUSED). Check ${url(mode)} and the network.`,
            );
            expect(error).to.include({ fault: "refusing", mayHaveActed: false });
        });

        it("a credential in the answer is not printed", async () => {
            const secret = mode === "cloud" ? sandbox.token : sandbox.coreKey;
            const message = `no right for ${secret} and ${secret}`;
            const body = { error_detail: { code: "GEN_BAD_REQUEST", message } };
            sandbox.trouble({ do: { kind: "answer", status: 400, body } });
            const error = await errorOf(get(connect(mode, sandbox), "/ledgers"));
            expect(error.message).to.equal("Blnk refused the request (400): no right for … and ….");
        });

        it("a request that the answer repeats is not printed", async () => {
            for (const status of [400, 404, 409, 500, 503]) {
                sandbox.trouble({ do: { kind: "echo", status } });
                const meta_data = { pin: "PIN-4711", nested: ["\u001b[31mzyx\u0007"] };
                const error = await errorOf(createLedger(connect(mode, sandbox), { name: 'Acme "Secret"', meta_data }));
                expect(error.message).to.contain(String(status));
                expect(error.message).not.to.match(/4711|Acme|Secret|zyx|\p{Cc}/u);
            }
        });

        it("a very long message is cut", async () => {
            sandbox.trouble({ do: { kind: "answer", status: 400, body: coded("x".repeat(9000)) } });
            const error = await errorOf(get(connect(mode, sandbox), "/ledgers"));
            expect(error.message).to.have.length.below(400);
        });

        for (const [shape, body] of [
            ["error", { error: "said", error_detail: { code: "GEN_BAD_REQUEST" } }],
            ["errors", { errors: "said.", error_detail: { code: "GEN_BAD_REQUEST" } }],
            ["error_detail", coded("said")],
            ["error_detail rather than a list", { errors: [{ Param: "a" }], ...coded("said") }],
        ] as const) {
            it(`Blnk's message is read from ${shape}`, async () => {
                sandbox.trouble({ do: { kind: "answer", status: 400, body } });
                const error = await errorOf(get(connect(mode, sandbox), "/ledgers"));
                expect(error.message).to.equal("Blnk refused the request (400): said.");
            });
        }
    });
}

describe("settings of Blnk Cloud with the address of a Core", () => {
    it("are reported as such, and not as a wrong token: Core asks for its key", async () => {
        const sandbox = await startSandbox();
        const connection = cloudTo(sandbox, { url: sandbox.coreUrl });
        for (const error of [
            await errorOf(filterRecords(connection, ledgers, [])),
            await errorOf(createLedger(connection, { name: "n", meta_data: {} })),
        ]) {
            expect(error.message).to.equal(
                `${sandbox.coreUrl} is a Blnk Core that asks for its key (401), not Blnk Cloud. ` +
                    `Check blnk:cloudUrl: set the address of a Core as coreUrl, and its key as coreKey.`,
            );
            expect(error).to.include({ fault: "unauthorized" });
        }
        await sandbox.stop();
    });
});
