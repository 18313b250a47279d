import { lookAt, type Scenario } from "./scenario";

const given = { ledger: ["/ledgers", { name: "{run}", meta_data: { app: { their: 1 } } }, "ledger_id"] as const };
const read = ["GET /ledgers/{ledger}"] as const;
const look = lookAt("ledgers", "{ledger}");
const write = (value: unknown, key = "billing") =>
    ["POST /{ledger}/metadata", { meta_data: { [key]: value } }] as const;
/** The preflight read of the key; then the read, the write, and the read that confirms it. */
const asked = (value: unknown, key?: string) => [read, ...written(value, key)] as const;
const written = (value: unknown, key?: string) => [read, write(value, key), read] as const;
const tag = (value: unknown) => ({ target: "{ledger}", key: "billing", value });

const none = [
    ["GET /balances/bln_none"],
    ["POST /balances/filter", [{ field: "balance_id", operator: "eq", value: "bln_none" }]],
] as const;

/** The scenarios of a metadata tag. */
export const METADATA_TAG_SCENARIOS: readonly Scenario[] = [
    {
        title: "a tag is written beside the keys of others, changed whole, and set to null at its end",
        kind: "MetadataTag",
        given,
        steps: [
            {
                up: tag({ plan: "pro", seats: 3 }),
                is: "created",
                asks: asked({ plan: "pro", seats: 3 }),
                holds: { "{ledger}": { meta_data: { app: { their: 1 }, billing: { plan: "pro", seats: 3 } } } },
            },
            {
                up: tag({ plan: "free" }),
                is: "updated",
                asks: [look, ...written({ plan: "free" })],
                holds: { "{ledger}": { meta_data: { app: { their: 1 }, billing: { plan: "free" } } } },
            },
            {
                without: true,
                asks: written(null),
                holds: { "{ledger}": { meta_data: { app: { their: 1 }, billing: null } } },
            },
            { up: tag([false]), is: "created", asks: asked([false]) },
        ],
    },
    ...[false, 0, "", [], {}].map(
        (value): Scenario => ({
            title: `${JSON.stringify(value)} is a value like any other`,
            kind: "MetadataTag",
            given,
            steps: [
                {
                    up: tag(value),
                    is: "created",
                    asks: asked(value),
                    holds: { "{ledger}": { meta_data: { app: { their: 1 }, billing: value } } },
                },
                { destroy: true, asks: written(null) },
            ],
        }),
    ),
    {
        title: "another key is another tag: the new one is written before the old one is set to null",
        kind: "MetadataTag",
        given,
        steps: [
            { up: tag(1), is: "created", asks: asked(1) },
            {
                up: { ...tag(1), key: "plan" },
                is: "replaced",
                asks: [...asked(1, "plan"), ...written(null)],
                holds: { "{ledger}": { meta_data: { app: { their: 1 }, billing: null, plan: 1 } } },
            },
        ],
    },
    {
        title: "another target is another tag",
        kind: "MetadataTag",
        given: { ...given, elsewhere: ["/ledgers", { name: "{run}" }, "ledger_id"] },
        steps: [
            { up: tag(1), is: "created", asks: asked(1) },
            {
                up: { ...tag(1), target: "{elsewhere}" },
                is: "replaced",
                asks: [
                    ["GET /ledgers/{elsewhere}"],
                    ["GET /ledgers/{elsewhere}"],
                    ["POST /{elsewhere}/metadata", { meta_data: { billing: 1 } }],
                    ["GET /ledgers/{elsewhere}"],
                    ...written(null),
                ],
                holds: { "{elsewhere}": { meta_data: { billing: 1 } } },
            },
        ],
    },
    {
        title: "a key that holds something else is refused and left alone; the same value is taken over without a write",
        kind: "MetadataTag",
        given,
        steps: [
            {
                up: { target: "{ledger}", key: "app", value: "mine" },
                says: [
                    '{ledger} already holds another value under "app", and others may rely on it. Choose another key, set ' +
                        'replaceExisting: true to replace the value, or set adopt: "{ledger}/app" to manage it as it is',
                ],
                asks: [read],
                holds: { "{ledger}": { meta_data: { app: { their: 1 } } } },
            },
            { up: { target: "{ledger}", key: "app", value: { their: 1 } }, is: "created", asks: [read, read] },
        ],
    },
    {
        title: "a value that others changed is found by a refresh and put right",
        kind: "MetadataTag",
        given,
        steps: [
            { up: tag("a"), is: "created", asks: asked("a") },
            { outside: ["POST", "/{ledger}/metadata", { meta_data: { billing: "b" } }] },
            { refresh: true, is: "drifted", asks: [look] },
            { up: tag("a"), is: "updated", asks: [look, ...written("a")] },
            { outside: ["POST", "/{ledger}/metadata", { meta_data: { other: 2 } }] },
            { refresh: true, is: "same", asks: [look] },
        ],
    },
    {
        title: "a value that others changed since is not set to null",
        kind: "MetadataTag",
        given,
        steps: [
            { up: tag("a"), is: "created", asks: asked("a") },
            { outside: ["POST", "/{ledger}/metadata", { meta_data: { billing: "b" } }] },
            {
                destroy: true,
                asks: [read],
                warns: [
                    'metadata tag "billing" on {ledger} holds a value that this tag did not write; the value stays as it is',
                ],
                holds: { "{ledger}": { meta_data: { app: { their: 1 }, billing: "b" } } },
            },
        ],
    },
    {
        title: "a key that others set to null is gone, and written again",
        kind: "MetadataTag",
        given,
        steps: [
            { up: tag("a"), is: "created", asks: asked("a") },
            { outside: ["POST", "/{ledger}/metadata", { meta_data: { billing: null } }] },
            { refresh: true, is: "gone", asks: [look] },
            { up: tag("a"), is: "created", asks: asked("a") },
            { outside: ["POST", "/{ledger}/metadata", { meta_data: { billing: null } }] },
            { destroy: true, asks: [read] },
        ],
    },
    {
        title: "a target that vanished takes its tag along",
        kind: "MetadataTag",
        given,
        steps: [
            { up: tag("a"), is: "created", asks: asked("a") },
            {
                forget: "{ledger}",
                destroy: true,
                asks: [read, ["POST /ledgers/filter", [{ field: "ledger_id", operator: "eq", value: "{ledger}" }]]],
            },
        ],
    },
    {
        title: "a tag is gone when its target is, for which one answer is not enough",
        kind: "MetadataTag",
        given,
        steps: [
            { up: tag("a"), is: "created", asks: asked("a") },
            {
                forget: "{ledger}",
                refresh: true,
                is: "gone",
                asks: [
                    look,
                    read,
                    ["POST /ledgers/filter", [{ field: "ledger_id", operator: "eq", value: "{ledger}" }]],
                ],
            },
        ],
    },
    {
        title: "a target that is not there is reported",
        kind: "MetadataTag",
        steps: [
            {
                up: { target: "bln_none", key: "k", value: 1 },
                fails:
                    'cannot create metadata tag "k" on bln_none: bln_none does not exist in Blnk. ' +
                    'Run "pulumi refresh" to see what else is missing.',
                asks: [...none, ...none],
            },
        ],
    },
    {
        title: "a balance and an identity carry tags too",
        kind: "MetadataTag",
        given: {
            ...given,
            balance: ["/balances", { ledger_id: "{ledger}", currency: "USD" }, "balance_id"],
            identity: ["/identities", { first_name: "{run}", identity_type: "individual" }, "identity_id"],
        },
        steps: [
            {
                up: { ...tag(1), target: "{balance}" },
                is: "created",
                asks: [
                    ["GET /balances/{balance}"],
                    ["GET /balances/{balance}"],
                    ["POST /{balance}/metadata", { meta_data: { billing: 1 } }],
                    ["GET /balances/{balance}"],
                ],
                holds: { "{balance}": { meta_data: { billing: 1 } } },
            },
            {
                up: { ...tag(1), target: "{identity}" },
                is: "replaced",
                asks: [
                    ["GET /identities/{identity}"],
                    ["GET /identities/{identity}"],
                    ["POST /{identity}/metadata", { meta_data: { billing: 1 } }],
                    ["GET /identities/{identity}"],
                    ["GET /balances/{balance}"],
                    ["POST /{balance}/metadata", { meta_data: { billing: null } }],
                    ["GET /balances/{balance}"],
                ],
                holds: { "{identity}": { meta_data: { billing: 1 } } },
            },
        ],
    },
    {
        title: "invalid inputs are refused before any request",
        kind: "MetadataTag",
        steps: [
            { up: { value: null }, says: ["target is missing", "key is missing", "value is missing"] },
            {
                up: { target: "acc_1", key: "tokenized_fields", value: 1 },
                says: [
                    'the metadata key "tokenized_fields" is reserved: Blnk uses it internally; choose another key',
                    'target must be a ledger, balance, identity or transaction, or the id of one ("ldg_…", "bln_…", "idt_…", "txn_…")',
                ],
            },
            {
                up: { target: "general_ledger_id", key: "", value: 2 ** 53 },
                says: [
                    "a metadata key must not be empty",
                    "value is an integer beyond 2^53, which Blnk would round: give it as a string",
                    "target is the General Ledger, which cannot carry metadata in Blnk",
                ],
            },
        ],
    },
];
