import { foreignMark, lookAt, type Walk } from "./walk";

const ledger = (meta_data: object = {}) => ["/ledgers", { name: "{run} There", meta_data }, "ledger_id"] as const;
const read = ["GET /ledgers/{there}"] as const;
const readBalance = ["GET /balances/{there}"] as const;
const write = (meta_data: object) => ["POST /{there}/metadata", { meta_data }] as const;
const says = (changes: string) => `adopts {there} "{run} There"; changes: ${changes}`;
const noLedger = ["POST /ledgers/filter", [{ field: "ledger_id", operator: "eq", value: "ldg_none" }]] as const;

/** How an existing ledger is brought under management. */
export const ADOPTED_LEDGER_WALKS: readonly Walk[] = [
    {
        title: "nothing is written where nothing is declared, no mark either; removing adopt changes nothing",
        kind: "Ledger",
        given: { there: ledger({ app: 1 }) },
        steps: [
            {
                up: { adopt: "{there}" },
                is: "created",
                tells: [says("none")],
                asks: [read, read],
                holds: { "{there}": { name: "{run} There", meta_data: { app: 1 } } },
            },
            { up: {}, is: "unchanged" },
            { up: { name: "{run} There" }, is: "unchanged" },
            { up: { name: "{run} New" }, is: "updated", asks: [["PUT /ledgers/{there}", { name: "{run} New" }]] },
            { up: {}, is: "unchanged", holds: { "{there}": { name: "{run} New", meta_data: { app: 1 } } } },
        ],
    },
    {
        title: "what is declared as it is, is not written either",
        kind: "Ledger",
        given: { there: ledger({ app: { a: [1] } }) },
        steps: [
            {
                up: { adopt: "{there}", name: "{run} There", metadata: { app: { a: [1] } } },
                is: "created",
                tells: [says("none")],
                asks: [read, read],
            },
        ],
    },
    {
        title: "what differs is told beforehand, and written",
        kind: "Ledger",
        given: { there: ledger({ app: 1, team: "old" }) },
        steps: [
            {
                up: { adopt: "{there}", name: "{run} New", metadata: { team: "pay" } },
                is: "created",
                tells: [says("name, metadata.team")],
                asks: [read, read, ["PUT /ledgers/{there}", { name: "{run} New" }], read, write({ team: "pay" }), read],
                holds: { "{there}": { name: "{run} New", meta_data: { app: 1, team: "pay" } } },
            },
        ],
    },
    {
        title: "what is not there cannot be adopted",
        kind: "Ledger",
        steps: [
            {
                up: { adopt: "ldg_none" },
                says: ["there is no ledger ldg_none to adopt in {server}"],
                asks: [["GET /ledgers/ldg_none"], noLedger],
            },
        ],
    },
    {
        title: "another id is refused once one is adopted",
        kind: "Ledger",
        given: { there: ledger(), other: ledger() },
        steps: [
            { up: { adopt: "{there}" }, is: "created", tells: [says("none")], asks: [read, read] },
            {
                up: { adopt: "{other}" },
                fails: "ledger {there} cannot adopt {other} as well: declare another resource for that.",
            },
        ],
    },
    {
        title: "what belongs to another stack is refused, unless its mark is named; then the mark is rewritten",
        kind: "Ledger",
        given: { there: ledger({ pulumi: foreignMark }) },
        steps: [
            {
                up: { adopt: "{there}" },
                says: [
                    `{there} belongs to another stack: it carries the mark ${foreignMark}. To take it from there, remove it from ` +
                        `that stack's program and say adoptFrom: "${foreignMark}"`,
                ],
                asks: [read],
            },
            {
                up: { adopt: "{there}", adoptFrom: "walks/elsewhere-{run}/b@x7#0123456789abcdef" },
                says: [`{there} carries the mark ${foreignMark}, not the one that adoptFrom names`],
                asks: [read],
            },
            {
                up: { adopt: "{there}", adoptFrom: foreignMark },
                is: "created",
                tells: [says("mark")],
                asks: [read, read, read, write({ pulumi: "{mark}" }), read],
                holds: { "{there}": { name: "{run} There", meta_data: { pulumi: "{mark}" } } },
            },
            { up: {}, is: "unchanged" },
        ],
    },
    {
        title: "another owner's stack of the same name is another stack",
        kind: "Ledger",
        given: { there: ledger({ pulumi: "walks/stack-{run}/a@x7#0123456789abcdef" }) },
        steps: [
            {
                up: { adopt: "{there}" },
                says: [
                    "{there} belongs to another stack: it carries the mark walks/stack-{run}/a@x7#0123456789abcdef. To take it " +
                        "from there, remove it from that stack's program and say adoptFrom: " +
                        '"walks/stack-{run}/a@x7#0123456789abcdef"',
                ],
                asks: [read],
            },
        ],
    },
    {
        title: "a mark of this stack that is rewritten is told beforehand",
        kind: "Ledger",
        given: { there: ledger({ pulumi: "walks/stack-{run}/a@own{run}#0123456789abcdef" }) },
        steps: [
            {
                up: { adopt: "{there}" },
                is: "created",
                tells: [says("mark")],
                asks: [read, read, read, write({ pulumi: "{mark}" }), read],
            },
        ],
    },
];

