import { expect } from "chai";
import fc from "fast-check";
import { majorText } from "../../sandbox/core/money";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox";
import { type Answer, core } from "./client";

/** What a real Core 0.15.2 said, under which key, with which code. */
type Said = [status: number, key: "error" | "errors", code: string, message: string];

describe("the Core stand-in refuses in Core's own words", () => {
    let sandbox: Sandbox;
    let ledger: string;
    beforeEach(async () => {
        sandbox = await startSandbox();
        ledger = (await core(sandbox, "POST", "/ledgers", { name: "l" })).body.ledger_id;
    });
    afterEach(() => sandbox.stop());

    const expectSaid = ({ status, body }: Answer, [wanted, key, code, message]: Said) => {
        const { error, errors, error_detail } = body;
        const other = key === "error" ? errors : error;
        expect([status, body[key], other, error_detail?.code, error_detail?.message]).to.deep.equal([
            ...[wanted, message, undefined],
            ...[code, message],
        ]);
    };

    const filters: [filter: object, message: string][] = [
        [{ operator: "in" }, "Invalid filter: operator 'in' for field 'name' requires at least one value in 'values'"],
        [
            { operator: "in", values: [] },
            "Invalid filter: operator 'in' for field 'name' requires at least one value in 'values'",
        ],
        [
            { operator: "between", values: [1] },
            "Invalid filter: operator 'between' for field 'name' requires exactly two values in 'values', got 1",
        ],
    ];
    for (const [filter, message] of filters) {
        it(`a filter ${JSON.stringify(filter)}`, async () => {
            const answer = await core(sandbox, "POST", "/ledgers/filter", { filters: [{ field: "name", ...filter }] });
            expectSaid(answer, [400, "error", "GEN_BAD_REQUEST", message]);
        });
    }

    const lineage = "identity_id: identity_id is required when track_fund_lineage is enabled";
    const strategy = "allocation_strategy: allocation_strategy must be one of: FIFO, LIFO, PROPORTIONAL";
    const balances: [body: object, message: string][] = [
        [{ track_fund_lineage: true }, `${lineage}.`],
        [{ allocation_strategy: "RANDOM" }, `${strategy}.`],
        [
            { allocation_strategy: "RANDOM", track_fund_lineage: true, currency: "" },
            `${strategy}; currency: cannot be blank; ${lineage}.`,
        ],
    ];
    for (const [body, message] of balances) {
        it(`a balance with ${JSON.stringify(body)}`, async () => {
            const answer = await core(sandbox, "POST", "/balances", { ledger_id: ledger, currency: "USD", ...body });
            expectSaid(answer, [400, "errors", "GEN_VALIDATION_ERROR", message]);
        });
    }

    const payment = {
        ...{ amount: 1, precision: 100, currency: "USD", reference: "r", description: "d" },
        ...{ source: "@a", destination: "@b", allow_overdraft: true, skip_queue: true },
    };
    const pay = (change: object) => core(sandbox, "POST", "/transactions", { ...payment, ...change });
    const date = "please format the scheduled date as 'YYYY-MM-DDTHH:MM:SS+00:00' (e.g., 2024-04-22T15:28:03+00:00)";
    const digits = "amount has more than 15 significant digits which may cause rounding errors";
    const payments: [change: object, message: string][] = [
        [{ description: undefined }, "description: cannot be blank."],
        [{ reference: "" }, "reference: cannot be blank."],
        [
            {
                ...{ amount: 0, currency: undefined, description: "", reference: undefined },
                source: "",
                destination: "",
            },
            "amount: either amount or precise_amount is required; currency: cannot be blank; description: cannot be " +
                "blank; destination: either destination or destinations is required, not both; reference: cannot be " +
                "blank; source: either source or sources is required, not both.",
        ],
        [{ precise_amount: 1 }, "amount: either amount or precise_amount should be provided, not both."],
        [{ amount: 1234567890.123456 }, `amount: ${digits}; use precise_amount instead.`],
        [{ amount: 1e20 }, `amount: ${digits}; use precise_amount instead.`],
        [{ scheduled_for: "tomorrow" }, `scheduled_for: ${date}.`],
    ];
    for (const [change, message] of payments) {
        it(`a transaction with ${JSON.stringify(change)}`, async () => {
            expectSaid(await pay(change), [400, "errors", "TXN_VALIDATION_ERROR", message]);
            expect(sandbox.transactions()).to.deep.equal([]);
        });
    }

    const applied: [change: object, message: string][] = [
        [
            { amount: undefined, precise_amount: 0 },
            "failed to apply transaction to balances: transaction precise amount must be positive",
        ],
        [{ amount: -1 }, "failed to split transaction: total distributions exceed 100% or total amount"],
    ];
    for (const [change, message] of applied) {
        it(`an amount of 0 or less: ${JSON.stringify(change)}`, async () => {
            expectSaid(await pay(change), [400, "error", "TXN_VALIDATION_ERROR", message]);
            expect(sandbox.transactions()).to.deep.equal([]);
        });
    }

    it("a transaction whose field is of another type", async () => {
        expectSaid(await pay({ currency: 7 }), [400, "error", "GEN_MALFORMED_REQUEST", "Invalid input"]);
    });

    const twice: [first: string, second: string, code: string, message: string][] = [
        ["commit", "commit", "TXN_ALREADY_COMMITTED", "cannot commit. Transaction already committed"],
        ["commit", "void", "TXN_ALREADY_COMMITTED", "cannot void. Transaction already committed"],
        ["void", "void", "TXN_ALREADY_VOIDED", "transaction has already been voided"],
    ];
    for (const [first, second, code, message] of twice) {
        it(`a hold that is settled twice: ${first}, then ${second}`, async () => {
            const { transaction_id } = (await pay({ inflight: true })).body;
            const settle = (status: string, skip_queue: boolean) =>
                core(sandbox, "PUT", `/transactions/inflight/${transaction_id}`, { status, skip_queue });
            await settle(first, true);
            expectSaid(await settle(second, false), [409, "error", code, message]);
            const wrapped = `error occurred during processing: [${message}]`;
            expectSaid(await settle(second, true), [409, "error", code, wrapped]);
        });
    }

    const rfc3339 = '"2006-01-02T15:04:05Z07:00"';
    const dates: [dob: string, said: string][] = [
        ["yesterday", `as ${rfc3339}: cannot parse "yesterday" as "2006"`],
        ["", `as ${rfc3339}: cannot parse "" as "2006"`],
        ["1990-01-15", `as ${rfc3339}: cannot parse "" as "T"`],
        ["1990/01/15", `as ${rfc3339}: cannot parse "/01/15" as "-"`],
        ["1990-1-15", `as ${rfc3339}: cannot parse "1-15" as "01"`],
        ["1990-01-15 00:00:00Z", `as ${rfc3339}: cannot parse " 00:00:00Z" as "T"`],
        ["1990-01-15T00:00:00", `as ${rfc3339}: cannot parse "" as "Z07:00"`],
    ];
    for (const [dob, said] of dates) {
        it(`the date of birth ${JSON.stringify(dob)}`, async () => {
            const message = `parsing time ${JSON.stringify(dob)} ${said}`;
            const answer = await core(sandbox, "POST", "/identities", { dob });
            expectSaid(answer, [400, "error", "GEN_MALFORMED_REQUEST", message]);
        });
    }
    for (const [dob, said] of [
        ["1990-13-15T00:00:00Z", "month out of range"],
        ["1990-02-30T00:00:00Z", "day out of range"],
        ["1990-01-15T24:00:00Z", "hour out of range"],
        ["1990-01-15T00:00:00Z!", 'extra text: "!"'],
    ] as const) {
        it(`the date of birth ${dob}`, async () => {
            const answer = await core(sandbox, "POST", "/identities", { dob });
            expectSaid(answer, [400, "error", "GEN_MALFORMED_REQUEST", `parsing time "${dob}": ${said}`]);
        });
    }

    it("dates that Go accepts are accepted", async () => {
        for (const dob of ["1992-02-29T00:00:00Z", "1990-01-15T10:00:00.123456789+05:30", "0001-01-01T00:00:00Z"]) {
            expect((await core(sandbox, "POST", "/identities", { dob })).status, dob).to.equal(201);
        }
    });
});

