import type { Walk } from "./walk";

const given = { ledger: ["/ledgers", { name: "{run}", meta_data: { app: { their: 1 } } }, "ledger_id"] as const };
const read = ["GET /ledgers/{ledger}"] as const;
const write = (value: unknown) => ["POST /{ledger}/metadata", { meta_data: { app: value } }] as const;

/** How an existing key of metadata is brought under management, or taken over. */
export const ADOPTED_TAG_WALKS: readonly Walk[] = [
    {
        title: "a tag is adopted as it is, without a write, and changed later",
        kind: "MetadataTag",
        given,
        steps: [
            {
                up: { adopt: "{ledger}/app" },
                is: "created",
                tells: ["adopts {ledger}/app; changes: none"],
                asks: [read, read],
                holds: { "{ledger}": { meta_data: { app: { their: 1 } } } },
            },
            { up: {}, is: "unchanged" },
            { up: { target: "{ledger}", key: "app" }, is: "unchanged" },
            { up: { value: "ours" }, is: "updated", asks: [read, write("ours"), read] },
            { up: {}, is: "unchanged" },
        ],
    },
    {
        title: "a value that differs is told beforehand, and written",
        kind: "MetadataTag",
        given,
        steps: [
            {
                up: { adopt: "{ledger}/app", value: "ours" },
                is: "created",
                tells: ["adopts {ledger}/app; changes: value"],
                asks: [read, read, write("ours"), read],
            },
        ],
    },
    {
        title: "another target or key than the adopted one is refused",
        kind: "MetadataTag",
        given,
        steps: [
            {
                up: { adopt: "{ledger}/app", target: "ldg_other", key: "other" },
                says: [
                    '{ledger}/app has target "{ledger}", which Blnk cannot change: declare that, or leave target out',
                    '{ledger}/app has key "app", which Blnk cannot change: declare that, or leave key out',
                ],
                asks: [read],
            },
        ],
    },
    {
        title: "a key that holds nothing cannot be adopted",
        kind: "MetadataTag",
        given,
        steps: [
            {
                up: { adopt: "{ledger}/none", value: 1 },
                says: ['{ledger} holds nothing under "none" to adopt'],
                asks: [read],
            },
        ],
    },
    {
        title: "a key that is taken is replaced where that is allowed, which is told; afterwards it means nothing",
        kind: "MetadataTag",
        given,
        steps: [
            {
                up: { target: "{ledger}", key: "app", value: "ours", replaceExisting: true },
                is: "created",
                tells: ['replaces what {ledger} holds under "app"'],
                asks: [read, read, write("ours"), read],
            },
            { up: { target: "{ledger}", key: "app", value: "ours" }, is: "updated", asks: [read] },
        ],
    },
];
