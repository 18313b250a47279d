import { foreignMark, lookFor, type Scenario, type Step } from "./scenario";

const ledger = (meta_data: object = {}) => ["/ledgers", { name: "{run} There", meta_data }, "ledger_id"] as const;
const read = ["GET /ledgers/{there}"] as const;
const readBalance = ["GET /balances/{there}"] as const;
const write = (meta_data: object) => ["POST /{there}/metadata", { meta_data }] as const;
const says = (changes: string, mark = "claims it") =>
    `adopts {there} "{run} There"; changes: ${changes}${mark === "" ? "" : `; ${mark}`}`;
/** The reads of check and create; then the read, the write of the mark and of the keys, and the read that confirms it. */
const claimed = (meta_data: object = {}) =>
    [read, read, read, write({ ...meta_data, pulumi: "{mark}" }), read] as const;
const noLedger = ["POST /ledgers/filter", [{ field: "ledger_id", operator: "eq", value: "ldg_none" }]] as const;

function mustDeclare(name: string): string {
    return `adopt cannot be removed yet: without it, ${name} of {there} must be declared as in Blnk. Declare it, or keep adopt`;
}

/** How an existing ledger is adopted. */
export const ADOPTED_LEDGER_SCENARIOS: readonly Scenario[] = [
    {
        title: "nothing but the mark is written where nothing is declared; adopt can be removed once its name is declared",
        kind: "Ledger",
        given: { there: ledger({ app: 1 }) },
        steps: [
            {
                up: { adopt: "{there}" },
                is: "created",
                tells: [says("none")],
                asks: claimed(),
                holds: { "{there}": { name: "{run} There", meta_data: { app: 1, pulumi: "{mark}" } } },
            },
            { up: {}, says: [mustDeclare("name")] },
            { up: { name: "{run} There" }, is: "unchanged" },
            {
                up: { name: "{run} New" },
                is: "updated",
                asks: [lookFor("ledgers"), ["GET /ledgers/{there}"], ["PUT /ledgers/{there}", { name: "{run} New" }]],
            },
            {
                up: {},
                says: [mustDeclare("name")],
                holds: { "{there}": { name: "{run} New", meta_data: { app: 1, pulumi: "{mark}" } } },
            },
        ],
    },
    {
        title: "a name that is the resource's own need not be declared before adopt is removed",
        kind: "Ledger",
        given: { there: ["/ledgers", { name: "thing" }, "ledger_id"] },
        steps: [
            {
                up: { adopt: "{there}" },
                is: "created",
                tells: ['adopts {there} "thing"; changes: none; claims it'],
                asks: claimed(),
            },
            { up: {}, is: "unchanged" },
        ],
    },
    {
        title: "what is declared as it is, is not written",
        kind: "Ledger",
        given: { there: ledger({ app: { a: [1] } }) },
        steps: [
            {
                up: { adopt: "{there}", name: "{run} There", metadata: { app: { a: [1] } } },
                is: "created",
                tells: [says("none")],
                asks: claimed(),
            },
        ],
    },
    {
        title: "what differs is shown beforehand, and written: the mark and the metadata first",
        kind: "Ledger",
        given: { there: ledger({ app: 1, team: "old" }) },
        steps: [
            {
                up: { adopt: "{there}", name: "{run} New", metadata: { team: "pay" } },
                is: "created",
                tells: [says("name, metadata.team")],
                asks: [...claimed({ team: "pay" }), ["PUT /ledgers/{there}", { name: "{run} New" }]],
                holds: { "{there}": { name: "{run} New", meta_data: { app: 1, team: "pay", pulumi: "{mark}" } } },
            },
        ],
    },
    {
        title: "the old and the new name are shown if the program says that the name is not secret",
        kind: "Ledger",
        given: { there: ledger() },
        steps: [
            {
                up: { adopt: "{there}", name: "{run} New", secretInputs: [] },
                is: "created",
                tells: [says('name "{run} There" → "{run} New"')],
                asks: [...claimed(), ["PUT /ledgers/{there}", { name: "{run} New" }]],
            },
        ],
    },
    {
        title: "a name that is secret is not shown",
        kind: "Ledger",
        given: { there: ledger() },
        steps: [
            {
                up: { adopt: "{there}", name: "{run} New", secretInputs: ["name"] },
                is: "created",
                tells: [says("name")],
                asks: [...claimed(), ["PUT /ledgers/{there}", { name: "{run} New" }]],
            },
        ],
    },
    {
        title: "what is not there cannot be adopted",
        kind: "Ledger",
        steps: [
            {
                up: { adopt: "ldg_none" },
                says: ["cannot adopt ledger ldg_none: it was not found in {server}"],
                asks: [["GET /ledgers/ldg_none"], noLedger],
            },
        ],
    },
    {
        title: "another id is refused once one is adopted",
        kind: "Ledger",
        given: { there: ledger(), other: ledger() },
        steps: [
            { up: { adopt: "{there}" }, is: "created", tells: [says("none")], asks: claimed() },
            {
                up: { adopt: "{other}" },
                fails: 'ledger "thing" ({there}) cannot adopt {other} as well: declare another resource for that.',
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
                    `{there} belongs to another stack: it carries the mark ${foreignMark}. To take it over, remove it from ` +
                        `the program of that stack and set adoptFrom: "${foreignMark}"`,
                ],
                asks: [read],
            },
            {
                up: { adopt: "{there}", adoptFrom: "scenarios/elsewhere-{run}/b@x7#0123456789abcdef" },
                says: [
                    `{there} carries the mark ${foreignMark}, which differs from adoptFrom. Check which stack manages it, and correct adoptFrom`,
                ],
                asks: [read],
            },
            {
                up: { adopt: "{there}", adoptFrom: foreignMark },
                is: "created",
                tells: [says("none", `takes over from ${foreignMark}`)],
                asks: claimed(),
                holds: { "{there}": { name: "{run} There", meta_data: { pulumi: "{mark}" } } },
            },
            { up: { name: "{run} There" }, is: "unchanged" },
        ],
    },
    {
        title: "another owner's stack of the same name is another stack",
        kind: "Ledger",
        given: { there: ledger({ pulumi: "scenarios/stack-{run}/a@x7#0123456789abcdef" }) },
        steps: [
            {
                up: { adopt: "{there}" },
                says: [
                    "{there} belongs to another stack: it carries the mark scenarios/stack-{run}/a@x7#0123456789abcdef. To take it " +
                        "over, remove it from the program of that stack and set adoptFrom: " +
                        '"scenarios/stack-{run}/a@x7#0123456789abcdef"',
                ],
                asks: [read],
            },
        ],
    },
    {
        title: "a mark of this stack that is rewritten is shown beforehand",
        kind: "Ledger",
        given: { there: ledger({ pulumi: "scenarios/stack-{run}/a@own{run}#0123456789abcdef" }) },
        steps: [
            {
                up: { adopt: "{there}" },
                is: "created",
                tells: [says("none", "takes over from scenarios/stack-{run}/a@own{run}#0123456789abcdef")],
                asks: claimed(),
            },
        ],
    },
];

