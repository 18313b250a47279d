import * as v from "valibot";
import { type Metadata, readMetadata, targetTable } from "../blnk/metadata";
import { adopts, differs, type Preflight } from "../creation/adoption";
import { heldUnder, keyProblems, present, valueProblems, valueSizeProblems } from "../metadata/metadata";
import { changeOfKeys, keysAt } from "../metadata/ownedKeys";
import { mayHaveActed } from "../metadata/unsettledWrite";
import { type Json, sameJson } from "../wire/json";
import { labelOf } from "../wire/urn";
import type { OperationContext } from "./context";
import type { InputsOf, Lifecycle } from "./lifecycle";
import { PartialFailure } from "./partialFailure";

const inputs = {
    /** The id of the thing that carries the tag. */
    target: v.string(),
    key: v.string(),
    value: v.unknown() as v.GenericSchema<unknown, Json>,
    /** Whether the tag may replace another writer's value. */
    replaceExisting: v.boolean(),
    /** The tag's id, if it was adopted. */
    adopted: v.string(),
};

/** The inputs of a metadata tag. */
export type MetadataTagInputs = InputsOf<typeof inputs, "target" | "key" | "value">;

/** The state of a metadata tag. */
export type MetadataTagState = MetadataTagInputs & {
    /** Present if the last write could not be confirmed. Holds 0 if the key may still hold an older value of the tag. */
    readonly unsettled?: readonly number[];
    /** Present if a refresh found a value that this tag did not write. */
    readonly drifted?: true;
};

export const metadataTag: Lifecycle<MetadataTagInputs, MetadataTagState> = {
    noun: "metadata tag",
    inputs,
    required: ["target", "key", "value"],
    preservedOnAdopt: ["target", "key", "value"],
    replaceOn: ["target", "key"],

    naturalId: ({ adopted, target, key }) =>
        adopted ?? (target === undefined || key === undefined ? undefined : `${target}/${key}`),
    claims: (id) => [id],
    keys: ({ key }) => (key === undefined ? [] : [key]),
    describe: ({ target, key }, id) =>
        key === undefined
            ? `metadata tag ${id}`
            : `metadata tag "${key}"${target === undefined ? "" : ` on ${target}`}`,

    check({ inputs }) {
        const { target, key, value } = inputs;
        const problems = [...(key === undefined ? [] : keyProblems(key)), ...valueProblems(value, "value")];
        problems.push(...valueSizeProblems(value));
        if (target !== undefined && (targetTable(target) === undefined || target.includes("/")))
            problems.push(targetProblem(target));
        return { inputs, problems };
    },

    async preflightCreate(context, inputs, adoption) {
        const { target, key, replaceExisting } = inputs;
        if (adoption !== undefined) return preflightAdoption(context, inputs, adoption.id);
        // Nothing to compare if a value is not known yet, or (below) if this run created the target.
        if (target === undefined || key === undefined || inputs.value === undefined) return undefined;
        const id = `${target}/${key}`;
        const owner = context.declarations.ownerOf(id) ?? context.urn;
        if (context.declarations.isMade(target) || context.declarations.isDropped(id) || owner !== context.urn)
            return undefined;
        const there = heldUnder(await context.metadata.peek(context, target), key);
        if (there === null || sameJson(there, inputs.value)) return undefined;
        if (!replaceExisting) return { inputs, problems: [taken(target, key)] };
        return { inputs, problems: [], says: () => `replaces the value of "${key}" on ${target}` };
    },

    async create(context, inputs) {
        const { target, key, value } = inputs;
        const id = `${target}/${key}`;
        const mayReplace = inputs.replaceExisting || inputs.adopted !== undefined;
        try {
            await context.metadata.change(context, target, (held) => {
                const there = heldUnder(present(target, held), key);
                if (there !== null && !mayReplace && !sameJson(there, value)) throw new Error(taken(target, key));
                return { [key]: value };
            });
        } catch (error) {
            throw mayHaveActed(error) ? new PartialFailure(id, { ...inputs, unsettled: [] }, error) : error;
        }
        return { id, state: inputs };
    },

    async read(context, id, state) {
        const { target, key } = parseTagId(id);
        // Blnk cannot delete a target: if it seems gone, all gone things are checked together. A missing key is ordinary drift.
        const value = await context.gone.around(() => context.refreshReads.value(target, key));
        if (value === undefined || value === null) return undefined;
        const { unsettled: _unsettled, drifted, ...inputs } = state;
        const isOthers = drifted || !sameJson(value, state.value);
        return { ...inputs, target, key, value, ...(isOthers ? { drifted: true } : {}) };
    },

    lookUps: {
        async byId(context, id) {
            const { target, key } = parseTagId(id);
            const value = heldUnder(await readMetadata(context.blnk, target), key);
            return value === null ? undefined : { target, key, value };
        },
    },

    async preflightUpdate(context, _id, state, inputs) {
        const { value, replaceExisting } = inputs;
        if (value === undefined || (sameJson(state.value, value) && !state.unsettled)) return;
        const { target, key } = state;
        const there = await context.refreshReads.value(target, key);
        compare({ [key]: there ?? null }, state, { value, replaceExisting });
    },

    async update(context, _id, state, inputs) {
        try {
            await context.metadata.change(context, inputs.target, (held) =>
                compare(present(inputs.target, held), state, inputs),
            );
        } catch (error) {
            if (!mayHaveActed(error)) throw error;
            throw new PartialFailure(undefined, { ...state, value: inputs.value, unsettled: [0] }, error);
        }
        return inputs;
    },

    async delete(context, id, state) {
        const { target, key } = parseTagId(id);
        const what = this.describe({ target, key });
        const declaredBy = context.declarations.ownerOf(id);
        if (declaredBy !== undefined) {
            context.warn(`${what} is now managed as ${labelOf(declaredBy)}`);
            return;
        }
        await context.metadata.change(context, target, (held) => {
            // A target that is gone holds no value either: nothing to clear.
            const there = heldUnder(held, key);
            if (there === null) return {};
            if (sameJson(there, state.value) && !state.drifted) return { [key]: null };
            context.warn(`${what} holds a value that this tag did not write; the value stays as it is`);
            return {};
        });
    },
};

