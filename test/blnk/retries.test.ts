import { expect } from "chai";
import { Connection, pauseAfter } from "../../provider/blnk/connection";
import { createLedger, ledgers, renameLedger } from "../../provider/blnk/ledgers";
import type { Policy } from "../../provider/blnk/policy";
import { filterRecords } from "../../provider/blnk/records";
import { type Sandbox, startSandbox, type Trouble } from "../../sandbox/sandbox";
import { cloudSettings, connect, errorOf, MODES } from "./connections";
import { PATIENT } from "./policies";

/** Which requests are retried until they succeed: all except creates, or none. */
type Repeated = "but creates" | "none";

const TROUBLES: readonly [title: string, act: Trouble["do"], repeated: Repeated, made?: 1][] = [
    ["429", { kind: "answer", status: 429 }, "but creates"],
    ["423", { kind: "answer", status: 423 }, "but creates"],
    ["503", { kind: "answer", status: 503 }, "but creates"],
    ["503 after acting", { kind: "answerAfter", status: 503 }, "but creates", 1],
    ["500 without acting", { kind: "answer", status: 500 }, "but creates"],
    ["500 after acting", { kind: "answerAfter", status: 500 }, "but creates", 1],
    ["502 after acting", { kind: "answerAfter", status: 502 }, "but creates", 1],
    ["504 after acting", { kind: "answerAfter", status: 504 }, "but creates", 1],
    ["a connection cut before acting", { kind: "dropBefore" }, "but creates"],
    ["a connection cut after acting", { kind: "dropAfter" }, "but creates", 1],
    ["a connection cut in mid-answer", { kind: "dropMiddle" }, "but creates", 1],
    ["a connection that hangs", { kind: "hang" }, "but creates"],
    ["an answer after the time limit", { kind: "delayAnswer", ms: 60_000 }, "but creates", 1],
    ["a web page", { kind: "html" }, "none"],
    ["an unreadable answer after acting", { kind: "answerAfter", status: 201, body: "{" }, "none", 1],
    ["a redirect", { kind: "redirect", to: "https://login.example.com" }, "none"],
    ["400", { kind: "answer", status: 400 }, "none"],
    ["401", { kind: "answer", status: 401 }, "none"],
    ["403", { kind: "answer", status: 403 }, "none"],
    ["404", { kind: "answer", status: 404 }, "none"],
    ["409", { kind: "answer", status: 409 }, "none"],
];

for (const mode of MODES) {
    describe(`retries over ${mode}`, () => {
        let sandbox: Sandbox;
        let connection: Connection;
        let id: string;
        beforeEach(async () => {
            sandbox = await startSandbox();
            connection = connect(mode, sandbox, { timeoutMs: 400 }, PATIENT);
            ({ ledger_id: id } = await createLedger(connection, { name: "there", meta_data: {} }));
            sandbox.clearRequests();
        });
        afterEach(() => sandbox.stop());

        const acts: readonly [effect: string, act: () => Promise<unknown>][] = [
            ["a question", () => filterRecords(connection, ledgers, [])],
            ["a rename", () => renameLedger(connection, id, "renamed")],
            ["a create", () => createLedger(connection, { name: "made", meta_data: {} })],
        ];
        for (const [title, act, repeated, made = 0] of TROUBLES) {
            for (const [effect, ask] of acts) {
                const isRepeated = repeated === "but creates" && effect !== "a create";
                it(`${title}: ${effect} is sent ${isRepeated ? "until it succeeds" : "once"}`, async () => {
                    sandbox.trouble({ times: 2, do: act });
                    if (isRepeated) await ask();
                    else await errorOf(ask());
                    expect(sandbox.requests()).to.have.length(isRepeated ? 3 : 1);
                    const own = sandbox.ledgers().filter(({ name }) => name === "made");
                    expect(own).to.have.length(effect === "a create" ? made : 0);
                });
            }
        }
    });
}

describe("a create that may have acted", () => {
    const realNow = Date.now;
    let sandbox: Sandbox;
    beforeEach(async () => {
        sandbox = await startSandbox();
    });
    afterEach(async () => {
        Date.now = realNow;
        await sandbox.stop();
    });
    const clocks: readonly [what: string, now: () => number, policy: Partial<Policy>][] = [
        ["that stands still", () => 1_000_000, {}],
        ["that is set back", stepsBack(), { firstWaitMs: 1 }],
    ];
    for (const [what, now, change] of clocks) {
        // Retries once depended on the clock alone: if no time passed, the create was sent again.
        it(`is not sent again by a clock ${what}`, async () => {
            const connection = new Connection(cloudSettings(sandbox), { ...PATIENT, ...change });
            sandbox.trouble({ match: { path: "/ledgers$" }, do: { kind: "answerAfter", status: 500 } });
            Date.now = now;
            await createLedger(connection, { name: "made", meta_data: {} }).catch(() => undefined);
            expect(sandbox.writes()).to.have.length(1);
        });
    }
});