describe("amounts of any size", () => {
    it("an amount given as precise_amount shows the nearest double of the exact quotient, in the answer and in reads", async () => {
        const sandbox = await startSandbox();
        const payment = (units: string) =>
            `{"precise_amount":${units},"precision":100,"currency":"USD","reference":"r${units}","description":"d",
            "source":"@a","destination":"@b","allow_overdraft":true,"skip_queue":true}`;
        const headers = { "X-Blnk-Key": sandbox.coreKey };
        try {
            for (const [units, amount, exact] of [
                ["9007199254740994", "90071992547409.94", "90071992547409.94"],
                ["9007199254740993", "90071992547409.94", "90071992547409.93"],
                ["123456789012345678901234567890", "1.2345678901234569e+27", "1234567890123456789012345678.9"],
            ] as const) {
                const url = `${sandbox.coreUrl}/transactions`;
                const answer = await fetch(url, { method: "POST", headers, body: payment(units) });
                const text = await answer.text();
                expect(answer.status, text).to.equal(201);
                expect(text).to.contain(`"precise_amount":${units},"amount":${amount},`);
                expect(text).to.contain(`"amount_string":"${exact}"`);
                const id = JSON.parse(text).transaction_id;
                const read = await (await fetch(`${url}/${id}`, { headers })).text();
                expect(read)
                    .to.contain(`"precise_amount":${units},"amount":${amount},`)
                    .and.not.contain("amount_string");
            }
        } finally {
            await sandbox.stop();
        }
    });

    it("the quotient by a power of ten is exact, and as a number the nearest double", () => {
        fc.assert(
            fc.property(fc.bigInt({ min: 1n, max: 10n ** 40n }), fc.integer({ min: 0, max: 15 }), (units, digits) => {
                // A literal with an exponent is the exact quotient, and is read as the double nearest to it.
                const text = majorText(units, 10 ** digits);
                expect(Number(text)).to.equal(Number(`${units}e-${digits}`));
                const [whole = "", fraction = ""] = text.split(".");
                expect(BigInt(`${whole}${fraction.padEnd(digits, "0")}`)).to.equal(units);
            }),
        );
    });

    it("the quotient by another number ends after 16 digits, rounded", () => {
        expect([majorText(1n, 3), majorText(2n, 3), majorText(-2n, 3), majorText(1n, 8)]).to.deep.equal([
            ...["0.3333333333333333", "0.6666666666666667", "-0.6666666666666667", "0.125"],
        ]);
    });
});
