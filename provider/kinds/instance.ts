import { randomInt } from "node:crypto";
import * as v from "valibot";
import { filterRecords } from "../blnk/records";
import { tryWriting } from "../blnk/server";
import { MARK_KEY, parseMark } from "../marks/mark";
import type { MarkIndex } from "../marks/markIndex";
import { allMarksOf, olderRival } from "../marks/owners";
import type { OperationContext } from "./context";
import type { InputsOf, Lifecycle } from "./lifecycle";

const inputs = {
    /** `<project>/<stack>`: every mark of the stack begins with it. */
    stack: v.string(),
    /** The identity of the server. Absent in old states if the server did not answer in time. */
    server: v.string(),
};

/** The inputs of an Instance. They are the same on a laptop and in CI. */
export type InstanceInputs = InputsOf<typeof inputs, "stack">;

/** The state of an Instance. */
export type InstanceState = InstanceInputs & {
    readonly server: string;
    /** False while another run may have drawn an owner for the same stack at the same time. States of 0.1.0 are confirmed. */
    readonly confirmed?: false;
};

/** Letters and digits that people do not confuse. */
const OWNER_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const OWNER_LENGTH = 6;

/** One per stack and provider: the server that holds the stack's things, and their owner (its id). */
export const instance: Lifecycle<InstanceInputs, InstanceState> = {
    noun: "Blnk instance",
    inputs,
    required: ["stack"],
    preservedOnAdopt: [],
    replaceOn: [],
    claims: () => [],
    describe: ({ server }) => (server === undefined ? "the Blnk instance" : `the Blnk instance ${server}`),

    check({ inputs, old, server }) {
        const known = server ?? old?.server;
        return { inputs: { ...inputs, ...(known === undefined ? {} : { server: known }) }, problems: [] };
    },

    objection({ configuredOwner, markIndex }, owner, _inputs, { stack, confirmed }) {
        // The run that drew this owner has not confirmed it: look again before creating more.
        if (confirmed === false && configuredOwner === undefined) markIndex.doubt(owner, stack);
        if (configuredOwner === undefined || configuredOwner === owner) return undefined;
        return (
            `This stack's resources belong to owner ${owner}, but blnk:owner is ${configuredOwner}. The owner cannot change while ` +
            `the stack has resources: run "pulumi config set blnk:owner ${owner}", or remove blnk:owner.`
        );
    },

    async preflightCreate(context, inputs, _adoption, { old }) {
        if (old !== undefined || inputs.stack === undefined) return undefined;
        const { stack } = inputs;
        const found = await seenMarksOf(context, stack);
        const { configuredOwner } = context;
        if (found.total === 0) return undefined;
        if (configuredOwner === undefined)
            return { inputs, problems: [alreadyHoldsProblem(context.server, stack, found)] };
        const isKnown = found.owners.has(configuredOwner);
        if (!isKnown) context.warn(ownsNoneWarning(context.server, stack, found, configuredOwner));
        return {
            inputs,
            problems: [],
            ...(isKnown ? { says: () => takesBackRow(stack, found, configuredOwner) } : {}),
        };
    },

    async create(context, { stack }) {
        const found = context.configuredOwner === undefined ? await seenMarksOf(context, stack) : undefined;
        await tryWriting(context.blnk);
        if (found !== undefined && found.total > 0) throw new Error(alreadyHoldsProblem(context.server, stack, found));
        // A configured owner may have things that no list shows: that is how a lost state is taken back.
        if (context.configuredOwner !== undefined)
            return { id: context.configuredOwner, state: { stack, server: context.server } };
        // No thing can carry an owner that was just drawn.
        const owner = newOwner();
        context.markIndex.drew(owner);
        context.markIndex.doubt(owner, stack);
        return { id: owner, state: { stack, server: context.server, confirmed: false } };
    },

    // A server has no record: it exists as long as it answers, and that was checked before. A refresh does not confirm the
    // owner: that would show as drift.
    async read(_run, _id, state) {
        return state;
    },

    async update(context, owner, state, { stack }) {
        await tryWriting(context.blnk);
        return confirm(context, owner, { ...state, stack, server: context.server });
    },

    async delete() {
        // The stack forgets its server; the server is left as it is.
    },
};

/** The state, confirmed if this owner is the only one, or the first, that has created things of the stack. */
async function confirm(context: OperationContext, owner: string, state: InstanceState): Promise<InstanceState> {
    const { confirmed, ...rest } = state;
    if (confirmed === undefined || context.configuredOwner === owner) return rest;
    const owners = await context.markIndex.ownersOf(state.stack);
    if (!owners.has(owner)) return state;
    const rival = olderRival(owners, owner);
    if (rival === undefined) return rest;
    context.warn(rival);
    return state;
}

function newOwner(): string {
    return Array.from({ length: OWNER_LENGTH }, () => OWNER_LETTERS[randomInt(OWNER_LETTERS.length)]).join("");
}

interface FoundMarks {
    readonly total: number;
    readonly owners: ReadonlySet<string>;
}

/** The marks of its stack that each run has found: create reuses the answer that check got. */
const seenMarks = new WeakMap<MarkIndex, Promise<FoundMarks>>();

async function seenMarksOf(context: OperationContext, stack: string): Promise<FoundMarks> {
    const asked = seenMarks.get(context.markIndex) ?? marksOf(context, stack);
    seenMarks.set(context.markIndex, asked);
    asked.catch(() => seenMarks.delete(context.markIndex));
    return asked;
}

/** The things in Blnk that carry a mark of this stack, of any owner. */
async function marksOf(context: OperationContext, stack: string): Promise<FoundMarks> {
    const like = allMarksOf(stack);
    const pages = await Promise.all(context.markIndex.tables.map((table) => filterRecords(context.blnk, table, like)));
    const marks = pages.flatMap((page) => page.rows.map((row) => parseMark(row.meta_data[MARK_KEY])));
    return {
        total: pages.reduce((sum, page) => sum + page.total, 0),
        owners: new Set(marks.flatMap((mark) => mark?.owner ?? [])),
    };
}

function countOf({ total }: FoundMarks): string {
    return total === 1 ? "1 thing" : `${total} things`;
}

/** The row of an Instance whose configured owner has things already. */
function takesBackRow(stack: string, found: FoundMarks, owner: string): string {
    const others = found.owners.size > 1 ? ", including things of other owners" : "";
    return `takes back what owner ${owner} created; Blnk holds ${countOf(found)} marked ${stack}${others}`;
}

function ownsNoneWarning(server: string, stack: string, found: FoundMarks, owner: string): string {
    return (
        `${server} holds ${countOf(found)} marked ${stack} by owner ${[...found.owners].join(" and owner ")}, but blnk:owner is ` +
        `${owner}, and nothing of ${owner} was found. The existing things are not taken back: new ones are created beside them. ` +
        `If the state was lost, stop here and set blnk:owner to the existing owner.`
    );
}

function alreadyHoldsProblem(server: string, stack: string, found: FoundMarks): string {
    const owners = [...found.owners];
    return (
        `${server} already holds ${countOf(found)} marked ${stack} by owner ${owners.join(" and owner ")}. ` +
        `If this stack's state was lost, or the stack was destroyed before, run "pulumi config set blnk:owner ${owners[0]}" ` +
        `and "pulumi up" to take them back. If they belong to another stack of the same name, choose a different owner name: ` +
        `"pulumi config set blnk:owner <name>".`
    );
}
