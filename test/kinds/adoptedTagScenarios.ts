import { lookAt, type Scenario } from "./scenario";

const given = { ledger: ["/ledgers", { name: "{run}", meta_data: { app: { their: 1 } } }, "ledger_id"] as const };
const read = ["GET /ledgers/{ledger}"] as const;
const look = lookAt("ledgers", "{ledger}");
const write = (value: unknown) => ["POST /{ledger}/metadata", { meta_data: { app: value } }] as const;

function undeclared(names: string, them = "them"): string {
    return (
        `adopt cannot be removed yet: without it, ${names} of {ledger}/app must be declared as in Blnk. ` +
        `Declare ${them}, or keep adopt`
    );
}

/** How an existing metadata key is adopted, or replaced. */
export const ADOPTED_TAG_SCENARIOS: readonly Scenario[] = [
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
            { up: {}, says: [undeclared("target and key and value")] },
            { up: { target: "{ledger}", key: "app", value: { their: 1 } }, is: "unchanged" },
            { up: { adopt: "{ledger}/app", value: "ours" }, is: "updated", asks: [look, read, write("ours"), read] },
            { up: { target: "{ledger}", key: "app" }, says: [undeclared("value", "it")] },
            { up: { target: "{ledger}", key: "app", value: "ours" }, is: "unchanged" },
        ],
    },
    {
        title: "a value that differs is shown beforehand, and written",
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
                    '{ledger}/app has target "{ledger}". Blnk cannot change this: declare "{ledger}", or omit target',
                    '{ledger}/app has key "app". Blnk cannot change this: declare "app", or omit key',
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
                says: ['cannot adopt {ledger}/none: {ledger} has no value under the metadata key "none"'],
                asks: [read],
            },
        ],
    },
    {
        title: "a key that is taken is replaced where that is allowed, which is shown; afterwards it means nothing",
        kind: "MetadataTag",
        given,
        steps: [
            {
                up: { target: "{ledger}", key: "app", value: "ours", replaceExisting: true },
                is: "created",
                tells: ['replaces the value of "app" on {ledger}'],
                asks: [read, read, write("ours"), read],
            },
            { up: { target: "{ledger}", key: "app", value: "ours" }, is: "updated", asks: [read] },
        ],
    },
];
