import { expect } from "chai";
import fc from "fast-check";
import { budgetFor } from "../../provider/blnk/connection";
import type { BlnkError } from "../../provider/blnk/errors";
import { type Effect, refusal, unreadable, withoutAnswer } from "../../provider/blnk/failures";
import { HttpFailure } from "../../provider/blnk/http";
import { DEFAULT_POLICY } from "../../provider/blnk/policy";
import type { ConnectionSettings } from "../../provider/settings/connectionSettings";

const settings: ConnectionSettings = {
    mode: "core",
    url: "http://127.0.0.1:1",
    credentialFrom: "blnk:coreKey",
    urlFrom: "blnk:coreUrl",
    timeoutMs: 1000,
};
const effect = fc.constantFrom<Effect>("none", "repeatable", "creates");
const CODED = '{"error_detail":{"code":"LGR_NOT_FOUND","message":"x"}}';
const text = fc.oneof(
    fc.constantFrom("", "<html>", '{"error":"x"}', CODED, "{", '{"error_detail":{"code":"no code"}}'),
    fc.string(),
    fc.json(),
);
const failure = fc
    .record({
        reason: fc.constantFrom<HttpFailure["reason"]>("unreachable", "proxy", "timeout", "interrupted", "too large"),
        detail: fc.constantFrom("ECONNREFUSED", "EHOSTUNREACH", "ENOTFOUND", "ECONNRESET", "EPIPE", "407", "no answer"),
        neverSent: fc.boolean(),
    })
    // After a refused connection nothing was sent.
    .map(({ reason, detail, neverSent }) => new HttpFailure(reason, detail, neverSent || detail === "ECONNREFUSED"));

/** Each way in which a request can fail. */
const outcome: fc.Arbitrary<(effect: Effect) => BlnkError> = fc.oneof(
    fc
        .record({ status: fc.integer({ min: 300, max: 599 }), text, retryAfterMs: fc.nat(9000) })
        .map((answer) => (what: Effect) => refusal(settings, answer, "proxy:write", { effect: what })),
    failure.map((it) => (what: Effect) => withoutAnswer(settings, it, what)),
    fc
        .record({ status: fc.integer({ min: 200, max: 299 }), text })
        .map((answer) => (what: Effect) => unreadable(settings, answer, what)),
);

describe("the classification of outcomes", () => {
    it("a create is repeated only if the connection failed: no answer proves that nothing was created", () => {
        fc.assert(
            fc.property(outcome, (fail) => {
                const error = fail("creates");
                if (budgetFor(error, "creates", DEFAULT_POLICY) > 0) {
                    expect(error).to.include({ status: undefined, mayHaveActed: false });
                    expect(error.cause).to.include({ neverSent: true });
                }
            }),
            { numRuns: 500 },
        );
    });

    it("a create did nothing only if it was never sent, or if Blnk refused it with an error code", () => {
        const answers = fc.record({ status: fc.integer({ min: 300, max: 599 }), text });
        fc.assert(
            fc.property(answers, (answer) => {
                const { mayHaveActed, status = 0 } = refusal(settings, answer, "proxy:write", { effect: "creates" });
                const refuses = status >= 300 && status < 500 && ![408, 409, 423, 425, 429].includes(status);
                expect(mayHaveActed).to.equal(!(refuses && status >= 400 && answer.text === CODED));
            }),
            {
                numRuns: 2000,
                examples: [408, 409, 423, 425, 429, 400, 404, 503].map((status) => [{ status, text: CODED }]),
            },
        );
        fc.assert(
            fc.property(failure, (it) => {
                expect(withoutAnswer(settings, it, "creates").mayHaveActed).to.equal(!it.neverSent);
            }),
        );
    });

    it("a read never acts, and a repeatable write is sent again unchanged", () => {
        fc.assert(
            fc.property(outcome, (fail) => {
                const [looks, repeats, creates] = [fail("none"), fail("repeatable"), fail("creates")];
                expect(looks.mayHaveActed).to.equal(false);
                expect(repeats.mayHaveActed).to.equal(creates.mayHaveActed);
                expect(budgetFor(looks, "none", DEFAULT_POLICY)).to.equal(
                    budgetFor(repeats, "repeatable", DEFAULT_POLICY),
                );
            }),
            { numRuns: 500 },
        );
    });

    it("a refusal is not retried: waiting does not grant rights or create missing things", () => {
        const refused = fc.constantFrom(300, 301, 302, 400, 401, 403, 404, 405, 409, 413, 422);
        fc.assert(
            fc.property(refused, text, effect, (status, body, what) => {
                const error = refusal(settings, { status, text: body }, "data:read", { effect: what });
                expect(budgetFor(error, what, DEFAULT_POLICY)).to.equal(0);
            }),
        );
    });
});