const LEDGER = ["/ledgers", { name: "{run} Ledger" }, "ledger_id"] as const;
const IDENTITY = ["/identities", { first_name: "{run}", identity_type: "individual" }, "identity_id"] as const;
const balance = (more: object = {}) =>
    ["/balances", { ledger_id: "{ledger}", currency: "USD", ...more }, "balance_id"] as const;
const saysBalance = (changes: string) => `adopts {there} "USD in {ledger}"; changes: ${changes}`;

/** How an existing balance is brought under management. */
export const ADOPTED_BALANCE_WALKS: readonly Walk[] = [
    ...(
        [
            ["a plain balance", {}],
            ["a balance with an identity", { identity_id: "{identity}" }],
            ["a balance with a strategy", { allocation_strategy: "LIFO" }],
            ["a balance that tracks lineage", { identity_id: "{identity}", track_fund_lineage: true }],
            ["a balance with metadata", { meta_data: { app: 1 } }],
        ] as const
    ).map(
        // An identity that is left out used to be refused by the next run, and lineage or a strategy to replace the balance.
        ([what, more]): Walk => ({
            title: `${what} stays as it is in all that is left out, in later runs and without adopt too`,
            kind: "Balance",
            given: { ledger: LEDGER, identity: IDENTITY, there: balance(more) },
            steps: [
                {
                    up: { adopt: "{there}" },
                    is: "created",
                    tells: [saysBalance("none")],
                    asks: [readBalance, readBalance],
                    holds: { "{there}": { ledger_id: "{ledger}", currency: "USD", ...more } },
                },
                { up: {}, is: "unchanged" },
                { up: { ledger: "{ledger}", currency: "USD" }, is: "unchanged" },
                { refresh: true, is: "same", asks: [lookAt("balances", "{there}")] },
            ],
        }),
    ),
    {
        title: "what Blnk cannot change is compared, and refused where it differs",
        kind: "Balance",
        given: { ledger: LEDGER, there: balance() },
        steps: [
            {
                up: { adopt: "{there}", ledger: "ldg_other", currency: "EUR", allocationStrategy: "LIFO" },
                says: [
                    '{there} has ledger "{ledger}", which Blnk cannot change: declare that, or leave ledger out',
                    '{there} has currency "USD", which Blnk cannot change: declare that, or leave currency out',
                    '{there} has allocationStrategy "FIFO", which Blnk cannot change: declare that, or leave allocationStrategy out',
                ],
                asks: [readBalance],
            },
        ],
    },
    {
        title: "identity and metadata that differ are told beforehand, and written",
        kind: "Balance",
        given: { ledger: LEDGER, identity: IDENTITY, there: balance() },
        steps: [
            {
                up: { adopt: "{there}", identity: "{identity}", metadata: { team: "pay" } },
                is: "created",
                tells: [saysBalance("identity, metadata.team")],
                asks: [
                    readBalance,
                    readBalance,
                    ["PUT /balances/{there}/identity", { identity_id: "{identity}" }],
                    readBalance,
                    write({ team: "pay" }),
                    readBalance,
                ],
                holds: { "{there}": { identity_id: "{identity}", meta_data: { team: "pay" } } },
            },
        ],
    },
];
