import { foreignMark, lookFor, missed, type Scenario, takenAway } from "./scenario";

const LEDGER = ["/ledgers", { name: "{run} Ledger" }, "ledger_id"] as const;
const given = { ledger: LEDGER };
const set = (balances: object, more: object = {}) => ({ ledger: "{ledger}", balances, ...more });
const usd = { currency: "USD" };

/** Members' marks are not in the state: they derive from the set's mark. */
const look = lookFor("balances", "{unkept}");
const made = (currency: string, metadata: object = {}) =>
    [
        look,
        ["POST /balances", { ledger_id: "{ledger}", currency, meta_data: { ...metadata, pulumi: "{unkept}" } }],
        look,
    ] as const;
const read = ["GET /balances/{id_a}"] as const;
const checked = (id: string) =>
    ["POST /balances/filter", [{ field: "balance_id", operator: "in", values: [id] }]] as const;
const gone = (id: string, key = "a") =>
    `1 balance is no longer managed and stays in Blnk, which cannot delete balances: ${key} (${id})`;

/** The scenarios of a balance set. */
export const BALANCE_SET_SCENARIOS: readonly Scenario[] = [
    {
        title: "a balance of a set is created, tagged, released without a write, and taken back",
        kind: "BalanceSet",
        given,
        steps: [
            {
                up: set({ a: usd }),
                is: "created",
                asks: made("USD"),
                holds: { "{id_a}": { ledger_id: "{ledger}", currency: "USD" } },
            },
            {
                up: set({ a: { ...usd, metadata: { tier: 1 } } }),
                is: "updated",
                asks: [look, read, ["POST /{id_a}/metadata", { meta_data: { tier: 1 } }], read],
                tells: ["changes a"],
            },
            {
                up: set({}),
                is: "updated",
                asks: [checked("{id_a}")],
                warns: [gone("{id_a}")],
                tells: ["stops managing a"],
            },
            {
                up: set({ a: { ...usd, metadata: { tier: 1 } } }),
                is: "updated",
                asks: [look],
                tells: ["adds a", "a: takes back {id_a}, which carries the mark of this balance; changes: none"],
            },
        ],
    },
    {
        title: "another currency creates another balance under the key, after the old one has been checked",
        kind: "BalanceSet",
        given,
        steps: [
            { up: set({ a: usd }), is: "created", asks: made("USD") },
            {
                up: set({ a: { currency: "EUR" } }),
                is: "updated",
                asks: [checked("{old_a}"), ...made("EUR")],
                warns: [gone("{old_a}")],
                tells: ["replaces a"],
                holds: { "{id_a}": { currency: "EUR" } },
            },
        ],
    },
    {
        title: "a set whose policy is to refuse releases nothing",
        kind: "BalanceSet",
        given,
        steps: [
            { up: set({ a: usd }, { onDelete: "refuse" }), is: "created", asks: made("USD") },
            {
                up: set({}, { onDelete: "refuse" }),
                fails:
                    'cannot update balance set "thing": balance "a" ({id_a}) cannot be removed: its onDelete is "refuse". ' +
                    'This set was not changed. To stop managing it anyway, set onDelete: "forget" on the set together ' +
                    "with the change.",
                tells: ["stops managing a"],
            },
            {
                up: set({}, { onDelete: "forget" }),
                is: "updated",
                warns: [gone("{id_a}")],
                tells: ["stops managing a"],
            },
        ],
    },
    {
        title: "metadata that others changed is drift, and a mark that they removed",
        kind: "BalanceSet",
        given,
        steps: [
            { up: set({ a: { ...usd, metadata: { tier: 1 } } }), is: "created", asks: made("USD", { tier: 1 }) },
            { outside: ["POST", "/{id_a}/metadata", { meta_data: { tier: 2, theirs: true, pulumi: null } }] },
            { refresh: true, is: "drifted", asks: [look, checked("{id_a}")] },
            {
                up: set({ a: { ...usd, metadata: { tier: 1 } } }),
                is: "updated",
                asks: [
                    checked("{id_a}"),
                    read,
                    ["POST /{id_a}/metadata", { meta_data: { tier: 1, pulumi: "{unkept}" } }],
                    read,
                ],
                tells: ["changes a"],
            },
        ],
    },
    {
        title: "a member that another stack has taken over is left to it, and reported",
        kind: "BalanceSet",
        given,
        steps: [
            { up: set({ a: usd }), is: "created", asks: made("USD") },
            { outside: ["POST", "/{id_a}/metadata", { meta_data: { pulumi: foreignMark } }] },
            {
                up: set({ a: { ...usd, metadata: { tier: 1 } } }),
                fails: `cannot update balance set "thing": balances["a"]: ${takenAway("{id_a}")}`,
                asks: [look, checked("{id_a}")],
                tells: ["changes a"],
            },
            { refresh: true, is: "drifted", asks: [look, checked("{id_a}")], warns: [`a: ${takenAway("{id_a}")}`] },
            {
                up: set({ a: usd }),
                fails: `cannot update balance set "thing": balances["a"]: ${takenAway("{id_a}")}`,
                tells: ["changes a"],
            },
            { refresh: true, is: "same", asks: [look, checked("{id_a}")], warns: [`a: ${takenAway("{id_a}")}`] },
            { up: set({}), is: "updated", warns: [gone("{id_a}")], tells: ["stops managing a"] },
        ],
    },
    {
        title: "a member that vanished is reported by refresh, and created again",
        kind: "BalanceSet",
        given,
        steps: [
            { up: set({ a: usd }), is: "created", asks: made("USD") },
            {
                forget: "{id_a}",
                refresh: true,
                is: "drifted",
                asks: missed("balances", "{id_a}", "{unkept}"),
                warns: ['a: {id_a} is gone from Blnk and was dropped from the state. "pulumi up" creates a new one.'],
            },
            { up: set({ a: usd }), is: "updated", asks: made("USD"), tells: ["adds a"] },
        ],
    },
    {
        title: "a key may be called like what every object has",
        kind: "BalanceSet",
        given,
        steps: [
            { up: set({ constructor: usd }), is: "created", asks: made("USD") },
            {
                up: set({}),
                is: "updated",
                asks: [checked("{id_constructor}")],
                warns: [gone("{id_constructor}", "constructor")],
                tells: ["stops managing constructor"],
            },
        ],
    },
    {
        title: "problems of members are reported by their keys",
        kind: "BalanceSet",
        given,
        steps: [
            {
                up: set({
                    a: { currency: " USD" },
                    b: { currenzy: "USD" },
                    c: 7,
                    d: {},
                    e: { adoptFrom: "m", ...usd },
                    ["k".repeat(201)]: usd,
                }),
                says: [
                    'balances["a"]: currency has leading or trailing spaces; Blnk could never correct it',
                    'balances["b"]: unknown argument "currenzy" (did you mean "currency"?)',
                    'balances["c"]: it must be an object such as { currency: "USD" }',
                    'balances["d"]: currency is missing',
                    'balances["e"]: adoptFrom needs adopt, which is missing',
                    `balances["${"k".repeat(201)}"]: its key is longer than 200 bytes, and the mark in the balance contains it: choose a shorter key`,
                ],
            },
        ],
    },
];