async function preflightAdoption(
    context: OperationContext,
    inputs: Partial<MetadataTagInputs>,
    id: string,
): Promise<Preflight<MetadataTagInputs>> {
    const { target, key } = parseTagId(id);
    const held = heldUnder(await readMetadata(context.blnk, target), key);
    if (held === null)
        return { inputs, problems: [`cannot adopt ${id}: ${target} has no value under the metadata key "${key}"`] };
    const isChanged = inputs.value !== undefined && !sameJson(inputs.value, held);
    return {
        inputs: { target, key, value: held, ...inputs },
        problems: [...differs(id, "target", inputs.target, target), ...differs(id, "key", inputs.key, key)],
        says: adopts(id, undefined, isChanged ? ["value"] : []),
    };
}

/** The patch for a changed value. Throws if another writer has changed the key. */
function compare(
    held: Metadata,
    state: MetadataTagState,
    inputs: { readonly value: Json; readonly replaceExisting?: boolean | undefined },
): Metadata {
    const { target, key } = state;
    const { patch, taken: isTaken } = changeOfKeys({
        before: { [key]: state.value },
        now: { [key]: inputs.value },
        held,
        replaceExisting: inputs.replaceExisting,
        unsettled: keysAt(state.unsettled, { [key]: state.value }),
    });
    if (isTaken.length > 0) throw new Error(changedSince(target, key));
    return patch;
}

function changedSince(target: string, key: string): string {
    return (
        `another writer has changed the metadata key "${key}" of ${target} since this tag wrote it. Nothing was written. ` +
        `Set replaceExisting: true to replace that value, or run "pulumi refresh" to see it and let the declared value win.`
    );
}

function taken(target: string, key: string): string {
    return (
        `${target} already holds another value under "${key}", and others may rely on it. Choose another key, ` +
        `set replaceExisting: true to replace the value, or set adopt: "${target}/${key}" to manage it as it is`
    );
}

function parseTagId(id: string): { target: string; key: string } {
    const slash = id.indexOf("/");
    if (slash < 1)
        throw new Error(`"${id}" is not the id of a metadata tag. Such an id has the form "<id of the target>/<key>"`);
    return { target: id.slice(0, slash), key: id.slice(slash + 1) };
}

function targetProblem(target: string): string {
    if (target === "general_ledger_id") return "target is the General Ledger, which cannot carry metadata in Blnk";
    return (
        "target must be a ledger, balance, identity or transaction, or the id of one " +
        '("ldg_…", "bln_…", "idt_…", "txn_…")'
    );
}
