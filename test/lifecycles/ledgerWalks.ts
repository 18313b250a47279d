import type { Walk } from "./walk";

const read = ["GET /ledgers/{id}"] as const;
const stays = 'ledger "{run} Wallets" ({id}) is no longer managed, and stays in Blnk: nothing can be deleted there';

/** The lives of a ledger. */
export const LEDGER_WALKS: readonly Walk[] = [
    {
        title: "a ledger is made, renamed in place, and let go without a write",
        kind: "Ledger",
        steps: [
            {
                up: { name: "{run} Wallets" },
                is: "created",
                asks: [["POST /ledgers", { name: "{run} Wallets", meta_data: { pulumi: "{mark}" } }]],
                holds: { "{id}": { name: "{run} Wallets", meta_data: { pulumi: "{mark}" } } },
            },
            {
                up: { name: "{run} Purses" },
                is: "updated",
                asks: [["PUT /ledgers/{id}", { name: "{run} Purses" }]],
                holds: { "{id}": { name: "{run} Purses", meta_data: { pulumi: "{mark}" } } },
            },
            { up: { name: "{run} Wallets" }, is: "updated", asks: [["PUT /ledgers/{id}", { name: "{run} Wallets" }]] },
            {
                without: true,
                warns: [stays],
                holds: { "{id}": { name: "{run} Wallets", meta_data: { pulumi: "{mark}" } } },
            },
        ],
    },
    {
        title: "metadata is written key by key, whole, and only where it differs",
        kind: "Ledger",
        steps: [
            {
                up: { name: "{run} Wallets", metadata: { team: "pay", plan: { seats: 3, tags: ["a"] }, old: true } },
                is: "created",
                asks: [
                    [
                        "POST /ledgers",
                        {
                            name: "{run} Wallets",
                            meta_data: { team: "pay", plan: { seats: 3, tags: ["a"] }, old: true, pulumi: "{mark}" },
                        },
                    ],
                ],
            },
            {
                up: { name: "{run} Wallets", metadata: { team: "pay", plan: { seats: 4 }, fresh: 1.5 } },
                is: "updated",
                asks: [read, ["POST /{id}/metadata", { meta_data: { plan: { seats: 4 }, old: null, fresh: 1.5 } }]],
                holds: {
                    "{id}": { meta_data: { team: "pay", plan: { seats: 4 }, old: null, fresh: 1.5, pulumi: "{mark}" } },
                },
            },
            {
                up: { name: "{run} Wallets", metadata: { plan: { seats: 4 }, team: "pay", fresh: 1.5 } },
                is: "unchanged",
            },
            {
                up: { name: "{run} Wallets" },
                is: "updated",
                asks: [read, ["POST /{id}/metadata", { meta_data: { team: null, plan: null, fresh: null } }]],
            },
            { destroy: true, warns: [stays] },
        ],
    },
    {
        title: "null and an empty object count as absent",
        kind: "Ledger",
        steps: [
            {
                up: { name: "{run} Wallets", metadata: { a: null, b: { c: null } } },
                is: "created",
                asks: [["POST /ledgers", { name: "{run} Wallets", meta_data: { b: { c: null }, pulumi: "{mark}" } }]],
            },
            { up: { name: "{run} Wallets", metadata: { b: { c: null } } }, is: "unchanged" },
            {
                up: { name: "{run} Wallets", metadata: {} },
                is: "updated",
                asks: [read, ["POST /{id}/metadata", { meta_data: { b: null } }]],
            },
            { up: { name: "{run} Wallets", metadata: null }, is: "unchanged" },
            { up: { name: "{run} Wallets" }, is: "unchanged" },
        ],
    },
    {
        title: "what others do to it is found by a refresh and put right, their own keys aside",
        kind: "Ledger",
        steps: [
            {
                up: { name: "{run} Wallets", metadata: { team: "pay" } },
                is: "created",
                asks: [creation({ team: "pay" })],
            },
            { outside: ["PUT", "/ledgers/{id}", { name: "{run} Outside" }] },
            { outside: ["POST", "/{id}/metadata", { meta_data: { team: "fraud", app: { their: 1 } } }] },
            { refresh: true, is: "drifted", asks: [read] },
            {
                up: { name: "{run} Wallets", metadata: { team: "pay" } },
                is: "updated",
                asks: [
                    ["PUT /ledgers/{id}", { name: "{run} Wallets" }],
                    read,
                    ["POST /{id}/metadata", { meta_data: { team: "pay" } }],
                ],
                holds: {
                    "{id}": { name: "{run} Wallets", meta_data: { app: { their: 1 }, team: "pay", pulumi: "{mark}" } },
                },
            },
            { outside: ["POST", "/{id}/metadata", { meta_data: { app: null, other: 2 } }] },
            { refresh: true, is: "same", asks: [read] },
        ],
    },
    {
        title: "a key that others set to null comes back",
        kind: "Ledger",
        steps: [
            {
                up: { name: "{run} Wallets", metadata: { team: "pay" } },
                is: "created",
                asks: [creation({ team: "pay" })],
            },
            { outside: ["POST", "/{id}/metadata", { meta_data: { team: null } }] },
            { refresh: true, is: "drifted", asks: [read] },
            {
                up: { name: "{run} Wallets", metadata: { team: "pay" } },
                is: "updated",
                asks: [read, ["POST /{id}/metadata", { meta_data: { team: "pay" } }]],
            },
        ],
    },
    {
        title: "a mark that others erase comes back",
        kind: "Ledger",
        steps: [
            { up: { name: "{run} Wallets" }, is: "created", asks: [creation({})] },
            { outside: ["POST", "/{id}/metadata", { meta_data: { pulumi: null } }] },
            { refresh: true, is: "drifted", asks: [read] },
            {
                up: { name: "{run} Wallets" },
                is: "updated",
                asks: [read, ["POST /{id}/metadata", { meta_data: { pulumi: "{mark}" } }]],
                holds: { "{id}": { meta_data: { pulumi: "{mark}" } } },
            },
        ],
    },
    {
        title: "a ledger that vanished is gone, and made again",
        kind: "Ledger",
        steps: [
            { up: { name: "{run} Wallets" }, is: "created", asks: [creation({})] },
            {
                forget: "{id}",
                refresh: true,
                is: "gone",
                asks: [read, ["POST /ledgers/filter", [{ field: "ledger_id", operator: "eq", value: "{id}" }]]],
            },
            { up: { name: "{run} Wallets" }, is: "created", asks: [creation({})] },
        ],
    },
    {
        title: "what cannot be is refused before anything is asked",
        kind: "Ledger",
        steps: [
            { up: {}, says: ["name is missing"] },
            { up: { name: " " }, says: ["name must not be empty"] },
            { up: { name: 7 }, says: ["name must be string"] },
            {
                up: { name: "{run} Wallets", metadata: { pulumi: "x", BLNK_RUN_RECONCILIATION: true } },
                says: [
                    'the metadata key "pulumi" is reserved: it carries the mark by which this stack finds what it made; choose another key',
                    'the metadata key "BLNK_RUN_RECONCILIATION" is reserved: writing it makes Blnk recompute the balance; choose another key',
                ],
            },
            {
                up: { name: "", metadata: { "": 1 } },
                says: ["a metadata key must not be empty", "name must not be empty"],
            },
        ],
    },
];

function creation(metadata: object) {
    return ["POST /ledgers", { name: "{run} Wallets", meta_data: { ...metadata, pulumi: "{mark}" } }] as const;
}