const LEDGER = ["/ledgers", { name: "{run} Ledger" }, "ledger_id"] as const;
const IDENTITY = ["/identities", { first_name: "{run}", identity_type: "individual" }, "identity_id"] as const;
const balance = (more: object = {}) =>
    ["/balances", { ledger_id: "{ledger}", currency: "USD", ...more }, "balance_id"] as const;
const saysBalance = (changes: string, mark = "; claims it") =>
    `adopts {there} "USD in {ledger}"; changes: ${changes}${mark}`;
const claimedBalance = (meta_data: object = {}) =>
    [readBalance, readBalance, readBalance, write({ ...meta_data, pulumi: "{mark}" }), readBalance] as const;

/** The refusal to remove adopt while these are not declared. */
function undeclared(names: readonly string[]): string {
    const them = names.length === 1 ? "it" : "them";
    return (
        `adopt cannot be removed yet: without it, ${names.join(" and ")} of {there} must be declared as in Blnk. ` +
        `Declare ${them}, or keep adopt`
    );
}

/** The immutable ones are named before the identity. */
function byPlace(left: string, right: string): number {
    return Number(left === "identity") - Number(right === "identity");
}

function without(declared: object, name: string): object {
    return Object.fromEntries(Object.entries(declared).filter(([other]) => other !== name));
}

