import { randomInt } from "node:crypto";
import * as v from "valibot";
import { balances } from "../blnk/balances";
import { ledgers } from "../blnk/ledgers";
import { filterRecords } from "../blnk/records";
import { tryWriting } from "../blnk/server";
import type { Lifecycle, Run } from "./lifecycle";
import { MARK_KEY, marksOfStack, parseMark } from "./mark";

/** What the Blnk server behind a stack is asked to be. Nothing here differs between a laptop and CI. */
export interface InstanceInputs {
    /** `<project>/<stack>`, with which every mark of the stack begins. */
    readonly stack: string;
    /** The identity of the server; absent in old states, where it did not answer in time. */
    readonly server?: string;
}

/** What a stack remembers of its Blnk server. */
export interface InstanceState extends InstanceInputs {
    readonly server: string;
}

/** Letters and digits that are not mistaken for each other. */
const OWNER_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const OWNER_LENGTH = 6;

/** One per stack and provider: where the stack's things live, and the word (its id) that says whose they are. */
export const instance: Lifecycle<InstanceInputs, InstanceState> = {
    noun: "Blnk instance",
    inputs: { stack: v.string(), server: v.string() },
    required: ["stack"],
    keptAsIs: [],
    replaceOn: [],
    claims: () => [],
    describe: ({ server }) => (server === undefined ? "the Blnk instance" : `the Blnk instance ${server}`),

    check({ inputs, old, server }) {
        const known = server ?? old?.server;
        return { inputs: { ...inputs, ...(known === undefined ? {} : { server: known }) }, problems: [] };
    },

    objection({ configuredOwner }, owner) {
        if (configuredOwner === undefined || configuredOwner === owner) return undefined;
        return (
            `this stack's things belong to owner ${owner}, and blnk:owner says ${configuredOwner}. An owner cannot change ` +
            `while there are things of the stack: run "pulumi config set blnk:owner ${owner}", or remove it.`
        );
    },

    async create(run, { stack }) {
        const found = await marksOf(run, stack);
        await tryWriting(run.blnk);
        if (run.configuredOwner === undefined && found.total > 0) {
            throw new Error(alreadyHolds(run.server, stack, found));
        }
        const owner = run.configuredOwner ?? newOwner();
        // Where nothing is marked with this owner there is nothing to look for before making.
        if (found.isWhole && !found.owners.has(owner)) run.marks.drew(owner);
        return { id: owner, state: { stack, server: run.server } };
    },

    // A server has no record of its own: it is there as long as it answers, which the guard has seen to.
    async read(_run, _id, state) {
        return state;
    },

    async update(run, _id, _state, { stack }) {
        await tryWriting(run.blnk);
        return { stack, server: run.server };
    },

    async delete() {
        // The stack forgets its server; the server is left as it is.
    },
};

function newOwner(): string {
    return Array.from({ length: OWNER_LENGTH }, () => OWNER_LETTERS[randomInt(OWNER_LETTERS.length)]).join("");
}

interface FoundMarks {
    readonly total: number;
    readonly owners: ReadonlySet<string>;
    /** Whether all of them were seen, and not only a first page. */
    readonly isWhole: boolean;
}

/** The things in Blnk that carry a mark of this stack, whoever owned it. */
async function marksOf(run: Run, stack: string): Promise<FoundMarks> {
    const like = [{ field: `meta_data.${MARK_KEY}`, operator: "like" as const, value: marksOfStack(stack) }];
    const pages = await Promise.all([filterRecords(run.blnk, ledgers, like), filterRecords(run.blnk, balances, like)]);
    const marks = pages.flatMap((page) => page.rows.map((row) => parseMark(row.meta_data[MARK_KEY])));
    return {
        total: pages.reduce((sum, page) => sum + page.total, 0),
        isWhole: pages.every((page) => page.rows.length >= page.total),
        owners: new Set(marks.flatMap((mark) => mark?.owner ?? [])),
    };
}

function alreadyHolds(server: string, stack: string, found: FoundMarks): string {
    const owners = [...found.owners];
    const things = found.total === 1 ? "1 thing" : `${found.total} things`;
    return (
        `${server} already holds ${things} marked ${stack} by owner ${owners.join(" and owner ")}. ` +
        `State lost, or destroyed before? "pulumi config set blnk:owner ${owners[0]}" and "pulumi up" takes them back. ` +
        `Another stack of the same name? Set blnk:owner to a word of its own.`
    );
}
