import { lookAt, lookFor, pay, type Scenario, type Step } from "./scenario";

const LEDGER = ["/ledgers", { name: "{run} Ledger" }, "ledger_id"] as const;
const usd = { ledger: "{ledger}", currency: "USD" };
const readBalance = ["GET /balances/{id}"] as const;
const inside = ["POST /balances/filter", [{ field: "ledger_id", operator: "eq", value: "{id}" }]] as const;
const made = (table: "ledgers" | "balances", body: object) =>
    [lookFor(table), [`POST /${table}`, { ...body, meta_data: { pulumi: "{mark}" } }], lookFor(table)] as const;

const begin = (onDelete?: string): Step => ({
    up: { ...usd, ...(onDelete === undefined ? {} : { onDelete }) },
    is: "created",
    asks: made("balances", { ledger_id: "{ledger}", currency: "USD" }),
});
const beginLedger = (onDelete?: string): Step => ({
    up: { name: "{run}", ...(onDelete === undefined ? {} : { onDelete }) },
    is: "created",
    asks: made("ledgers", { name: "{run}" }),
});
const refusal = (what: string, why: string) =>
    `${what} cannot be removed: ${why}. It stays managed and was not changed; other removals of this run may already be ` +
    'done. To stop managing it anyway, set onDelete: "forget", run "pulumi up", and then remove it; ' +
    'or run "pulumi state delete" for it, which changes nothing in Blnk.';
const used = (what: string, reason: string) => refusal(what, `${reason}, and its onDelete is "refuseIfUsed"`);
const notReplaced = (why: string) =>
    `cannot replace balance "thing": it ({id}) cannot be removed: ${why}. This resource was not changed. ` +
    'To stop managing it anyway, set onDelete: "forget" together with the change.';
const stays = (what: string) => `${what} is no longer managed and stays in Blnk, which cannot delete it`;
const paid = "money has moved on it (credit 1234, debit 0, in the smallest unit)";
const balance = 'balance "thing" ({id})';
const ledger = 'ledger "thing" ({id})';

/** How a balance leaves the program, or is kept from leaving. */
export const LEAVING_BALANCE_SCENARIOS: readonly Scenario[] = [
    {
        title: "a used balance is refused, until its policy is to forget it",
        kind: "Balance",
        given: { ledger: LEDGER },
        steps: [
            begin(),
            pay(),
            {
                destroy: true,
                fails: `cannot delete balance "thing": ${used("it ({id})", paid)}`,
                asks: [readBalance],
            },
            { up: { ...usd, onDelete: "forget" }, is: "updated" },
            { without: true, warns: [stays(balance)], holds: { "{id}": { currency: "USD" } } },
        ],
    },
    {
        title: "money in flight is use",
        kind: "Balance",
        given: { ledger: LEDGER },
        steps: [
            begin("refuseIfUsed"),
            pay(true),
            {
                without: true,
                fails: `cannot delete balance "thing": ${used(
                    "it ({id})",
                    "money has moved on it (credit 0, debit 0, inflight 1234, in the smallest unit)",
                )}`,
                asks: [readBalance],
            },
        ],
    },
    {
        title: "a balance whose policy is to refuse is never released, unused or not, and nothing is asked",
        kind: "Balance",
        given: { ledger: LEDGER },
        steps: [
            begin("refuse"),
            {
                without: true,
                fails: `cannot delete balance "thing": ${refusal("it ({id})", 'its onDelete is "refuse"')}`,
            },
        ],
    },
    {
        title: "a balance that vanished from Blnk is released",
        kind: "Balance",
        given: { ledger: LEDGER },
        steps: [
            begin(),
            {
                forget: "{id}",
                without: true,
                asks: [
                    readBalance,
                    ["POST /balances/filter", [{ field: "balance_id", operator: "eq", value: "{id}" }]],
                ],
                warns: [stays(balance)],
            },
        ],
    },
    {
        title: "a used balance is not replaced: nothing is created before it is checked",
        kind: "Balance",
        given: { ledger: LEDGER },
        steps: [
            begin(),
            pay(),
            {
                up: { ...usd, currency: "EUR" },
                fails: notReplaced(`${paid}, and its onDelete is "refuseIfUsed"`),
                asks: [lookAt("balances")],
                holds: { "{id}": { currency: "USD" } },
            },
            {
                up: { ...usd, currency: "EUR", onDelete: "forget" },
                is: "replaced",
                asks: made("balances", { ledger_id: "{ledger}", currency: "EUR" }),
                warns: [stays('balance "thing" ({old})')],
            },
        ],
    },
    {
        title: "a replacement goes by its own policy: a used balance is replaced by one that forgets it",
        kind: "Balance",
        given: { ledger: LEDGER },
        steps: [
            begin("refuse"),
            pay(),
            {
                up: { ...usd, currency: "EUR", onDelete: "forget" },
                is: "replaced",
                asks: made("balances", { ledger_id: "{ledger}", currency: "EUR" }),
                warns: [stays('balance "thing" ({old})')],
            },
        ],
    },
    {
        title: "a replacement whose own policy is to refuse creates nothing",
        kind: "Balance",
        given: { ledger: LEDGER },
        steps: [
            begin(),
            {
                up: { ...usd, currency: "EUR", onDelete: "refuse" },
                fails: notReplaced('its onDelete is "refuse"'),
            },
        ],
    },
];

/** How a ledger leaves the program, or is kept from leaving. */
export const LEAVING_LEDGER_SCENARIOS: readonly Scenario[] = [
    ...(
        [
            ["without a mark", {}],
            ["of another owner", { pulumi: "scenarios/stack-{run}/b@other#0123456789abcdef" }],
            ["of another stack with the same owner", { pulumi: "scenarios/other-{run}/b@own{run}#0123456789abcdef" }],
        ] as const
    ).map(
        ([whose, meta_data]): Scenario => ({
            title: `a ledger that holds a balance ${whose} is refused, naming it`,
            kind: "Ledger",
            steps: [
                beginLedger(),
                {
                    outside: ["POST", "/balances", { ledger_id: "{id}", currency: "USD", meta_data }],
                    named: ["foreign", "balance_id"],
                },
                {
                    without: true,
                    asks: [inside],
                    fails: `cannot delete ledger "thing": ${used(
                        "it ({id})",
                        "it holds balance {foreign}, which does not belong to this stack",
                    )}`,
                },
            ],
        }),
    ),
    {
        title: "a ledger whose balances are all the stack's own is released, used or not",
        kind: "Ledger",
        steps: [
            beginLedger("refuseIfUsed"),
            {
                outside: [
                    "POST",
                    "/balances",
                    {
                        ledger_id: "{id}",
                        currency: "USD",
                        meta_data: { pulumi: "scenarios/stack-{run}/b@own{run}#0123456789abcdef" },
                    },
                ],
            },
            { without: true, asks: [inside], warns: [stays(ledger)] },
        ],
    },
    {
        title: "a ledger that is to be forgotten is released without a question, foreign balances or not",
        kind: "Ledger",
        steps: [
            beginLedger("forget"),
            { outside: ["POST", "/balances", { ledger_id: "{id}", currency: "USD" }] },
            { destroy: true, warns: [stays(ledger)] },
        ],
    },
    {
        title: "a ledger whose policy is to refuse is never released",
        kind: "Ledger",
        steps: [
            beginLedger("refuse"),
            {
                destroy: true,
                fails: `cannot delete ledger "thing": ${refusal("it ({id})", 'its onDelete is "refuse"')}`,
            },
        ],
    },
];