/** How an existing balance is adopted. */
export const ADOPTED_BALANCE_SCENARIOS: readonly Scenario[] = [
    ...(
        [
            ["a plain balance", {}, {}],
            ["a balance with an identity", { identity_id: "{identity}" }, { identity: "{identity}" }],
            ["a balance with a strategy", { allocation_strategy: "LIFO" }, { allocationStrategy: "LIFO" }],
            [
                "a balance that tracks lineage",
                { identity_id: "{identity}", track_fund_lineage: true },
                { identity: "{identity}", trackFundLineage: true },
            ],
            ["a balance with metadata", { meta_data: { app: 1 } }, {}],
        ] as const
    ).map(
        // An omitted identity used to be refused by the next run, and omitted lineage or strategy used to replace the balance.
        ([what, more, declared]): Scenario => ({
            title: `${what} stays as it is in all that is left out, and adopt can be removed once that is declared`,
            kind: "Balance",
            given: { ledger: LEDGER, identity: IDENTITY, there: balance(more) },
            steps: [
                {
                    up: { adopt: "{there}" },
                    is: "created",
                    tells: [saysBalance("none")],
                    asks: claimedBalance(),
                    holds: {
                        "{there}": {
                            ledger_id: "{ledger}",
                            currency: "USD",
                            ...more,
                            meta_data: { ...("meta_data" in more ? more.meta_data : {}), pulumi: "{mark}" },
                        },
                    },
                },
                { up: {}, says: [undeclared(["ledger", "currency", ...Object.keys(declared).sort(byPlace)])] },
                ...Object.keys(declared).map(
                    (name): Step => ({
                        up: { ledger: "{ledger}", currency: "USD", ...without(declared, name) },
                        says: [undeclared([name])],
                    }),
                ),
                { up: { ledger: "{ledger}", currency: "USD", ...declared }, is: "unchanged" },
                { refresh: true, is: "same", asks: [lookFor("balances")] },
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
                    '{there} has ledger "{ledger}". Blnk cannot change this: declare "{ledger}", or omit ledger',
                    '{there} has currency "USD". Blnk cannot change this: declare "USD", or omit currency',
                    '{there} has allocationStrategy "FIFO". Blnk cannot change this: declare "FIFO", or omit allocationStrategy',
                ],
                asks: [readBalance],
            },
        ],
    },
    {
        title: "if the program says that they are not secret, both values are named",
        kind: "Balance",
        given: { ledger: LEDGER, there: balance() },
        steps: [
            {
                up: { adopt: "{there}", currency: "EUR", secretInputs: [] },
                says: [
                    '{there} has currency "USD", not "EUR". Blnk cannot change this: declare "USD", or omit currency',
                ],
                asks: [readBalance],
            },
        ],
    },
    {
        title: "identity and metadata that differ are shown beforehand, and written: the metadata first",
        kind: "Balance",
        given: { ledger: LEDGER, identity: IDENTITY, there: balance() },
        steps: [
            {
                up: { adopt: "{there}", identity: "{identity}", metadata: { team: "pay" } },
                is: "created",
                tells: [saysBalance("identity, metadata.team")],
                asks: [
                    ...claimedBalance({ team: "pay" }),
                    ["PUT /balances/{there}/identity", { identity_id: "{identity}" }],
                ],
                holds: { "{there}": { identity_id: "{identity}", meta_data: { team: "pay", pulumi: "{mark}" } } },
            },
        ],
    },
];
