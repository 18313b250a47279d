import { expect } from "chai";
import fc from "fast-check";
import { refusal } from "../../provider/blnk/failures";
import { printable, quotableWords } from "../../provider/blnk/words";
import type { ConnectionSettings } from "../../provider/settings/connectionSettings";

const settings: ConnectionSettings = {
    mode: "core",
    url: "http://127.0.0.1:1",
    credential: "core-key-4711",
    credentialFrom: "blnk:coreKey",
    urlFrom: "blnk:coreUrl",
    timeoutMs: 1000,
};

/** The part of Blnk's refusal that is printed. */
function quoted(message: string, body: unknown, path = "/ledgers"): string {
    const text = JSON.stringify({ error: message, error_detail: { code: "GEN_BAD_REQUEST", message } });
    const answer = { status: 400, text };
    const { message: sentence } = refusal(settings, answer, "proxy:write", { effect: "creates", path, body });
    return sentence.replace("Blnk refused the request (400)", "").replace(/^: /, "").replace(/\.$/, "");
}

/** Texts that a terminal shows differently. */
const hostile = fc.constantFrom(
    "\u001b[31m",
    "\u001b]0;title\u0007",
    "\u009b2J",
    "\u202e",
    "\u200b",
    "\u0000",
    "\r\n",
    "\t",
);
const words = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), hostile);
const leaf = fc
    .array(fc.oneof(words, fc.constantFrom('"', "\\", "<&>", "é", "…", "PIN-4711")), { maxLength: 6 })
    .map((it) => it.join(""));
const key = fc.oneof(fc.string(), fc.constantFrom("name", "meta_data", "__proto__", "constructor"));
const { body } = fc.letrec<{ body: unknown; value: unknown }>((tie) => ({
    value: fc.oneof({ depthSize: "small" }, leaf, fc.integer(), fc.array(tie("value"), { maxLength: 4 }), tie("body")),
    body: fc.array(fc.tuple(key, tie("value")), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
}));

function leaves(value: unknown): string[] {
    if (typeof value === "string") return [value];
    if (value === null || typeof value !== "object") return [];
    return Object.values(value).flatMap(leaves);
}

/** The ways in which servers and gateways repeat a request. */
const ECHOES: readonly [how: string, echo: (body: unknown) => string][] = [
    ["as JSON", (it) => `cannot parse ${JSON.stringify(it)}`],
    ["as JSON inside JSON", (it) => `upstream said ${JSON.stringify(JSON.stringify(it))}, sorry`],
    ["value by value", (it) => leaves(it).join(" is wrong, ")],
    [
        "in an address",
        (it) =>
            `POST /x?${leaves(it)
                .map((text) => new URLSearchParams({ q: text.replace(/\p{Cs}/gu, "") }))
                .join("&")}`,
    ],
    ["cut off", (it) => `body: ${JSON.stringify(it).slice(0, 40)}…`],
];

describe("a message of the server", () => {
    for (const [how, echo] of ECHOES) {
        it(`that repeats the request ${how} shows none of its values, and no terminal control`, () => {
            fc.assert(
                fc.property(body, (sent) => {
                    const text = quoted(echo(sent), sent);
                    for (const value of leaves(sent)) if (value.trim().length >= 4) expect(text).not.to.contain(value);
                    expect(text).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
                }),
                { numRuns: 300 },
            );
        });
    }

    it("hides a secret in every spelling, and a piece of it at the end", () => {
        const secret = 'PIN "4711" <für> \u001b[31mAcme\nzwölf/13';
        for (const message of [
            secret,
            JSON.stringify({ name: secret }),
            JSON.stringify(JSON.stringify({ name: secret })),
            JSON.stringify(secret).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"),
            encodeURIComponent(secret),
            new URLSearchParams({ name: secret }).toString(),
            `value ${secret.slice(0, 12)}`,
            `value ${secret.slice(0, 7)}…`,
            `half of it: ${secret.slice(8)}`,
        ]) {
            const text = quoted(message, { name: "n", meta_data: { pin: secret } });
            for (const piece of ["4711", "Acme", "zw"]) expect(text, message).not.to.contain(piece);
        }
    });

    it("hides the ids in the path, and the credential", () => {
        expect(quoted("no right to ldg_1 for core-key-4711 here", {}, "/ledgers/ldg_1")).to.equal(
            "no right to … for … here",
        );
    });

    it("that repeats nothing is quoted unchanged", () => {
        const sent = {
            name: "Customers",
            ledger_id: "ldg_9",
            currency: "USD",
            meta_data: { tier: "gold", pulumi: "a/b/c@d#e" },
        };
        for (const message of [
            "Invalid ledger ID",
            "name: cannot be blank",
            "identity_id: is required when track_fund_lineage is set",
            "Identity already exists",
            "Authentication required. Use X-Blnk-Key header",
            "json: cannot unmarshal string into Go struct field MetadataRequest.meta_data of type map[string]interface {}",
        ]) {
            expect(quoted(`${message}.`, sent)).to.equal(message);
        }
    });

    it("about a filter says what is wrong with it", () => {
        const filters = [{ field: "meta_data.a.b", operator: "eq", value: "PIN-4711" }];
        const message = "Invalid filter: invalid JSON key 'a.b' in field 'meta_data.a.b' for 'PIN-4711'";
        expect(quotableWords(message, { effect: "none", body: { filters, limit: 100 } }, undefined)).to.equal(
            "Invalid filter: invalid JSON key 'a.b' in field 'meta_data.a.b' for '…'",
        );
    });

    it("of anybody but Blnk is not quoted", () => {
        for (const text of [
            '{"error":"PIN-4711"}',
            '{"error":"PIN-4711","error_detail":{"code":"pin 4711"}}',
            "PIN-4711",
            "<p>PIN-4711",
        ]) {
            for (const status of [301, 400, 401, 403, 404, 409, 423, 429, 500, 502, 503]) {
                const sent = { effect: "creates", body: {} } as const;
                expect(refusal(settings, { status, text }, "x", sent).message).not.to.contain("4711");
            }
        }
    });

    it("loses terminal control", () => {
        expect(printable("a\u001b[31mb\u001b]0;x\u0007c\u202ed\u0007e\u009b2Jf")).to.equal("a b cd e f");
    });
});
