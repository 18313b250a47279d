import type { Hono } from "hono";
import type { Metadata } from "../json";
import { answer, databaseError, Refusal } from "./answers";
import { bind } from "./body";
import { tooLong } from "./rowLimit";
import type { CoreState } from "./state";
import type { Table } from "./table";

/** The metadata route of all kinds; the id's prefix says which. */
export function metadataRoutes(app: Hono, state: CoreState): void {
    app.post("/:id/metadata", async (c) => {
        const id = c.req.param("id");
        const { meta_data: patch } = await bind(c.req.raw, "MetadataRequest", { meta_data: "map" });
        if (patch === undefined) {
            const rule = "Error:Field validation for 'Metadata' failed on the 'required' tag";
            throw new Refusal(400, "GEN_MALFORMED_REQUEST", `Key: 'MetadataRequest.Metadata' ${rule}`);
        }
        if (JSON.stringify(patch).includes("\\u0000")) {
            throw databaseError(); // jsonb does not take the NUL character
        }
        if (/^(txn|bulk)_/.test(id)) {
            return answer(200, { meta_data: tagTransactions(state, id, patch) });
        }
        const table = tableOf(state, id);
        if (table === undefined) {
            throw new Refusal(400, "META_INVALID_ENTITY_ID", `invalid entity ID format: ${id}`);
        }
        return answer(200, { meta_data: await merge(state, table, id, patch) });
    });
}

/** The table an id's prefix names. */
export function tableOf(state: CoreState, id: string): Table<{ meta_data: Metadata | null }> | undefined {
    const tables: Record<string, object> = { ldg: state.ledgers, bln: state.balances, idt: state.identities };
    const table = tables[/^(ldg|bln|idt)_/.exec(id)?.[1] ?? ""];
    return table as Table<{ meta_data: Metadata | null }> | undefined;
}

/** Merges top-level keys, sorted as Go prints a map. */
export function mergeKeys(before: Metadata | null, patch: Metadata): Metadata {
    return Object.fromEntries(Object.entries({ ...before, ...patch }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Reads the column, merges in memory and writes the column back, without a lock: of two writers at once, the one that
 * writes first loses its keys, and both answer as if nothing had happened.
 */
async function merge(
    state: CoreState,
    table: Table<{ meta_data: Metadata | null }>,
    id: string,
    patch: Metadata,
): Promise<Metadata> {
    const before = table.get(id);
    if (before === undefined) {
        throw new Refusal(404, "META_ENTITY_NOT_FOUND", "entity not found");
    }
    const merged = mergeKeys(before.meta_data, patch);
    if (state.settings.metadataRace > 0) {
        await state.waiting.wait(state.settings.metadataRace);
    }
    // The trigger that limits the row's length fires on updates of balances only.
    if (id.startsWith("bln_") && tooLong("balance", merged)) {
        throw databaseError();
    }
    table.change(id, { meta_data: merged });
    return merged;
}

/** Transactions merge inside the database, on the row and its children; the answer is the patch alone. */
function tagTransactions(state: CoreState, id: string, patch: Metadata): Metadata {
    const rows = state.transactions.rows().filter((row) => row.transaction_id === id || row.parent_transaction === id);
    if (rows.length === 0) {
        throw new Refusal(404, "META_ENTITY_NOT_FOUND", "entity not found");
    }
    for (const row of rows) {
        state.transactions.change(row.transaction_id, { meta_data: mergeKeys(row.meta_data, patch) });
    }
    return patch;
}