describe("a connection after the engine has stopped", () => {
    let sandbox: Sandbox;
    let isThere: boolean;
    let connection: Connection;
    beforeEach(async () => {
        sandbox = await startSandbox();
        isThere = true;
        connection = new Connection(cloudSettings(sandbox), PATIENT, () => isThere);
    });
    afterEach(() => sandbox.stop());

    it("sends no writes, and still reads", async () => {
        isThere = false;
        for (const attempt of [
            () => createLedger(connection, { name: "n", meta_data: {} }),
            () => renameLedger(connection, "ldg_1", "n"),
        ]) {
            expect(await errorOf(attempt())).to.include({ fault: "unwanted", mayHaveActed: false });
        }
        await filterRecords(connection, ledgers, []);
        expect(sandbox.writes()).to.deep.equal([]);
        expect(sandbox.requests()).to.have.length(1);
    });

    it("does not repeat a write that was in flight when the engine stopped", async () => {
        sandbox.trouble({ times: "always", do: { kind: "answer", status: 503 } });
        const telling = new Connection(
            cloudSettings(sandbox),
            { ...PATIENT, silentMs: 0 },
            () => isThere,
            () => {
                isThere = false;
            },
        );
        expect(await errorOf(renameLedger(telling, "ldg_1", "n"))).to.include({ fault: "unwanted" });
        expect(sandbox.requests()).to.have.length(1);
    });
});

describe("a long wait", () => {
    it("shows what the operation waits for, and a short one does not", async () => {
        const sandbox = await startSandbox();
        for (const [silentMs, expected] of [
            [0, 2],
            [60_000, 0],
        ] as const) {
            const told: string[] = [];
            const plain = new Connection(cloudSettings(sandbox), { ...PATIENT, silentMs });
            sandbox.trouble({ times: 2, do: { kind: "answer", status: 503 } });
            await filterRecords(
                plain.tellingWaits((text) => told.push(text)),
                ledgers,
                [],
            );
            expect(told).to.have.length(expected);
            for (const text of told) expect(text).to.match(/^waiting: Blnk stays busy \(503\)\./);
        }
        await sandbox.stop();
    });

    it("ends with the budget, and with the last failure", async () => {
        const sandbox = await startSandbox();
        const connection = new Connection(cloudSettings(sandbox), { ...PATIENT, budgetMs: 30 });
        sandbox.trouble({
            times: "always",
            do: { kind: "answer", status: 429, headers: { "retry-after": "3600" } },
        });
        const error = await errorOf(filterRecords(connection, ledgers, []));
        expect(error).to.include({ fault: "limited", status: 429, mayHaveActed: false });
        await sandbox.stop();
    });

    it("lasts as long as Retry-After says", async () => {
        const sandbox = await startSandbox();
        const connection = new Connection(cloudSettings(sandbox), PATIENT);
        sandbox.trouble({ do: { kind: "answer", status: 429, headers: { "retry-after": "0.2" } } });
        await filterRecords(connection, ledgers, []);
        const [first, second] = sandbox.requests();
        // Measured by the server. Timers may end slightly early.
        expect((second?.started ?? 0) - (first?.ended ?? 0)).to.be.greaterThan(190);
        await sandbox.stop();
    });
});

function stepsBack(): () => number {
    let now = 1_000_000_000;
    return () => {
        now -= 60_000;
        return now;
    };
}

describe("the pause before another attempt", () => {
    const policy = { firstWaitMs: 250, longestWaitMs: 5_000 };

    it("is what the server asks for, with nothing added", () => {
        expect(pauseAfter({ retryAfterMs: 7_000 }, 0, policy)).to.equal(7_000);
        expect(pauseAfter({ retryAfterMs: 7_000 }, 9, policy)).to.equal(7_000);
    });

    it("grows up to the longest wait if the server asks for nothing", () => {
        for (const attempt of [0, 1, 2, 3]) {
            const pauses = Array.from({ length: 50 }, () => pauseAfter({ retryAfterMs: 0 }, attempt, policy));
            const least = policy.firstWaitMs * 2 ** attempt;
            expect(pauses.every((pause) => pause >= least && pause <= 2 * least)).to.equal(true);
            expect(new Set(pauses).size).to.be.greaterThan(1);
        }
        expect(pauseAfter({ retryAfterMs: 0 }, 20, policy)).to.equal(5_000);
    });
});
