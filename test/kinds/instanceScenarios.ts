import type { Scenario } from "./scenario";

const marks = [{ field: "meta_data.pulumi", operator: "like", value: "scenarios/stack-{run}/%" }];
const tried = ["POST /ldg_00000000-0000-0000-0000-000000000000/metadata", { meta_data: {} }] as const;
const inputs = { stack: "scenarios/stack-{run}" };

/** The scenarios of an Instance. */
export const INSTANCE_SCENARIOS: readonly Scenario[] = [
    {
        title: "an Instance looks for things of the stack, tries whether it may write, and leaves nothing behind",
        kind: "Instance",
        steps: [
            {
                up: inputs,
                is: "created",
                asks: [["POST /ledgers/filter", marks], ["POST /balances/filter", marks], tried],
            },
            { refresh: true, is: "same" },
            { up: inputs, is: "unchanged" },
            { destroy: true },
        ],
    },
    {
        title: "a server that already holds things of the stack is refused, naming their owner",
        kind: "Instance",
        given: {
            first: [
                "/ledgers",
                { name: "{run}", meta_data: { pulumi: "scenarios/stack-{run}/a@k3f9ab#0123456789abcdef" } },
                "ledger_id",
            ],
        },
        steps: [
            {
                up: inputs,
                says: [
                    "{server} already holds 1 thing marked scenarios/stack-{run} by owner " +
                        "k3f9ab. If this stack's state was lost, or the stack was destroyed before, run " +
                        '"pulumi config set blnk:owner k3f9ab" and "pulumi up" to take them back. If they belong to another ' +
                        'stack of the same name, choose a different owner name: "pulumi config set blnk:owner <name>".',
                ],
                asks: [
                    ["POST /ledgers/filter", marks],
                    ["POST /balances/filter", marks],
                ],
            },
        ],
    },
    {
        title: "things of a stack whose name only begins alike are not this stack's",
        kind: "Instance",
        given: {
            first: [
                "/ledgers",
                { name: "{run}", meta_data: { pulumi: "scenarios/stack-{run}x/a@k3f9ab#0123456789abcdef" } },
                "ledger_id",
            ],
        },
        steps: [
            {
                up: inputs,
                is: "created",
                asks: [["POST /ledgers/filter", marks], ["POST /balances/filter", marks], tried],
            },
        ],
    },
];
