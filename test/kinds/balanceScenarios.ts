import { lookAt, lookFor, missed, pay, type Scenario, twin } from "./scenario";

const read = ["GET /balances/{id}"] as const;
const LEDGER = ["/ledgers", { name: "{run} Ledger" }, "ledger_id"] as const;
const IDENTITY = ["/identities", { first_name: "{run}", identity_type: "individual" }, "identity_id"] as const;
const given = { ledger: LEDGER };
const withIdentities = { ledger: LEDGER, identity: IDENTITY, other: IDENTITY };

const usd = { ledger: "{ledger}", currency: "USD" };
/** The look-up by mark: before the create, and also after it for the first thing that a run creates. */
const look = lookFor("balances");
const made = (inputs: object) =>
    [look, ["POST /balances", { ...inputs, meta_data: { pulumi: "{mark}" } }], look] as const;
const madeUsd = made({ ledger_id: "{ledger}", currency: "USD" });
/** The old balance is checked before anything is created. */
const checked = lookAt("balances", "{old}");
const stays = (id: string) => `balance "thing" (${id}) is no longer managed and stays in Blnk, which cannot delete it`;

/** The scenarios of a balance. */
export const BALANCE_SCENARIOS: readonly Scenario[] = [
    {
        title: "a balance is created, tagged, and released without a write",
        kind: "Balance",
        given,
        steps: [
            {
                up: usd,
                is: "created",
                asks: madeUsd,
                holds: {
                    "{id}": {
                        ledger_id: "{ledger}",
                        currency: "USD",
                        identity_id: "",
                        track_fund_lineage: false,
                        allocation_strategy: "FIFO",
                        meta_data: { pulumi: "{mark}" },
                    },
                },
            },
            {
                up: { ...usd, metadata: { customer: { id: 7 } } },
                is: "updated",
                asks: [look, read, ["POST /{id}/metadata", { meta_data: { customer: { id: 7 } } }], read],
                holds: { "{id}": { meta_data: { customer: { id: 7 }, pulumi: "{mark}" } } },
            },
            { without: true, asks: [read], warns: [stays("{id}")], holds: { "{id}": { currency: "USD" } } },
        ],
    },
    {
        title: "another currency is another balance, and the old one stays",
        kind: "Balance",
        given,
        steps: [
            { up: usd, is: "created", asks: madeUsd },
            {
                up: { ...usd, currency: "EUR" },
                is: "replaced",
                asks: [checked, ...made({ ledger_id: "{ledger}", currency: "EUR" })],
                warns: [stays("{old}")],
                holds: { "{id}": { currency: "EUR", meta_data: { pulumi: "{mark}" } }, "{old}": { currency: "USD" } },
            },
        ],
    },
    {
        title: "another ledger is another balance",
        kind: "Balance",
        given: { ledger: LEDGER, elsewhere: LEDGER },
        steps: [
            { up: usd, is: "created", asks: madeUsd },
            {
                up: { ...usd, ledger: "{elsewhere}" },
                is: "replaced",
                asks: [checked, ...made({ ledger_id: "{elsewhere}", currency: "USD" })],
                warns: [stays("{old}")],
                holds: { "{id}": { ledger_id: "{elsewhere}" } },
            },
        ],
    },
    {
        title: "an identity is given and changed in place, and cannot be removed",
        kind: "Balance",
        given: withIdentities,
        steps: [
            { up: usd, is: "created", asks: madeUsd },
            {
                up: { ...usd, identity: "{identity}" },
                is: "updated",
                asks: [
                    lookFor("balances"),
                    ["GET /balances/{id}"],
                    ["PUT /balances/{id}/identity", { identity_id: "{identity}" }],
                ],
                holds: { "{id}": { identity_id: "{identity}" } },
            },
            {
                up: { ...usd, identity: "{other}" },
                is: "updated",
                asks: [
                    lookFor("balances"),
                    ["GET /balances/{id}"],
                    ["PUT /balances/{id}/identity", { identity_id: "{other}" }],
                ],
                holds: { "{id}": { identity_id: "{other}" } },
            },
            {
                up: usd,
                says: [
                    "identity cannot be removed once it is set: Blnk can only replace it by another one. Keep it, or declare a balance with another name",
                ],
                holds: { "{id}": { identity_id: "{other}" } },
            },
            {
                up: { ...usd, currency: "EUR" },
                is: "replaced",
                asks: [checked, ...made({ ledger_id: "{ledger}", currency: "EUR" })],
                warns: [stays("{old}")],
                holds: { "{id}": { identity_id: "" } },
            },
        ],
    },
    {
        title: "lineage and strategy are sent as given, and changing them is another balance",
        kind: "Balance",
        given: withIdentities,
        steps: [
            {
                up: { ...usd, identity: "{identity}", trackFundLineage: true, allocationStrategy: "LIFO" },
                is: "created",
                asks: made({
                    ledger_id: "{ledger}",
                    currency: "USD",
                    identity_id: "{identity}",
                    track_fund_lineage: true,
                    allocation_strategy: "LIFO",
                }),
                holds: { "{id}": { track_fund_lineage: true, allocation_strategy: "LIFO" } },
            },
            {
                up: { ...usd, identity: "{identity}", trackFundLineage: true, allocationStrategy: "PROPORTIONAL" },
                is: "replaced",
                asks: [
                    checked,
                    ...made({
                        ledger_id: "{ledger}",
                        currency: "USD",
                        identity_id: "{identity}",
                        track_fund_lineage: true,
                        allocation_strategy: "PROPORTIONAL",
                    }),
                ],
                warns: [stays("{old}")],
            },
        ],
    },
    {
        title: "declaring a default, or leaving it out again, creates no other balance",
        kind: "Balance",
        given,
        steps: [
            { up: usd, is: "created", asks: madeUsd },
            { up: { ...usd, trackFundLineage: false, allocationStrategy: "FIFO" }, is: "unchanged" },
            { up: usd, is: "unchanged" },
        ],
    },
    {
        title: "an identity that others set is found by a refresh and put right",
        kind: "Balance",
        given: withIdentities,
        steps: [
            {
                up: { ...usd, identity: "{identity}" },
                is: "created",
                asks: made({ ledger_id: "{ledger}", currency: "USD", identity_id: "{identity}" }),
            },
            { outside: ["PUT", "/balances/{id}/identity", { identity_id: "{other}" }] },
            { refresh: true, is: "drifted", asks: [look] },
            {
                up: { ...usd, identity: "{identity}" },
                is: "updated",
                asks: [
                    lookFor("balances"),
                    ["GET /balances/{id}"],
                    ["PUT /balances/{id}/identity", { identity_id: "{identity}" }],
                ],
                holds: { "{id}": { identity_id: "{identity}" } },
            },
        ],
    },
    {
        title: "money that moves is no drift",
        kind: "Balance",
        given,
        steps: [
            { up: usd, is: "created", asks: madeUsd },
            pay(),
            { refresh: true, is: "same", asks: [look] },
            { up: usd, is: "unchanged", holds: { "{id}": { balance: 1234 } } },
        ],
    },
    {
        title: "another balance that carries its mark is named by every refresh, which keeps the one in the state",
        kind: "Balance",
        given,
        steps: [
            { up: usd, is: "created", asks: madeUsd },
            {
                outside: [
                    "POST",
                    "/balances",
                    { ledger_id: "{ledger}", currency: "USD", meta_data: { pulumi: "{mark}" } },
                ],
                named: ["twin", "balance_id"],
            },
            { refresh: true, is: "same", asks: [look], warns: [twin("{id}", "{twin}")] },
            { outside: ["POST", "/{twin}/metadata", { meta_data: { pulumi: null } }] },
            { refresh: true, is: "same", asks: [look] },
        ],
    },
    {
        title: "a balance that vanished is gone, and created again",
        kind: "Balance",
        given,
        steps: [
            { up: usd, is: "created", asks: madeUsd },
            {
                forget: "{id}",
                refresh: true,
                is: "gone",
                asks: missed("balances"),
            },
            { up: usd, is: "created", asks: madeUsd },
        ],
    },
    {
        title: "invalid inputs are refused before any request",
        kind: "Balance",
        steps: [
            { up: {}, says: ["ledger is missing", "currency is missing"] },
            {
                up: { ledger: "general_ledger_id", currency: "" },
                says: [
                    "ledger is the General Ledger. Blnk itself creates balances there, when a transaction names an indicator. " +
                        "Adopt the balance instead",
                    "currency must not be empty",
                ],
            },
            {
                up: { ledger: "customers", currency: " USD", identity: "alice" },
                says: [
                    'ledger must be a Ledger or the id of one ("ldg_…")',
                    'identity must be the id of an identity ("idt_…")',
                    "currency has leading or trailing spaces; Blnk could never correct it",
                ],
            },
            {
                up: { ledger: "ldg_1", currency: "USD", trackFundLineage: true },
                says: ["trackFundLineage needs an identity: Blnk traces funds by the identity behind a balance"],
            },
            {
                up: { ledger: "ldg_1", currency: "USD", allocationStrategy: "fifo" },
                says: ['allocationStrategy must be "FIFO" or "LIFO" or "PROPORTIONAL"'],
            },
        ],
    },
    {
        title: "a ledger that is not there is reported in Blnk's words, and nothing is remembered",
        kind: "Balance",
        steps: [
            {
                up: { ledger: "ldg_none", currency: "USD" },
                fails: 'cannot create balance "thing": Blnk refused the request (400): Invalid ledger ID. Check that its ledger exists.',
                asks: [
                    lookFor("balances", "{unkept}"),
                    ["POST /balances", { ledger_id: "ldg_none", currency: "USD", meta_data: { pulumi: "{unkept}" } }],
                ],
            },
        ],
    },
];
