import { foreignMark, lookAt, lookFor, missed, type Scenario, takenAway, twin } from "./scenario";

const read = ["GET /ledgers/{id}"] as const;
/** The look-up by mark: before the create, and also after it for the first thing that a run creates. */
const look = lookFor("ledgers");
/** The look for balances of other stacks. */
const inside = ["POST /balances/filter", [{ field: "ledger_id", operator: "eq", value: "{id}" }]] as const;
const stays = 'ledger "thing" ({id}) is no longer managed and stays in Blnk, which cannot delete it';

/** The scenarios of a ledger. */
export const LEDGER_SCENARIOS: readonly Scenario[] = [
    {
        title: "a ledger is created, renamed in place, and released without a write",
        kind: "Ledger",
        steps: [
            {
                up: { name: "{run} Wallets" },
                is: "created",
                asks: made({}),
                holds: { "{id}": { name: "{run} Wallets", meta_data: { pulumi: "{mark}" } } },
            },
            {
                up: { name: "{run} Purses" },
                is: "updated",
                asks: [lookFor("ledgers"), ["GET /ledgers/{id}"], ["PUT /ledgers/{id}", { name: "{run} Purses" }]],
                holds: { "{id}": { name: "{run} Purses", meta_data: { pulumi: "{mark}" } } },
            },
            {
                up: { name: "{run} Wallets" },
                is: "updated",
                asks: [lookFor("ledgers"), ["GET /ledgers/{id}"], ["PUT /ledgers/{id}", { name: "{run} Wallets" }]],
            },
            {
                without: true,
                asks: [inside],
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
                asks: made({ team: "pay", plan: { seats: 3, tags: ["a"] }, old: true }),
            },
            {
                up: { name: "{run} Wallets", metadata: { team: "pay", plan: { seats: 4 }, fresh: 1.5 } },
                is: "updated",
                asks: [
                    look,
                    read,
                    ["POST /{id}/metadata", { meta_data: { plan: { seats: 4 }, old: null, fresh: 1.5 } }],
                    read,
                ],
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
                asks: [read, ["POST /{id}/metadata", { meta_data: { team: null, plan: null, fresh: null } }], read],
            },
            { destroy: true, asks: [inside], warns: [stays] },
        ],
    },
    {
        title: "null and an empty object count as absent",
        kind: "Ledger",
        steps: [
            {
                up: { name: "{run} Wallets", metadata: { a: null, b: { c: null } } },
                is: "created",
                asks: made({ b: { c: null } }),
            },
            { up: { name: "{run} Wallets", metadata: { b: { c: null } } }, is: "unchanged" },
            {
                up: { name: "{run} Wallets", metadata: {} },
                is: "updated",
                asks: [read, ["POST /{id}/metadata", { meta_data: { b: null } }], read],
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
                asks: made({ team: "pay" }),
            },
            { outside: ["PUT", "/ledgers/{id}", { name: "{run} Outside" }] },
            { outside: ["POST", "/{id}/metadata", { meta_data: { team: "fraud", app: { their: 1 } } }] },
            { refresh: true, is: "drifted", asks: [look] },
            {
                up: { name: "{run} Wallets", metadata: { team: "pay" } },
                is: "updated",
                asks: [
                    look,
                    read,
                    ["POST /{id}/metadata", { meta_data: { team: "pay" } }],
                    read,
                    ["PUT /ledgers/{id}", { name: "{run} Wallets" }],
                ],
                holds: {
                    "{id}": { name: "{run} Wallets", meta_data: { app: { their: 1 }, team: "pay", pulumi: "{mark}" } },
                },
            },
            { outside: ["POST", "/{id}/metadata", { meta_data: { app: null, other: 2 } }] },
            { refresh: true, is: "same", asks: [look] },
        ],
    },
    {
        title: "a key that others set to null comes back",
        kind: "Ledger",
        steps: [
            {
                up: { name: "{run} Wallets", metadata: { team: "pay" } },
                is: "created",
                asks: made({ team: "pay" }),
            },
            { outside: ["POST", "/{id}/metadata", { meta_data: { team: null } }] },
            { refresh: true, is: "drifted", asks: [look] },
            {
                up: { name: "{run} Wallets", metadata: { team: "pay" } },
                is: "updated",
                asks: [look, read, ["POST /{id}/metadata", { meta_data: { team: "pay" } }], read],
            },
        ],
    },
    {
        title: "what another stack has taken over is left to it, and reported",
        kind: "Ledger",
        steps: [
            {
                up: { name: "{run} Wallets", metadata: { team: "pay" } },
                is: "created",
                asks: made({ team: "pay" }),
            },
            { outside: ["POST", "/{id}/metadata", { meta_data: { pulumi: foreignMark } }] },
            // The state does not know this yet: the update sees it before any write.
            {
                up: { name: "{run} Wallets", metadata: { team: "fraud" } },
                fails: `cannot update ledger "thing": ${takenAway("{id}")}`,
                asks: [look, lookAt("ledgers")],
            },
            {
                refresh: true,
                is: "drifted",
                asks: [look, lookAt("ledgers")],
                warns: [takenAway("{id}")],
            },
            { up: { name: "{run} Wallets", metadata: { team: "pay" } }, fails: takenAway("{id}") },
            { refresh: true, is: "same", asks: [look, lookAt("ledgers")], warns: [takenAway("{id}")] },
        ],
    },
    {
        title: "a mark that others erase comes back",
        kind: "Ledger",
        steps: [
            { up: { name: "{run} Wallets" }, is: "created", asks: made({}) },
            { outside: ["POST", "/{id}/metadata", { meta_data: { pulumi: null } }] },
            { refresh: true, is: "drifted", asks: [look, lookAt("ledgers")] },
            {
                up: { name: "{run} Wallets" },
                is: "updated",
                asks: [lookAt("ledgers"), read, ["POST /{id}/metadata", { meta_data: { pulumi: "{mark}" } }], read],
                holds: { "{id}": { meta_data: { pulumi: "{mark}" } } },
            },
        ],
    },
    {
        title: "another ledger that carries its mark is named by every refresh, which keeps the one in the state",
        kind: "Ledger",
        steps: [
            { up: { name: "{run} Wallets" }, is: "created", asks: made({}) },
            {
                outside: ["POST", "/ledgers", { name: "{run} Twin", meta_data: { pulumi: "{mark}" } }],
                named: ["twin", "ledger_id"],
            },
            { refresh: true, is: "same", asks: [look], warns: [twin("{id}", "{twin}")] },
            { outside: ["POST", "/{twin}/metadata", { meta_data: { pulumi: null } }] },
            { refresh: true, is: "same", asks: [look] },
        ],
    },
    {
        title: "a ledger that vanished is gone, and created again",
        kind: "Ledger",
        steps: [
            { up: { name: "{run} Wallets" }, is: "created", asks: made({}) },
            {
                forget: "{id}",
                refresh: true,
                is: "gone",
                asks: missed("ledgers"),
            },
            { up: { name: "{run} Wallets" }, is: "created", asks: made({}) },
        ],
    },
    {
        title: "a name that is left out is the resource's name",
        kind: "Ledger",
        steps: [
            {
                up: {},
                is: "created",
                asks: [look, ["POST /ledgers", { name: "thing", meta_data: { pulumi: "{mark}" } }], look],
            },
            {
                up: { name: "{run} Purses" },
                is: "updated",
                asks: [lookFor("ledgers"), ["GET /ledgers/{id}"], ["PUT /ledgers/{id}", { name: "{run} Purses" }]],
            },
            {
                up: {},
                is: "updated",
                asks: [lookFor("ledgers"), ["GET /ledgers/{id}"], ["PUT /ledgers/{id}", { name: "thing" }]],
            },
        ],
    },
    {
        title: "invalid inputs are refused before any request",
        kind: "Ledger",
        steps: [
            { up: { name: " " }, says: ["name must not be empty"] },
            { up: { name: 7 }, says: ["name must be a string"] },
            {
                up: { name: "{run} Wallets", metadata: { pulumi: "x", BLNK_RUN_RECONCILIATION: true } },
                says: [
                    'the metadata key "pulumi" is reserved: it holds the mark by which this stack finds its own things; choose another key',
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

function made(metadata: object) {
    return [
        look,
        ["POST /ledgers", { name: "{run} Wallets", meta_data: { ...metadata, pulumi: "{mark}" } }],
        look,
    ] as const;
}
